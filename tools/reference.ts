import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { referencePages } from './reference/pages.ts';

const FOLDER = path.resolve(import.meta.dirname, '../docs/reference');

rmSync(FOLDER, { recursive: true, force: true });
for (const [name, text] of referencePages()) {
  const file = path.join(FOLDER, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
