import type { Duplex } from 'node:stream';
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
