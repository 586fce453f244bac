import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { type TestContext, test } from 'node:test';
import type { PageVisit } from '../../src/kernel/browser.ts';
import { createBrowser } from '../../src/platform/browser/browser.ts';
import { createSlots } from '../../src/platform/browser/slots.ts';
import { createHostLook } from '../../src/platform/host/host-look.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { eventually } from '../support/eventually.ts';
import { rootTest } from '../support/root.ts';
import { requireProgram } from '../support/servers/install.ts';
import { serveHttp } from '../support/servers/misbehaving.ts';

requireProgram({ name: 'chromium', packages: ['chromium'] });

test('the browser: one process serves all visits, and ends a while after the last', async (t) => {
  const { browser, visit, processes } = await start(t, 300);

  assert.deepEqual(await processes(), []);
  const seen = await Promise.all(Array.from({ length: 6 }, () => visit()));
  assert.deepEqual(
    seen.map(({ text }) => text),
    Array(6).fill('fine'),
  );
  assert.equal((await browsers(processes)).length, 1);
  await eventually(async () => assert.deepEqual(await processes(), []));

  assert.equal((await visit()).text, 'fine');
  await browser.close();
  await eventually(async () => assert.deepEqual(await processes(), []));
  await assert.rejects(visit());
});

test('the browser: when it breaks down the next visit gets another', async (t) => {
  const { visit, processes } = await start(t);
  await visit();
  const [first] = await browsers(processes);
  process.kill(first?.pid ?? assert.fail('There is none.'), 'SIGKILL');

  await eventually(async () => assert.equal((await visit()).text, 'fine'));
  assert.notEqual((await browsers(processes))[0]?.pid, first?.pid);
});

test('the browser: whose turn does not come in time is told that it is busy', async () => {
  const slots = createSlots(1);
  const held = Promise.withResolvers<string>();
  const first = slots.use(new AbortController().signal, () => held.promise);

  await assert.rejects(
    slots.use(systemClock.timeout(20), async () => 'second'),
    { code: 'BROWSER_BUSY' },
  );
  const third = slots.use(new AbortController().signal, async () => 'third');
  held.resolve('first');
  assert.deepEqual(await Promise.all([first, third]), ['first', 'third']);
});

rootTest('the browser: where we are root it is somebody without rights, in its own sandbox', async (t) => {
  const { visit, processes } = await start(t);
  await visit();

  const running = (await processes()).map(({ pid, commandLine }) => ({ status: statusOf(pid), commandLine }));
  // One of them may end between one look and the next.
  const alive = running.filter(({ status }) => status !== '');
  assert.ok(alive.length > 2);
  for (const { status, commandLine } of alive) {
    assert.doesNotMatch(status, /^Uid:\s+0\b/m, commandLine.slice(0, 100));
    assert.doesNotMatch(commandLine, /--no-sandbox/);
  }
});

/** Empty for a process that is gone. */
function statusOf(pid: number): string {
  const file = `/proc/${pid}/status`;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

async function start(t: TestContext, idleMs = 60_000) {
  const browser = createBrowser({ clock: systemClock, idleMs });
  t.after(() => browser.close());
  const port = await serveHttp(t, (_request, response) => void response.end('fine'));
  const look = createHostLook({ clock: systemClock, folder: '/' });
  const page: PageVisit = {
    url: `http://127.0.0.1:${port}/`,
    until: {},
    width: 800,
    height: 600,
    verifyTls: true,
    patienceMs: 15_000,
    isWorthAPicture: () => false,
  };
  // Other tests, and people, have browsers too; the profile of ours is named for this process.
  const isOurs = `/evenkeel-scratch-${process.pid}-`;
  return {
    browser,
    visit: () => browser.visit(page, systemClock.timeout(20_000)),
    processes: async () => (await look.processes()).filter(({ commandLine }) => commandLine.includes(isOurs)),
  };
}

/** Its first process, and not those that it starts for each page. */
async function browsers(processes: () => Promise<readonly { readonly pid: number; readonly commandLine: string }[]>) {
  return (await processes()).filter(
    ({ commandLine }) => commandLine.includes('--remote-debugging-pipe') && !commandLine.includes('--type='),
  );
}
