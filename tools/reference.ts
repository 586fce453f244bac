import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { referencePages } from './reference/pages.ts';

const FOLDER = path.resolve(import.meta.dirname, '../docs/reference');

mkdirSync(FOLDER, { recursive: true });
for (const [name, text] of referencePages()) writeFileSync(path.join(FOLDER, name), text);
