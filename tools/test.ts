import process from 'node:process';
import { failuresIn, hasFiles, runSuite, runTool, type Step } from './testing/step.ts';
import { SUITES } from './testing/suites.ts';
import { closing, isGood, sum, type Tally } from './testing/tally.ts';

// `npm test` runs everything; `npm run check` is what needs no server: `node tools/test.ts check`. Suites can be
// named as well: `node tools/test.ts integration e2e`.

const TOOLS: readonly Step[] = [
  { name: 'types', argv: ['tsc', '-p', '.'] },
  { name: 'lint', argv: ['oxlint', '--deny-warnings'] },
  { name: 'format', argv: ['biome', 'check', '.'] },
  { name: 'dead code', argv: ['knip'] },
];

/** Only a whole run has all the proofs that the page is made of. */
const STATUS_PAGE: Step = {
  name: 'docs/implementation-status.md',
  argv: ['node', 'tools/requirements/report.ts', '--check'],
};

const startedAt = performance.now();
const asked = process.argv.slice(2);
const tallies = new Map<string, Tally>();

for (const step of isAsked('check') ? TOOLS : []) tallies.set(step.name, await runTool(step));
for (const suite of SUITES.filter(({ name }) => isAsked(name) || (name === 'unit' && isAsked('check')))) {
  if (hasFiles(suite)) tallies.set(suite.name, await runSuite(suite));
}
if (asked.length === 0) tallies.set(STATUS_PAGE.name, await runTool(STATUS_PAGE));

const failed = [...tallies].filter(([, tally]) => !isGood(tally)).map(([name]) => name);
const total = sum([...tallies.values()]);
if (total.tests === 0) failed.push('nothing was run');
console.log('');
for (const name of failed) console.log(failuresIn(name));
if (failed.length > 0) console.log(`✖ Not good: ${failed.join(', ')}`);
console.log(closing(total, performance.now() - startedAt));
process.exitCode = failed.length > 0 ? 1 : 0;

function isAsked(name: string): boolean {
  return asked.length === 0 || asked.includes(name);
}
