import { execFileSync } from 'node:child_process';
import { cpSync, globSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/** Makes `dist/` for the package: below `node_modules` Node strips no types, so there it needs plain JavaScript. */
const ROOT = path.resolve(import.meta.dirname, '..');
const DIST = path.join(ROOT, 'dist');

/** What the program reads beside its own code. */
const BESIDE = ['package.json', 'src/**/*.css', 'examples/shop/{evenkeel.yaml,README.md}'];

rmSync(DIST, { recursive: true, force: true });
execFileSync(path.join(ROOT, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' });
for (const file of globSync(BESIDE, { cwd: ROOT })) cpSync(path.join(ROOT, file), path.join(DIST, file));

// What is built must at least be able to say what it is.
const version = execFileSync(process.execPath, [path.join(DIST, 'src/app/main.js'), 'version'], { encoding: 'utf8' });
process.stdout.write(`dist/ holds ${version}`);
