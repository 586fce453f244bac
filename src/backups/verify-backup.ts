import type { ProofLevel } from '../contracts/facts.ts';
import type { Secret } from '../kernel/secret.ts';
import type { BackupEngine, EngineIo } from './engine.ts';
import { checkStored, withDump } from './format/stored-dump.ts';
import type { OpenedBackup } from './open-backup.ts';
import type { Progress } from './progress.ts';

export interface ReadTools extends EngineIo {
  readonly progress: Progress;
  /** Private age keys; without any of them nothing is decrypted. */
  readonly identities: readonly Secret[];
}

/** Reads it to its end. Without a key that is as far as `stored`: it is what was written, whatever is in it. */
export async function verifyBackup(
  { dump }: OpenedBackup,
  engine: BackupEngine,
  { progress, identities, ...io }: ReadTools,
): Promise<Extract<ProofLevel, 'stored' | 'readable'>> {
  const reading = { signal: io.signal, onBytes: (bytes: number) => progress.add(bytes) };
  progress.enter('checking');
  await checkStored(dump, reading);
  if (identities.length === 0) return 'stored';
  progress.enter('reading');
  await withDump(dump, { ...reading, keys: { identities } }, (plain) => engine.readThrough(plain, io));
  return 'readable';
}
