import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';

export type SnmpHash = 'sha' | 'sha256' | 'sha512';

interface Digest {
  readonly algorithm: string;
  /** So much of the digest is sent. */
  readonly bytes: number;
}

/** RFC 3414 §7, RFC 7860 §4. */
const DIGESTS: Readonly<Record<SnmpHash, Digest>> = {
  sha: { algorithm: 'sha1', bytes: 12 },
  sha256: { algorithm: 'sha256', bytes: 24 },
  sha512: { algorithm: 'sha512', bytes: 48 },
};

const STRETCHED_BYTES = 1024 * 1024;
const AES_KEY_BYTES = 16;

export function digestBytes(hash: SnmpHash): number {
  return DIGESTS[hash].bytes;
}

/** The key of a password for one agent (RFC 3414 §A.2). */
export function localizedKey(hash: SnmpHash, password: string, engine: Uint8Array): Buffer {
  const { algorithm } = DIGESTS[hash];
  const bytes = Buffer.from(password);
  const stretched = Buffer.alloc(STRETCHED_BYTES, bytes);
  const key = createHash(algorithm).update(stretched).digest();
  return createHash(algorithm).update(key).update(engine).update(key).digest();
}

export function digestOf(hash: SnmpHash, key: Uint8Array, message: Uint8Array): Buffer {
  const { algorithm, bytes } = DIGESTS[hash];
  return createHmac(algorithm, key).update(message).digest().subarray(0, bytes);
}

/** What the encryption begins with, beside the key (RFC 3826 §3.1.2.1). */
export interface Start {
  readonly boots: number;
  readonly time: number;
  readonly salt: Uint8Array;
}

export function encrypted(key: Uint8Array, start: Start, plain: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-128-cfb', key.subarray(0, AES_KEY_BYTES), vectorOf(start));
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

export function decrypted(key: Uint8Array, start: Start, secret: Uint8Array): Buffer {
  const cipher = createDecipheriv('aes-128-cfb', key.subarray(0, AES_KEY_BYTES), vectorOf(start));
  return Buffer.concat([cipher.update(secret), cipher.final()]);
}

function vectorOf({ boots, time, salt }: Start): Buffer {
  const vector = Buffer.alloc(16);
  vector.writeUInt32BE(boots, 0);
  vector.writeUInt32BE(time, 4);
  vector.set(salt.subarray(0, 8), 8);
  return vector;
}
