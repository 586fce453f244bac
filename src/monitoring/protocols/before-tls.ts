import type { Duplex } from 'node:stream';
import type { Target } from '../../kernel/net.ts';
import type { ProbeIo } from '../monitor-type.ts';
import { type ByteReader, readerOf } from './byte-reader.ts';
import { Complaint } from './conversation.ts';

/**
 * What has to be said in the clear before TLS starts (STARTTLS). Whatever follows the last word of it was slipped in by
 * somebody on the way, to be taken for something that came encrypted (CVE-2011-0411): it is refused.
 */
export async function talkBeforeTls(socket: Duplex, talk: (reader: ByteReader) => Promise<void>): Promise<void> {
  const chunks = socket.iterator({ destroyOnReturn: false });
  const reader = readerOf(chunks);
  await talk(reader);
  // Lets go of the socket, so that TLS can take it over.
  await chunks.return?.();
  if (reader.unread() > 0) throw new Complaint('goes on in the clear after it agreed to start TLS');
}

export interface Upgrade extends Pick<Target, 'host' | 'port'> {
  readonly tls: NonNullable<Target['tls']>;
  /** Whether the other side agreed to start TLS. */
  readonly ask: (reader: ByteReader, socket: Duplex) => Promise<boolean>;
  readonly isRequired: boolean;
}

class NotOffered extends Error {}

/** Encrypts where that is offered. Who offers none is called a second time, and talked to in the clear. */
export async function connectUpgraded({ ask, isRequired, ...target }: Upgrade, { net, signal }: ProbeIo) {
  const beforeTls = (socket: Duplex) =>
    talkBeforeTls(socket, async (reader) => {
      if (!(await ask(reader, socket))) throw new NotOffered();
    });
  try {
    return { socket: await net.tcp.connect({ ...target, beforeTls }, signal), isEncrypted: true };
  } catch (error) {
    if (!(error instanceof NotOffered)) throw error;
  }
  if (isRequired) throw new Complaint('offers no STARTTLS, and that is required');
  return { socket: await net.tcp.connect({ host: target.host, port: target.port }, signal), isEncrypted: false };
}
