import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const START_MS = 30_000;
/** From the start of the process; installing has its own minute. */
const MAIN_JOB_MS = 60_000;
const CALM = ['--skip-rehearsal'];
/** Of the example's manifest: every 5 s, two failures in a row; and one second for the page. */
const OUTAGE_SHOWN_MS = 2 * 5_000 + 1_000;
const RECOVERY_SHOWN_MS = 5_000 + 1_000;

test('the demonstration shows a breakdown and its end in time, and its uptime is true [STA-01/R] [HLT-04/R] [MON-01/R]', async (t) => {
  const demo = await startDemo(t);
  await eventually(async () => assert.deepEqual(await stateOf(demo.address, 'Orders and products'), 'up'), START_MS);

  const brokenAt = performance.now();
  demo.breakPart('api', 'down');
  await eventually(async () => assert.equal(await stateOf(demo.address, 'Orders and products'), 'down'), 30_000);
  const outageShownMs = performance.now() - brokenAt;

  const healedAt = performance.now();
  demo.breakPart('api', 'off');
  await eventually(async () => assert.equal(await stateOf(demo.address, 'Orders and products'), 'up'), 30_000);
  const recoveryShownMs = performance.now() - healedAt;

  t.diagnostic(`outage shown after ${Math.round(outageShownMs)} ms, recovery after ${Math.round(recoveryShownMs)} ms`);
  assert.ok(outageShownMs <= OUTAGE_SHOWN_MS, `the outage was shown after ${outageShownMs} ms`);
  assert.ok(recoveryShownMs <= RECOVERY_SHOWN_MS, `the recovery was shown after ${recoveryShownMs} ms`);
  await assertUptimeEqualsChecks(demo);
});

test('within a minute of its start the demonstration has proven a backup and told the team of a failure and its end', async (t) => {
  const startedAt = performance.now();
  const { address, output } = await startDemo(t, []);
  await eventually(() => assert.match(output(), /Now it is yours/), 90_000);
  const tookMs = performance.now() - startedAt;

  t.diagnostic(`the main job was shown in ${Math.round(tookMs)} ms`);
  assert.ok(tookMs < MAIN_JOB_MS, `it took ${tookMs} ms`);
  assert.match(output(), /proven by a restore: 4 tables, 86 rows, 3 questions, \d+\.\d s\./);
  assert.match(output(), /Alert delivered 0\.\d s after we were sure/);
  assert.match(output(), /Its end delivered \d\.\d s after we were sure: api is back/);
  const chat = await textOf(/Team chat\s+(?<url>\S+)/.exec(output())?.groups?.['url']);
  assert.match(chat, /<h2>api is back[^]*<h2>api is down<\/h2>/);
  await eventually(async () => {
    const page = await textOf(`${address}/`);
    assert.match(page, /Last backup proven by a full restore[^]*Restored and checked in \d/);
    assert.match(page, /Last alert delivered[^]*Accepted 0\.\d seconds after we were sure/);
  });
});

test('Ctrl-C in the middle of the rehearsal ends everything, and is no mistake', async (t) => {
  const demo = await startDemo(t, []);
  await eventually(() => assert.match(demo.output(), /cuts every connection/), START_MS);
  const shop = demo.pids();

  demo.child.kill('SIGINT');
  const [code] = await once(demo.child, 'exit');

  assert.equal(code, 0, demo.output());
  assert.doesNotMatch(demo.output(), /Now it is yours|Error/);
  for (const pid of shop) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

test('Ctrl-C before anything has started ends it as well', async (t) => {
  const { child, output } = spawnDemo(t, '0', []);
  await eventually(() => assert.match(output(), /Starting the example shop/), START_MS);

  child.kill('SIGINT');
  const [code] = await once(child, 'exit');

  assert.equal(code, 0, output());
});

test('Ctrl-C ends everything that was started', async (t) => {
  const demo = await startDemo(t);
  const shop = demo.pids();
  assert.equal(shop.length, 4);

  demo.child.kill('SIGINT');
  const [code] = await once(demo.child, 'exit');

  assert.equal(code, 0);
  for (const pid of shop) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

test('the shop does not outlive a demonstration that was killed', async (t) => {
  const demo = await startDemo(t);
  const shop = demo.pids();

  demo.child.kill('SIGKILL');
  await once(demo.child, 'exit');

  await eventually(() => {
    for (const pid of shop) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  });
});

test('a taken port is a clear error that says what to do', async (t) => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  t.after(() => squatter.close());
  const { port } = squatter.address() as AddressInfo;

  const { child, output } = spawnDemo(t, String(port), CALM);
  const [code] = await once(child, 'close');

  assert.equal(code, 5);
  assert.match(output(), new RegExp(`${port}[^]*EVENKEEL_PORT`));
  assert.doesNotMatch(output(), /\n\s+at /, 'a stack trace helps nobody here');
});

interface Demo {
  readonly child: ChildProcess;
  readonly address: string;
  readonly dataDir: string;
  breakPart(part: string, how: string): void;
  output(): string;
  /** Of the processes of the shop. */
  pids(): number[];
}

async function startDemo(t: TestContext, more = CALM): Promise<Demo> {
  const { child, output, dataDir } = spawnDemo(t, '0', more);
  const exited = once(child, 'exit').then(() => assert.fail(`The demonstration ended early:\n${output()}`));
  const address = await Promise.race([exited, printedAddress(output)]);
  return {
    child,
    address,
    dataDir,
    output,
    pids: () => partsOf(child.pid ?? 0),
    breakPart(part, how) {
      // The parts say in their log where they listen; the demonstration may have had to choose other ports.
      const log = readFileSync(path.join(dataDir, 'demo.log'), 'utf8');
      const port = portOf(log, part);
      const script = path.join(ROOT, 'examples/shop/break.ts');
      const env = { ...process.env, [`${part.toUpperCase()}_PORT`]: String(port) };
      spawn(process.execPath, [script, part, how], { env, stdio: 'ignore' });
    },
  };
}

function spawnDemo(t: TestContext, port: string, more: readonly string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-demo-'));
  const dataDir = path.join(folder, 'data');
  const args = [path.join(ROOT, 'bin/evenkeel.js'), 'demo', '--port', port, '--data-dir', dataDir, ...more];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  t.after(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });
  return { child, dataDir, output: () => text };
}

async function printedAddress(output: () => string): Promise<string> {
  let address: string | undefined;
  await eventually(() => {
    address = /Status page\s+(?<address>http:\S+?)\/\s/.exec(output())?.groups?.['address'];
    assert.ok(address, output());
  }, START_MS);
  return address ?? '';
}

async function textOf(url: string | undefined): Promise<string> {
  const answer = await fetch(url ?? '');
  assert.equal(answer.status, 200);
  return answer.text();
}

async function stateOf(address: string, name: string): Promise<string | undefined> {
  const answer = await fetch(`${address}/status`, { headers: { accept: 'application/json' } });
  const { services } = (await answer.json()) as { services: { name: string; state: string }[] };
  return services.find((service) => service.name === name)?.state;
}

function portOf(log: string, part: string): number {
  const lines = log.split('\n').filter((line) => line.includes(`"service":"${part}"`));
  const port = lines.map((line) => JSON.parse(line).port).find((value) => typeof value === 'number');
  assert.ok(port, `${part} has not said where it listens`);
  return port;
}

/** Of its children the parts of the shop: a backup has programs of its own. */
function partsOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return children.filter((child) => commandOf(child).includes('examples/shop/')).map(Number);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Adds up by hand what single checks said, and compares it with the history that the page is made of. */
async function assertUptimeEqualsChecks({ dataDir }: Demo): Promise<void> {
  const { monitor, changes } = await exported(dataDir, 'api');
  const [up, down, upAgain] = changes;
  assert.deepEqual(
    changes.map(({ state }) => state),
    ['up', 'down', 'up'],
  );
  assert.ok(up && down && upAgain);

  // Down from the first failing check to the first good one after it.
  const firstFailure = monitor.results.find(({ state }) => state === 'down');
  const firstGood = monitor.results.find(({ state, at }) => state === 'up' && at > (firstFailure?.at ?? 0));
  assert.equal(down.at, firstFailure?.at);
  assert.equal(upAgain.at, firstGood?.at);
  assert.equal(monitor.history.ms.down, upAgain.at - down.at);
}

async function exported(dataDir: string, name: string) {
  const lines = async (what: string) => {
    const { stdout } = await cli(dataDir, ['export', '--what', what]);
    const all = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    return all.filter((line) => line.monitor === name).map((line) => ({ ...line, at: Date.parse(line.at) }));
  };
  const { stdout } = await cli(dataDir, ['monitor', 'show', name, '--json']);
  const shown = JSON.parse(stdout);
  return {
    changes: await lines('changes'),
    monitor: { results: await lines('results'), history: shown.history.availability },
  };
}

async function cli(dataDir: string, args: readonly string[]): Promise<{ stdout: string }> {
  const child = spawn(process.execPath, [path.join(ROOT, 'bin/evenkeel.js'), ...args], {
    env: { ...process.env, EVENKEEL_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunks] = await Promise.all([child.stdout.toArray(), once(child, 'close')]);
  return { stdout: Buffer.concat(chunks).toString() };
}
