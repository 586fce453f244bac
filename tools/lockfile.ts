import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { completed, type Lockfile, missingFrom } from './lockfile/complete.ts';

// Run this after each change of the dependencies: `node tools/lockfile.ts`.
const FILE = path.resolve(import.meta.dirname, '../package-lock.json');

const lock: Lockfile = JSON.parse(readFileSync(FILE, 'utf8'));
writeFileSync(FILE, `${JSON.stringify(completed(lock), null, 2)}\n`);
console.log(`Added ${Object.keys(missingFrom(lock)).length} packages of other platforms.`);
