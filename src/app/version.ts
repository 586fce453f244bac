import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

/** The same distance up from `src/app` and from `dist/app`. */
export const PACKAGE_ROOT = path.resolve(import.meta.dirname, '../..');

const Package = z.object({ version: z.string() });

export const VERSION = Package.parse(JSON.parse(readFileSync(path.join(PACKAGE_ROOT, 'package.json'), 'utf8'))).version;
