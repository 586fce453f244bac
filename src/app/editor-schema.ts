import path from 'node:path';
import type { Files } from '../kernel/files.ts';
import { manifestJsonSchema } from '../manifest/index.ts';

const FOLDER = '.evenkeel';
const SCHEMA_BYTES_MAX = 16_000_000;

/**
 * Puts the JSON Schema where the first line of a manifest tells editors to look for it, in a folder that version
 * control leaves alone. It is a convenience: a folder that cannot be written is no reason to fail.
 */
export async function writeEditorSchema(files: Files, folder: string): Promise<void> {
  const file = path.join(folder, FOLDER, 'schema.json');
  const text = `${JSON.stringify(await manifestJsonSchema())}\n`;
  try {
    await files.create(path.join(folder, FOLDER, '.gitignore'), '*\n');
    if ((await files.read(file, { bytesMax: SCHEMA_BYTES_MAX })) !== text) await files.replace(file, text);
  } catch {
    // Read-only deployments have no editor either.
  }
}
