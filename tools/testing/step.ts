import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Suite } from './suites.ts';
import { countIn, type Tally } from './tally.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const BIN = path.join(ROOT, 'node_modules/.bin');
const RESULTS = path.join(ROOT, '.test-results');
const TOOL_MS_MAX = 120_000;
/** What test/support/sweep.ts reads. */
const FOR_TESTS = ['EVENKEEL_SEED', 'EVENKEEL_SWEEP'];
const PIPE_MS_MAX = 5_000;

export interface Step {
  readonly name: string;
  readonly argv: readonly string[];
}

/** A tool from node_modules; it counts as one test. */
export async function runTool({ name, argv }: Step): Promise<Tally> {
  const startedAt = performance.now();
  const [program = '', ...rest] = argv;
  const said: string[] = [];
  const exitCode = await run({ argv: [path.join(BIN, program), ...rest], onLine: (line) => void said.push(line) });
  const durationMs = performance.now() - startedAt;
  const isOk = exitCode === 0;
  if (!isOk) console.log(said.join('\n'));
  console.log(`${isOk ? '✔' : '✖'} ${name} (${durationMs.toFixed(0)}ms)`);
  return { tests: 1, [isOk ? 'pass' : 'fail']: 1 };
}

/** A suite under Node's test runner; its claims on requirements go to `.test-results/`. */
export async function runSuite(suite: Suite): Promise<Tally> {
  if (!hasFiles(suite)) return {};
  const proofs = path.join(RESULTS, `${suite.name}.jsonl`);
  mkdirSync(RESULTS, { recursive: true });
  const failures = failuresFile(suite.name);
  for (const file of [proofs, failures]) rmSync(file, { force: true });
  console.log(`\n${suite.name}`);
  const startedAt = performance.now();
  let tally: Tally = {};
  const argv = [
    process.execPath,
    // Three reporters listen to one stream, which Node takes for a leak.
    '--disable-warning=MaxListenersExceededWarning',
    '--test',
    ...(suite.isOneProcess ? ['--test-isolation=none'] : [`--test-concurrency=${suite.concurrency}`]),
    `--test-timeout=${suite.timeoutMs}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=./tools/requirements/reporter.ts',
    `--test-reporter-destination=${proofs}`,
    '--test-reporter=./tools/testing/failures.ts',
    `--test-reporter-destination=${failures}`,
    ...suite.files,
  ];
  const onLine = (line: string) => {
    const counted = countIn(line);
    if (counted === undefined) console.log(line);
    else tally = { ...tally, ...counted };
  };
  const exitCode = await run({ argv, onLine, silenceMsMax: suite.timeoutMs });
  console.log(`ℹ ${suite.name} took ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
  // A runner that died before its summary must not look like one that had nothing to say.
  const isLost = exitCode !== 0 && (tally.fail ?? 0) + (tally.cancelled ?? 0) === 0;
  return isLost ? { ...tally, tests: (tally.tests ?? 0) + 1, fail: 1 } : tally;
}

/** What failed in the latest run of a suite, for people. */
export function failuresIn(name: string): string {
  const file = failuresFile(name);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function failuresFile(suite: string): string {
  return path.join(RESULTS, `${suite}.failures.txt`);
}

/** A suite that is still to be written is none yet. */
export function hasFiles({ files }: Suite): boolean {
  return globSync([...files], { cwd: ROOT }).length > 0;
}

interface Run {
  readonly argv: readonly string[];
  readonly onLine: (line: string) => void;
  readonly silenceMsMax?: number;
}

/**
 * Node's own time limit is for tests: a file whose tests are over, but whose sockets are not, would be waited for
 * without end. Asked to stop, the runner names the files it was waiting for.
 */
async function run({ argv: [program = '', ...argv], onLine, silenceMsMax = TOOL_MS_MAX }: Run): Promise<number> {
  if (!existsSync(program)) throw new Error(`${path.relative(ROOT, program)} is missing. Install it with: npm ci`);
  const child = spawn(program, argv, { cwd: ROOT, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const watchdog = setTimeout(() => {
    onLine(`✖ Nothing was heard for ${silenceMsMax / 1000} s. What still ran is cancelled:`);
    child.kill();
  }, silenceMsMax);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      watchdog.refresh();
      onLine(line);
    });
  }
  const closed = once(child, 'close');
  const [code] = await once(child, 'exit');
  // A process that a test left behind may hold the pipe open.
  await Promise.race([closed, delay(PIPE_MS_MAX, undefined, { ref: false })]);
  clearTimeout(watchdog);
  return typeof code === 'number' ? code : 1;
}

/** The person's own `EVENKEEL_…` settings must not reach the tests; the pinned Node must. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('EVENKEEL_') || FOR_TESTS.includes(name));
  return {
    NODE_COMPILE_CACHE: path.join(ROOT, 'node_modules/.cache/compiled'),
    ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
    ...Object.fromEntries(own),
    PATH: [path.dirname(process.execPath), BIN, process.env['PATH']].join(path.delimiter),
  };
}
