import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../kernel/errors.ts';

export interface FolderFacts {
  readonly freeBytes: number;
  /** Why nothing can be put there; null when something can, and when the folder could be made. */
  readonly cause: string | null;
}

/** Whether this user can put something into a folder. One that is made when it is needed stands for the one above. */
export async function lookAtFolder(folder: string): Promise<FolderFacts> {
  const existing = await nearestExisting(folder);
  const { bavail, bsize } = await statfs(existing);
  const isFolder = (await stat(existing)).isDirectory();
  // Without the right to enter a folder nothing can be put into it.
  const cause = await access(existing, constants.W_OK | constants.X_OK).then(() => null, codeOf);
  return { freeBytes: bavail * bsize, cause: isFolder ? cause : 'ENOTDIR' };
}

async function nearestExisting(folder: string): Promise<string> {
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  return isThere || folder === path.dirname(folder) ? folder : nearestExisting(path.dirname(folder));
}
