import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EvenkeelError } from '../../kernel/errors.ts';
import type { Vault } from '../vault.ts';
import { createAgeDecryption } from './age/decrypt.ts';
import type { AgeKeys } from './age/header.ts';
import type { BackupManifest } from './backup-manifest.ts';
import { errors } from './errors.ts';
import { createMeter, type MeterOptions, type Size } from './meter.ts';
import { unpack } from './packing.ts';

/** A dump as it lies in a vault, with what it must turn out to be. */
export interface StoredDump {
  readonly vault: Vault;
  readonly path: string;
  readonly sizes: Pick<BackupManifest['dump'], 'plain' | 'stored'>;
}

export interface Reading {
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}

/** Reads it to its end, still encrypted. Rejects with `BACKUP_DAMAGED` when it is not what was stored. */
export async function checkStored({ vault, path, sizes }: StoredDump, { signal, onBytes }: Reading): Promise<void> {
  const meter = createMeter({ onBytes, atEnd: mustBe(sizes.stored, 'the stored file') });
  meter.transform.resume();
  await pipeline(vault.read(path, signal), meter.transform);
}

/**
 * Hands the dump, decrypted and unpacked, to `consume`, and sees to it that it was read to its end and was, at both
 * ends, what it must be. When that is to blame it rejects with `BACKUP_DAMAGED`, `BACKUP_WRONG_KEY` or an error of the
 * vault, and otherwise with the error of `consume`.
 */
export async function withDump<Result>(
  { vault, path, sizes }: StoredDump,
  { keys, signal, onBytes }: Reading & { readonly keys: AgeKeys },
  consume: (dump: Readable) => Promise<Result>,
): Promise<Result> {
  const stored = createMeter({ atEnd: mustBe(sizes.stored, 'the stored file') });
  const plain = createMeter({ onBytes, atEnd: mustBe(sizes.plain, 'the dump') });
  const flow = pipeline(
    vault.read(path, signal),
    stored.transform,
    createAgeDecryption(keys),
    (packed: AsyncIterable<Uint8Array>) => unpack(packed, { bytesMax: sizes.plain.bytes }),
    plain.transform,
  );
  // What a consumer leaves is read all the same, and what it refuses is not.
  const consumed = consume(plain.transform).then(
    (result) => (plain.transform.resume(), result),
    (error: unknown) => (plain.transform.destroy(), Promise.reject(error)),
  );
  const [result, whole] = await Promise.allSettled([consumed, flow]);
  if (whole.status === 'rejected' && whole.reason instanceof EvenkeelError) throw whole.reason;
  if (result.status === 'rejected') throw result.reason;
  if (whole.status === 'rejected') throw whole.reason;
  return result.value;
}

function mustBe(expected: Size, what: string): Required<MeterOptions>['atEnd'] {
  return ({ bytes, sha256 }) => {
    if (bytes !== expected.bytes) {
      throw errors.BACKUP_DAMAGED({ problem: `${what} has ${bytes} bytes, and had ${expected.bytes}` });
    }
    if (sha256 !== expected.sha256)
      throw errors.BACKUP_DAMAGED({ problem: `${what} has another check sum than it had` });
  };
}
