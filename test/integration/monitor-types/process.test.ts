import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import nodeProcess from 'node:process';
import { type TestContext, test } from 'node:test';
import type { ProcessNow } from '../../../src/kernel/host.ts';
import { process } from '../../../src/monitoring/types/process.ts';
import { createHostLook } from '../../../src/platform/host/host-look.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { fakeHost } from '../../support/fake-host.ts';
import { fakeIo, probe, reasonOf } from '../../support/probe-io.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

const ASKED_OF_THE_KERNEL = 'Nobody is asked but the kernel, which answers at once and asks for nothing.';

tryType(process, {
  up: async (t) => ({ process: await run(t, 1), command: PLANTED, count_max: 1 }),
  down: async () => ({ process: 'evenkeel-that-nobody-runs', command: PLANTED }),
  degraded: async (t) => ({ process: await run(t, 2), count_min: 3, command: PLANTED }),
  silent: ASKED_OF_THE_KERNEL,
  hostile: ASKED_OF_THE_KERNEL,
  rejected: ASKED_OF_THE_KERNEL,
});

test('process: what runs is counted and measured', async (t) => {
  const name = await run(t, 2);

  const result = await probe(process, { process: name });

  const { processes, memory_bytes: memory = 0, age = -1 } = result?.readings ?? {};
  assert.equal(processes, 2);
  assert.ok(memory > 100_000 && memory < 100_000_000, `${memory} bytes`);
  assert.ok(age >= 0 && age < 60_000, `${age} ms old`);
});

test('process: too many are degraded', async (t) => {
  const name = await run(t, 3);

  assert.equal(
    reasonOf(await probe(process, { process: name, count_max: 2 })),
    `${name} runs 3 times, expected at most 2.`,
  );
});

test('process: work counts in processors since the last look, for the youngest from its beginning', async () => {
  const clock = new FakeClock();
  const one = (pid: number, cpuMs: number): ProcessNow => ({
    pid,
    names: ['node', 'web'],
    commandLine: 'node web.js',
    startedAt: clock.now() - pid,
    memoryBytes: 5,
    cpuMs,
  });
  const looks = [
    [one(1, 500), one(2, 100)],
    [one(1, 1_500), one(3, 500)],
  ];
  const host = fakeHost({ processes: async () => looks.shift() ?? [] });
  const check = process.prepare(process.settings.parse({ process: 'web' }));

  const first = await check(fakeIo({ clock, host }));
  await clock.advance(1_000);
  const second = await check(fakeIo({ clock, host }));
  await clock.advance(1_000);
  const third = await check(fakeIo({ clock, host }));

  assert.deepEqual(first?.readings, { processes: 2, memory_bytes: 10, age: 1 });
  assert.equal(second?.readings?.['processors'], 1.5);
  assert.deepEqual(third?.readings, { processes: 0, memory_bytes: 0, processors: 0 });
});

test('process: a program is found by its file, however it calls itself', async () => {
  const running = await createHostLook({ clock: systemClock, folder: '/' }).processes();

  const own = running.find(({ pid }) => pid === nodeProcess.pid);
  assert.ok(own !== undefined);
  assert.ok(own.names.includes(path.basename(nodeProcess.execPath)), JSON.stringify(own.names));
  assert.ok(Math.abs(own.startedAt - (Date.now() - nodeProcess.uptime() * 1_000)) < 2_000);
});

test('process: one that has ended, or goes away meanwhile, is none', async (t) => {
  const proc = mkdtempSync(path.join(tmpdir(), 'evenkeel-proc-'));
  t.after(() => rmSync(proc, { recursive: true }));
  writeFileSync(path.join(proc, 'stat'), 'cpu 1\nbtime 1000\n');
  const entry = (pid: number, stat: string) => {
    mkdirSync(path.join(proc, String(pid)));
    writeFileSync(path.join(proc, String(pid), 'stat'), stat);
  };
  const rest = '1 1 1 0 -1 0 0 0 0 0 7 3 0 0 20 0 1 0 250 9 2 0';
  entry(1, `1 (odd) (name) S ${rest}`);
  entry(2, `2 (zombie) Z ${rest}`);
  entry(3, 'hush');
  mkdirSync(path.join(proc, '4'));

  const found = await createHostLook({ clock: systemClock, folder: '/', proc }).processes();

  assert.deepEqual(found, [
    { pid: 1, names: ['odd) (name'], commandLine: '', startedAt: 1_002_500, memoryBytes: 8_192, cpuMs: 100 },
  ]);
});

test('process: where there is no /proc it says so', async () => {
  const host = createHostLook({ clock: systemClock, folder: '/', proc: '/not/there' });

  const result = await process.prepare(process.settings.parse({ process: 'web' }))(fakeIo({ host }));

  assert.match(reasonOf(result), /What is in use on this machine cannot be read \(ENOENT \/not\/there\)/);
});

/** So many of a program that nobody else runs; its name is new each time. */
async function run(t: TestContext, count: number): Promise<string> {
  const name = `evenkeel-test-${crypto.randomUUID()}`;
  for (let started = 0; started < count; started += 1) {
    const child: ChildProcess = spawn('sh', ['-c', 'read wait', PLANTED], {
      argv0: name,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    t.after(() => child.kill('SIGKILL'));
    await once(child, 'spawn');
  }
  return name;
}
