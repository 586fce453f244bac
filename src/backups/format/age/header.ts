import type { Secret } from '../../../kernel/secret.ts';
import { errors } from '../errors.ts';
import { NONCE_BYTES } from './payload.ts';

/** What opens an age file: somebody's private keys, or the key of this one file. */
export type AgeKeys = { readonly identities: readonly Secret[] } | { readonly payloadKey: Secret };

/** Room for some hundred recipients. Nothing in it is authentic before all of it was read, so it has to end soon. */
const HEADER_BYTES_MAX = 64 * 1024;
const VERSION = 'age-encryption.org/v1\n';
const LAST_LINE = '\n--- ';

export interface FileStart {
  readonly header: Buffer;
  readonly nonce: Buffer;
  /** Where the payload begins. */
  readonly end: number;
}

/** Undefined while more is needed. Throws `BACKUP_DAMAGED` as soon as it cannot become the start of an age file. */
export function findStart(bytes: Buffer): FileStart | undefined {
  const version = bytes.subarray(0, VERSION.length).toString('latin1');
  if (!VERSION.startsWith(version)) throw errors.BACKUP_DAMAGED({ problem: 'it is not a file of age' });
  const last = bytes.indexOf(LAST_LINE);
  const length = last === -1 ? 0 : bytes.indexOf('\n', last + LAST_LINE.length) + 1;
  if ((length || bytes.length) > HEADER_BYTES_MAX) {
    throw errors.BACKUP_DAMAGED({ problem: `its header does not end within ${HEADER_BYTES_MAX} bytes` });
  }
  const end = length + NONCE_BYTES;
  if (length === 0 || bytes.length < end) return undefined;
  return { header: bytes.subarray(0, length), nonce: bytes.subarray(length, end), end };
}

/** The key of the file. Rejects with `BACKUP_WRONG_KEY` or `BACKUP_DAMAGED`. */
export async function openHeader(header: Uint8Array, keys: AgeKeys): Promise<Uint8Array> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  const identities = 'identities' in keys ? keys.identities : [];
  for (const identity of identities) add(decrypter, identity);
  if ('payloadKey' in keys) decrypter.addIdentity(knowing(keys.payloadKey));

  // Asked only when no key before it fits, and when the header is well-formed so far.
  let recipients: number | undefined;
  decrypter.addIdentity({ unwrapFileKey: ({ length }) => ((recipients = length), null) });
  try {
    return await decrypter.decryptHeader(header);
  } catch (cause) {
    if (recipients !== undefined) throw wrongKey(identities.length, recipients, cause);
    throw errors.BACKUP_DAMAGED({ problem: 'its header was changed' }, { cause });
  }
}

function wrongKey(tried: number, recipients: number, cause: unknown): Error {
  const said = {
    tried: tried === 1 ? 'The private key does not open' : `None of the ${tried} private keys opens`,
    recipients: recipients === 1 ? 'another key' : `${recipients} other keys`,
  };
  return errors.BACKUP_WRONG_KEY(said, { cause });
}

function knowing(payloadKey: Secret) {
  return { unwrapFileKey: () => Buffer.from(payloadKey.reveal(), 'base64') };
}

function add(decrypter: { addIdentity(identity: string): void }, identity: Secret): void {
  try {
    decrypter.addIdentity(identity.reveal());
  } catch {
    // The library's error quotes the key, so it may not even be the cause.
    throw errors.BACKUP_IDENTITY_INVALID({ name: identity.name, problem: 'it is misspelt' });
  }
}
