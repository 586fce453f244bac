import { Complaint } from './conversation.ts';
import { int32, type KafkaWire, text } from './kafka-wire.ts';
import { prepared, scramClient } from './scram.ts';
import { shown } from './shown.ts';

export interface KafkaLogin {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly user: string;
  readonly password: string;
  /** Fresh for each login, printable and without a comma. */
  readonly nonce: string;
}

const HANDSHAKE = { key: 17, version: 1 };
const AUTHENTICATE = { key: 36, version: 0 };
const UNSUPPORTED_MECHANISM = 33;
const HASHES = { 'SCRAM-SHA-256': 'sha256', 'SCRAM-SHA-512': 'sha512' } as const;

/** SASL as https://kafka.apache.org/protocol#sasl_handshake lays down. Throws a `Complaint`. */
export async function logIn(wire: KafkaWire, login: KafkaLogin): Promise<void> {
  const handshake = await wire.ask(HANDSHAKE, text(login.mechanism));
  const code = handshake.int16();
  if (code === UNSUPPORTED_MECHANISM) {
    const offered = handshake.array(() => handshake.text() ?? '').join(', ');
    throw new Complaint(`offers no login with ${login.mechanism}, but with ${shown(offered)}`);
  }
  if (code !== 0) throw new Complaint(`refused to begin a login, with the error ${code}`);
  if (login.mechanism === 'PLAIN') await say(wire, login, `\u0000${login.user}\u0000${login.password}`);
  else await scram(wire, login, HASHES[login.mechanism]);
}

async function scram(wire: KafkaWire, login: KafkaLogin, hash: 'sha256' | 'sha512'): Promise<void> {
  const { user, password, nonce } = login;
  const client = scramClient({ hash, user, password: prepared(password), nonce });
  const challenge = await say(wire, login, client.first);
  const last = await say(wire, login, await client.prove(challenge));
  if (!client.isProved(last)) throw new Complaint('cannot prove that it knows the password too');
}

/** The words of the server are left out where it refuses: it may repeat what it was told. */
async function say(wire: KafkaWire, { user }: KafkaLogin, words: string): Promise<string> {
  const bytes = Buffer.from(words);
  const answer = await wire.ask(AUTHENTICATE, Buffer.concat([int32(bytes.length), bytes]));
  if (answer.int16() !== 0) throw new Complaint(`rejects the password for user ${user}`);
  answer.text();
  return answer.bytes().toString();
}
