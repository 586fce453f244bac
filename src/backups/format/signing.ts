import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { Secret } from '../../kernel/secret.ts';
import { errors } from './errors.ts';

/** Signs what we make, so that nobody else's can be slipped in: anybody can encrypt for a public age key. */
export interface SigningKey {
  /** As it stands in `keys.signers`: `ed25519:` and the 32 bytes of the key in base64. */
  readonly signer: string;
  /** 64 bytes, as `openssl pkeyutl -verify -rawin` takes them. */
  sign(bytes: Uint8Array): Uint8Array;
}

export interface NewSigningKey {
  /** PKCS #8 in PEM, as `openssl genpkey -algorithm ed25519` writes it. */
  readonly pem: Secret;
  readonly signer: string;
}

const PREFIX = 'ed25519:';
const SIGNER = /^ed25519:[A-Za-z0-9+/]{43}=$/;

export function generateSigningKey(): NewSigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  return { pem: new Secret(pem, 'signing key'), signer: signerOf(publicKey) };
}

/** `pem` is the text of the key's file, named after where it is. Throws `BACKUP_SIGNING_KEY_INVALID`. */
export function readSigningKey(pem: Secret): SigningKey {
  const key = privateKeyIn(pem);
  if (key?.asymmetricKeyType !== 'ed25519') throw errors.BACKUP_SIGNING_KEY_INVALID({ name: pem.name });
  return { signer: signerOf(createPublicKey(key)), sign: (bytes) => sign(null, bytes, key) };
}

export interface Signed {
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
  /** Who is said to have signed. */
  readonly signer: string;
}

/**
 * Returns when one of `trusted` signed exactly these bytes. Throws `BACKUP_SIGNATURE_INVALID` when it was not who they
 * say, `BACKUP_SIGNER_UNKNOWN` when it was, but that one is none of `trusted`, and `BACKUP_SIGNER_INVALID` for a word in
 * `trusted` that is no key.
 */
export function verifySignature({ bytes, signature, signer }: Signed, trusted: readonly string[]): void {
  const believed = new Set(trusted.map((known) => signerOf(publicKeyOf(known))));
  const key = keyIn(signer);
  if (key === undefined || !verify(null, bytes, key, signature)) {
    throw errors.BACKUP_SIGNATURE_INVALID({ signer: key === undefined ? 'a key we know' : signer });
  }
  if (!believed.has(signer)) throw errors.BACKUP_SIGNER_UNKNOWN({ signer, count: trusted.length });
}

/** The public key as openssl reads it. */
export function signerPem(signer: string): string {
  return publicKeyOf(signer).export({ type: 'spki', format: 'pem' });
}

/** Of any public key: short enough to be compared by eye, e.g. `3f2a 91c0 77de 04b8`. */
export function fingerprintOf(publicKey: string): string {
  return hash('sha256', publicKey)
    .slice(0, 16)
    .replaceAll(/(.{4})(?=.)/g, '$1 ');
}

function publicKeyOf(signer: string): KeyObject {
  const key = keyIn(signer);
  // Not whole: it may be anything that was copied by mistake.
  if (key === undefined) throw errors.BACKUP_SIGNER_INVALID({ signer: `${signer.slice(0, 16)}…` });
  return key;
}

function keyIn(signer: string): KeyObject | undefined {
  const text = signer.slice(PREFIX.length);
  const x = Buffer.from(text, 'base64');
  // The last letter can have bits that belong to no byte: another spelling of the same key, which nobody needs.
  if (!SIGNER.test(signer) || x.toString('base64') !== text) return undefined;
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: x.toString('base64url') }, format: 'jwk' });
}

function signerOf(publicKey: KeyObject): string {
  return `${PREFIX}${Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')}`;
}

function privateKeyIn(pem: Secret): KeyObject | undefined {
  try {
    return createPrivateKey(pem.reveal());
  } catch {
    return undefined;
  }
}
