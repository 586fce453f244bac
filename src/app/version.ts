import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

/** The repository, or the `dist` of the published package, which has the same tree. */
export const PACKAGE_ROOT = path.resolve(import.meta.dirname, '../..');

const Package = z.object({ version: z.string() });

export const VERSION = Package.parse(JSON.parse(readFileSync(path.join(PACKAGE_ROOT, 'package.json'), 'utf8'))).version;
