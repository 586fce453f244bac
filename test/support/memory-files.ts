import path from 'node:path';
import type { Files } from '../../src/kernel/files.ts';
import { errors } from '../../src/platform/file-errors.ts';

/** A disk that lives in a map of absolute path to text, for tests that are about what the files say. */
export interface MemoryFiles extends Files {
  readonly texts: Map<string, string>;
}

export function memoryFiles(texts: Readonly<Record<string, string>>): MemoryFiles {
  const disk = new Map(Object.entries(texts));
  return {
    texts: disk,
    async read(file, { bytesMax }) {
      const text = disk.get(file);
      if (text !== undefined && Buffer.byteLength(text) > bytesMax)
        throw errors.FILE_TOO_LONG({ path: file, bytesMax });
      return text;
    },
    async list(folder) {
      const names = [...disk.keys()].filter((file) => file.startsWith(`${folder}/`));
      return [...new Set(names.map((file) => path.relative(folder, file).split('/')[0] ?? ''))].toSorted();
    },
    async create(file, text) {
      if (disk.has(file)) return false;
      disk.set(file, text);
      return true;
    },
    async replace(file, text) {
      disk.set(file, text);
    },
    async remove(file) {
      disk.delete(file);
    },
  };
}
