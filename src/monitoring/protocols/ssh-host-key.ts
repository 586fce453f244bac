import { createHash, createPublicKey, type VerifyKeyObjectInput, verify } from 'node:crypto';
import { type Fields, fieldsOf, SshUnreadable } from './ssh-wire.ts';

/** Ways to sign, by the kind of key they need; the ones to be preferred first. */
export const KEY_KINDS = [
  ['ssh-ed25519'],
  ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  ['rsa-sha2-512', 'rsa-sha2-256'],
] as const;

interface Curve {
  readonly crv: string;
  /** Of one coordinate. */
  readonly bytes: number;
  readonly hash: string;
}

/** RFC 5656 §10.1. */
const CURVES: ReadonlyMap<string, Curve> = new Map([
  ['nistp256', { crv: 'P-256', bytes: 32, hash: 'sha256' }],
  ['nistp384', { crv: 'P-384', bytes: 48, hash: 'sha384' }],
  ['nistp521', { crv: 'P-521', bytes: 66, hash: 'sha512' }],
]);

const RSA_HASHES: ReadonlyMap<string, string> = new Map([
  ['rsa-sha2-256', 'sha256'],
  ['rsa-sha2-512', 'sha512'],
]);

/** As `ssh-keygen -l` prints it. */
export function fingerprintOf(hostKey: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(hostKey).digest('base64').replaceAll('=', '')}`;
}

/** Whether the one who has this key signed this hash. Throws `SshUnreadable`, and nothing else. */
export function isSignedBy(hostKey: Buffer, signature: Buffer, hash: Buffer): boolean {
  const key = fieldsOf(hostKey);
  const kind = key.text().toString('latin1');
  const signed = fieldsOf(signature);
  const algorithm = signed.text().toString('latin1');
  try {
    if (kind === 'ssh-ed25519') {
      const input = keyFrom({ kty: 'OKP', crv: 'Ed25519', x: key.text().toString('base64url') });
      return algorithm === kind && verify(null, hash, input, signed.text());
    }
    if (kind === 'ssh-rsa') return isSignedByRsa(key, { algorithm, signed, hash });
    return algorithm === kind && isSignedByCurve(key, signed, hash);
  } catch (cause) {
    if (cause instanceof SshUnreadable) throw cause;
    throw new SshUnreadable('shows a host key that cannot be read.', { cause });
  }
}

interface RsaSignature {
  readonly algorithm: string;
  readonly signed: Fields;
  readonly hash: Buffer;
}

/** RFC 8332 §3. */
function isSignedByRsa(key: Fields, { algorithm, signed, hash }: RsaSignature): boolean {
  const digest = RSA_HASHES.get(algorithm);
  const e = key.text().toString('base64url');
  const n = key.text().toString('base64url');
  return digest !== undefined && verify(digest, hash, keyFrom({ kty: 'RSA', e, n }), signed.text());
}

/** RFC 5656 §3.1. */
function isSignedByCurve(key: Fields, signed: Fields, hash: Buffer): boolean {
  const curve = CURVES.get(key.text().toString('latin1'));
  const point = key.text();
  if (curve === undefined || point.length !== 1 + 2 * curve.bytes || point[0] !== 4) return false;
  const x = point.subarray(1, 1 + curve.bytes).toString('base64url');
  const y = point.subarray(1 + curve.bytes).toString('base64url');
  const numbers = fieldsOf(signed.text());
  const both = Buffer.concat([fixed(numbers.text(), curve.bytes), fixed(numbers.text(), curve.bytes)]);
  const input = keyFrom({ kty: 'EC', crv: curve.crv, x, y });
  return verify(curve.hash, hash, { ...input, dsaEncoding: 'ieee-p1363' }, both);
}

function keyFrom(key: Readonly<Record<string, string>>): VerifyKeyObjectInput {
  return { key: createPublicKey({ key, format: 'jwk' }) };
}

/** A number with as many bytes as it takes, or with a zero before it, in a fixed number of bytes. */
function fixed(number: Buffer, bytes: number): Buffer {
  const digits = number.subarray(Math.max(0, number.length - bytes));
  return Buffer.concat([Buffer.alloc(bytes - digits.length), digits]);
}
