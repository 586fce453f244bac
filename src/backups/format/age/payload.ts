import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

/** The payload of an age file, https://age-encryption.org/v1: chunks of this size, sealed one by one. */
export const CHUNK_BYTES = 64 * 1024;
export const TAG_BYTES = 16;
export const SEALED_BYTES = CHUNK_BYTES + TAG_BYTES;
/** What stands between header and payload, and makes the key of the payload one of its own. */
export const NONCE_BYTES = 16;

const CIPHER = 'chacha20-poly1305';
const COUNTER_BYTES = 11;

export function payloadKeyOf(fileKey: Uint8Array, nonce: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', 32));
}

export interface Sealer {
  /** In several parts, to be put one behind the other. */
  seal(plain: Uint8Array, place: ChunkPlace): readonly Buffer[];
}

export interface Opener {
  /** The next chunk; undefined when it is not what was sealed at this place. Then the same place can be asked again. */
  open(sealed: Uint8Array, place: ChunkPlace): Buffer | undefined;
}

/** The last chunk is sealed differently, so that a file cut off between two chunks does not open. */
export type ChunkPlace = 'inner' | 'last';

export function createSealer(key: Uint8Array): Sealer {
  const nonce = new Uint8Array(COUNTER_BYTES + 1);
  return {
    seal(plain, place) {
      const cipher = createCipheriv(CIPHER, key, at(nonce, place), { authTagLength: TAG_BYTES });
      const sealed = cipher.update(plain);
      cipher.final();
      advance(nonce);
      return [sealed, cipher.getAuthTag()];
    },
  };
}

export function createOpener(key: Uint8Array): Opener {
  const nonce = new Uint8Array(COUNTER_BYTES + 1);
  return {
    open(sealed, place) {
      if (sealed.length < TAG_BYTES) return undefined;
      const decipher = createDecipheriv(CIPHER, key, at(nonce, place), { authTagLength: TAG_BYTES });
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      const plain = decipher.update(sealed.subarray(0, -TAG_BYTES));
      if (!isAuthentic(decipher)) return undefined;
      advance(nonce);
      return plain;
    },
  };
}

function isAuthentic(decipher: { final(): Buffer }): boolean {
  try {
    decipher.final();
    return true;
  } catch {
    return false;
  }
}

function at(nonce: Uint8Array, place: ChunkPlace): Uint8Array {
  nonce[COUNTER_BYTES] = place === 'last' ? 1 : 0;
  return nonce;
}

/** Counts the chunks in all the 88 bits there are, most significant byte first. */
export function advance(nonce: Uint8Array): void {
  for (let index = COUNTER_BYTES - 1; index >= 0; index -= 1) {
    const next = ((nonce[index] ?? 0) + 1) % 256;
    nonce[index] = next;
    if (next !== 0) return;
  }
  throw new Error('There are more chunks than an age file can have.');
}
