import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { SUITES } from '../testing/suites.ts';
import { count, type Progress, progressOf } from './progress.ts';
import type { Proof } from './reporter.ts';
import { REQUIREMENTS } from './requirement.ts';
import { statusPage } from './status-page.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PAGE = path.join(ROOT, 'docs/implementation-status.md');

const suites = SUITES.filter(({ files }) => globSync([...files], { cwd: ROOT }).length > 0);
const unrun = suites.filter(({ name }) => !existsSync(resultsOf(name))).map(({ name }) => name);
const ran = suites.filter(({ name }) => !unrun.includes(name));
const progress = progressOf(
  REQUIREMENTS,
  ran.flatMap(({ name }) => readProofs(resultsOf(name))),
);

if (process.argv.includes('--check')) checkPage(statusPage(progress));
else if (unrun.length === 0) writeFileSync(PAGE, statusPage(progress));

if (!process.argv.includes('--check')) print(progress);
if (unrun.length > 0) {
  console.error(`No results of ${unrun.join(', ')}: run npm test first. docs/implementation-status.md is as it was.`);
  process.exitCode = 1;
}

function resultsOf(suite: string): string {
  return path.join(ROOT, '.test-results', `${suite}.jsonl`);
}

function readProofs(file: string): readonly Proof[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line): Proof => JSON.parse(line));
}

function checkPage(page: string): void {
  if (existsSync(PAGE) && readFileSync(PAGE, 'utf8') === page) return;
  console.error('docs/implementation-status.md is not what the tests show. Write it again: npm run requirements');
  process.exitCode = 1;
}

function print(all: readonly Progress[]): void {
  for (const { requirement, proven, missing } of all) {
    if (proven.size === 0) continue;
    const rest = missing.length === 0 ? '' : `  missing ${missing.join(' ')}`;
    console.log(`${requirement.id}  ${[...proven.keys()].join(' ')}${rest}`);
  }
  console.log(`${count(all, 'done')} of ${all.length} requirements done, ${count(all, 'begun')} begun.`);
}
