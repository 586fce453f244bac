import { Transform } from 'node:stream';
import type { Encrypter } from 'age-encryption';
import { Secret } from '../../../kernel/secret.ts';
import { errors } from '../errors.ts';
import { CHUNK_BYTES, type ChunkPlace, createSealer, NONCE_BYTES, payloadKeyOf } from './payload.ts';
import { createPieces } from './pieces.ts';

const RECIPIENTS_MIN = 2;
/** A plain X25519 key: what every `age` there is can open. */
const RECIPIENT = /^age1[0-9a-z]{58}$/;

export interface AgeEncryption {
  /** Takes what is to be encrypted and gives an age file. */
  readonly transform: Transform;
  /** The key of this one file, with which it can be read back without anybody's private key. */
  readonly payloadKey: Secret;
}

/**
 * Writes an age file that each of the recipients can open, in constant memory. Rejects with `BACKUP_RECIPIENT_INVALID`,
 * and with `BACKUP_RECIPIENTS_TOO_FEW` when there are not two: a key that is lost may not take all backups with it.
 */
export async function createAgeEncryption(recipients: readonly string[]): Promise<AgeEncryption> {
  const { start, fileKey, nonce } = await startOfFile(new Set(recipients));
  const sealer = createSealer(payloadKeyOf(fileKey, nonce));
  const pieces = createPieces(CHUNK_BYTES);
  const seal = (piece: Buffer, place: ChunkPlace) => {
    for (const part of sealer.seal(piece, place)) transform.push(part);
  };
  const transform = new Transform({
    transform(data: Buffer, _encoding, done) {
      pieces.add(data, (piece) => seal(piece, 'inner'));
      done();
    },
    flush(done) {
      seal(pieces.last(), 'last');
      done();
    },
  });
  transform.push(start);
  return { transform, payloadKey: new Secret(fileKey.toString('base64'), 'key of one backup') };
}

interface StartOfFile {
  /** The header and the nonce behind it. */
  readonly start: Buffer;
  readonly fileKey: Buffer;
  readonly nonce: Uint8Array;
}

/** The library writes it. The payload, where it is slow, it never gets to see: its input does not begin. */
async function startOfFile(recipients: ReadonlySet<string>): Promise<StartOfFile> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  for (const recipient of recipients) add(encrypter, recipient);
  if (recipients.size < RECIPIENTS_MIN) throw errors.BACKUP_RECIPIENTS_TOO_FEW({ count: recipients.size });

  let fileKey = Buffer.alloc(0);
  // A recipient that is told the key and leaves no trace in the header.
  const listener = { wrapFileKey: (key: Uint8Array) => ((fileKey = Buffer.from(key)), []) };
  encrypter.addRecipient(listener);
  const file = (await encrypter.encrypt(new ReadableStream())).getReader();
  const header = await file.read();
  const nonce = await file.read();
  await file.cancel();
  if (header.value === undefined || nonce.value?.length !== NONCE_BYTES || fileKey.length === 0) {
    throw new Error('age-encryption no longer begins a file with its header and then its nonce.');
  }
  return { start: Buffer.concat([header.value, nonce.value]), fileKey, nonce: nonce.value };
}

function add(encrypter: Encrypter, recipient: string): void {
  try {
    if (!RECIPIENT.test(recipient)) throw new Error('It is of another kind.');
    encrypter.addRecipient(recipient);
  } catch {
    // Not whole, for by mistake it may be a private key.
    throw errors.BACKUP_RECIPIENT_INVALID({ recipient: `${recipient.slice(0, 12)}…` });
  }
}
