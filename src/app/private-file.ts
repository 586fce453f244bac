import { chmod, open } from 'node:fs/promises';
import { codeOf } from '../kernel/errors.ts';
import type { Files } from '../kernel/files.ts';

const PRIVATE = 0o600;

/** Writes a text with secrets in it: whoever else is on this machine cannot read it, not for an instant. */
export async function writePrivately(files: Files, file: string, text: string): Promise<void> {
  try {
    await (await open(file, 'wx', PRIVATE)).close();
  } catch (error) {
    // What is there keeps what stands in it, and is closed to others before more is added.
    if (codeOf(error) !== 'EEXIST') throw error;
    await chmod(file, PRIVATE);
  }
  // A file that is replaced keeps its mode.
  await files.replace(file, text);
}
