import { constants, createHash, publicEncrypt } from 'node:crypto';
import { Complaint } from './conversation.ts';

/** How many bytes a server wants to see mixed into the password. */
export const NONCE_BYTES = 20;

export interface Challenge {
  readonly password: string;
  readonly nonce: Buffer;
  /** Nobody on the way can read along. */
  readonly isEncrypted: boolean;
}

/**
 * What proves the password at once, by method; undefined for a method that is not known here. The methods:
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_authentication_methods.html
 */
export function proofOf(method: string, challenge: Challenge): Buffer | undefined {
  const { password, nonce, isEncrypted } = challenge;
  if (method === 'mysql_native_password') return password === '' ? Buffer.alloc(0) : nativeProof(password, nonce);
  if (method === 'caching_sha2_password') return password === '' ? Buffer.alloc(0) : sha2Proof(password, nonce);
  if (method === 'sha256_password') return isEncrypted ? inTheClear(password) : WANT_KEY_SHA256;
  if (method === 'mysql_clear_password' && isEncrypted) return inTheClear(password);
  return undefined;
}

/** Asks for the key to encrypt the password with. */
const WANT_KEY_SHA256 = Buffer.from([1]);
const WANT_KEY_CACHING = Buffer.from([2]);
const PROVED = 3;
const WANT_PASSWORD = 4;

/** What to answer when a server says more about a method: undefined for nothing. */
export function answerTo(said: Buffer, method: string, challenge: Challenge): Buffer | undefined {
  const { password, isEncrypted } = challenge;
  const isCaching = method === 'caching_sha2_password';
  if (isCaching && said.length === 1 && said[0] === PROVED) return undefined;
  if (isCaching && said.length === 1 && said[0] === WANT_PASSWORD)
    return isEncrypted ? inTheClear(password) : WANT_KEY_CACHING;
  if (isCaching || method === 'sha256_password') return encrypted(said, challenge);
  throw new Complaint('does not answer as MySQL does');
}

function nativeProof(password: string, nonce: Buffer): Buffer {
  const once = hash('sha1', password);
  return xor(once, hash('sha1', nonce, hash('sha1', once)));
}

function sha2Proof(password: string, nonce: Buffer): Buffer {
  const once = hash('sha256', password);
  return xor(once, hash('sha256', hash('sha256', once), nonce));
}

function encrypted(key: Buffer, { password, nonce }: Challenge): Buffer {
  const mixed = xor(inTheClear(password), nonce);
  try {
    return publicEncrypt({ key: key.toString(), padding: constants.RSA_PKCS1_OAEP_PADDING }, mixed);
  } catch {
    throw new Complaint('sends a key that is none to encrypt the password with');
  }
}

function inTheClear(password: string): Buffer {
  return Buffer.from(`${password}\0`);
}

function hash(name: 'sha1' | 'sha256', ...parts: readonly (Buffer | string)[]): Buffer {
  const sum = createHash(name);
  for (const part of parts) sum.update(part);
  return sum.digest();
}

function xor(bytes: Buffer, with_: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, index) => byte ^ (with_[index % with_.length] ?? 0)));
}
