import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { codeOf } from '../kernel/errors.ts';
import { errors } from './errors.ts';

/**
 * Makes the folder of a probe, for this user only, and holds it until the function returned is called or the process
 * is gone: two probes in one folder would measure everything twice. A lock of SQLite ends with its process, however
 * that ends.
 */
export async function claimProbeFolder(folder: string): Promise<() => void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw errors.DATA_FOLDER_UNUSABLE({ folder, cause: codeOf(cause) }, { cause });
  }
  const lock = new DatabaseSync(path.join(folder, 'probe.lock'));
  try {
    lock.exec('begin exclusive');
  } catch (cause) {
    lock.close();
    throw errors.PROBE_ALREADY_RUNNING({ folder }, { cause });
  }
  return () => lock.close();
}
