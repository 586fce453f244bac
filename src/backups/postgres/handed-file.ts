import { lchown, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Puts a file into a folder of somebody else, for whom alone it is; returns its path. Others may run as that user and
 * put things there, too: nothing of theirs is written through.
 */
export async function handFile(folder: string, name: string, content: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content, { mode: 0o600, flag: 'wx' });
  const { uid, gid } = await stat(folder);
  await lchown(file, uid, gid);
  return file;
}
