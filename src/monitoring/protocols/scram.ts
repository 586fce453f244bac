import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Complaint } from './conversation.ts';

export interface ScramAsker {
  readonly hash: 'sha1' | 'sha256' | 'sha512';
  readonly user: string;
  /** As the product wants it mixed in: prepared, or a digest of it. */
  readonly password: string;
  /** Fresh for each login, printable and without a comma. */
  readonly nonce: string;
}

export interface Scram {
  /** What the client says first. */
  readonly first: string;
  /** What it says second. Throws a `Complaint` when the server's first is none, or would keep us busy. */
  readonly prove: (serverFirst: string) => Promise<string>;
  /** Whether the server knows the password too. */
  readonly isProved: (serverFinal: string) => boolean;
}

const ROUNDS_MIN = 4096;
const ROUNDS_MAX = 200_000;
const BYTES = { sha1: 20, sha256: 32, sha512: 64 };
const derive = promisify(pbkdf2);

/** The client of SCRAM without channel binding (RFC 5802, RFC 7677). */
export function scramClient({ hash, user, password, nonce }: ScramAsker): Scram {
  const own = `n=${user.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
  const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
  let expected: Buffer | undefined;
  return {
    first: `n,,${own}`,
    async prove(serverFirst) {
      const { both, salt, rounds } = challengeIn(serverFirst, nonce);
      const salted = await derive(password, salt, rounds, BYTES[hash], hash);
      const clientKey = hmac(salted, 'Client Key');
      const storedKey = createHash(hash).update(clientKey).digest();
      const bare = `c=biws,r=${both}`;
      const all = `${own},${serverFirst},${bare}`;
      const signature = hmac(storedKey, all);
      const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
      expected = hmac(hmac(salted, 'Server Key'), all);
      return `${bare},p=${proof.toString('base64')}`;
    },
    isProved(serverFinal) {
      const [, said = ''] = /^v=(?<said>[A-Za-z0-9+/=]+)/.exec(serverFinal) ?? [];
      const actual = Buffer.from(said, 'base64');
      return expected !== undefined && actual.length === expected.length && timingSafeEqual(actual, expected);
    },
  };
}

const FIRST = /^r=(?<both>[\x21-\x2b\x2d-\x7e]+),s=(?<salt>[A-Za-z0-9+/=]{1,1024}),i=(?<rounds>\d{1,7})(?:,.*)?$/;

/** Both nonces, the salt, and how often to mix it in. */
function challengeIn(serverFirst: string, nonce: string) {
  const { both, salt, rounds } = FIRST.exec(serverFirst)?.groups ?? {};
  const count = Number(rounds);
  const isFresh = both !== undefined && both.startsWith(nonce) && both !== nonce;
  if (!isFresh || salt === undefined || count < ROUNDS_MIN || count > ROUNDS_MAX)
    throw new Complaint('begins a login (SCRAM) that no client may go on with');
  return { both, salt: Buffer.from(salt, 'base64'), rounds: count };
}

/** A password as SCRAM-SHA-256 wants it (SASLprep, RFC 4013): other ways to write the same come out the same. */
export function prepared(password: string): string {
  return password.replaceAll(SPACES, ' ').replaceAll(UNSEEN, '').normalize('NFKC');
}

/** RFC 3454, tables C.1.2 and B.1. */
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
const UNSEEN = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|[\u200b-\u200d]|\u2060|[\ufe00-\ufe0f]|\ufeff/g;
