import { access, constants, glob, stat } from 'node:fs/promises';
import path from 'node:path';

/** Folders that match a pattern come first, the highest version first; then the PATH in its own order. */
export async function findProgram(
  name: string,
  folders: readonly string[],
  searchPath: string,
): Promise<string | undefined> {
  const matching = await Promise.all(folders.map(async (pattern) => newestFirst(await Array.fromAsync(glob(pattern)))));
  const onPath = searchPath.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  for (const folder of [...matching.flat(), ...onPath]) {
    const file = path.join(folder, name);
    if (await isProgram(file)) return file;
  }
  return undefined;
}

function newestFirst(folders: readonly string[]): readonly string[] {
  return folders.toSorted((one, other) => other.localeCompare(one, 'en', { numeric: true }));
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
