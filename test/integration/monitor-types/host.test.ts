import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { DiskUse, HostResources } from '../../../src/kernel/host.ts';
import { host } from '../../../src/monitoring/types/host.ts';
import { createHostLook } from '../../../src/platform/host/host-look.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { fakeHost } from '../../support/fake-host.ts';
import { fakeIo, reasonOf } from '../../support/probe-io.ts';
import { tryType, withIo } from '../../support/type-trial.ts';

const IDLE: HostResources = {
  cpu: { busyMs: 1_000, totalMs: 10_000, of: 'machine' },
  memory: { used: 3, total: 4, of: 'machine' },
  swap: { used: 1, total: 10 },
  load: 0.5,
  disks: [{ path: '/', bytes: { used: 9, total: 10 }, files: { used: 1, total: 5 } }],
};

const THE_KERNEL = 'Nobody is asked but the kernel, which asks for no credentials and has nothing to hide.';

tryType(host, {
  up: async () => ({ host: true, disks: ['/'] }),
  down: async () => ({ host: true, disks: ['/', '/not/there'] }),
  degraded: 'What is too much is said by thresholds on its readings.',
  silent: async () => {
    const never = { ...fakeHost(), resources: () => new Promise<HostResources>(() => undefined) };
    return withIo({ host: true }, { host: never });
  },
  hostile: THE_KERNEL,
  rejected: THE_KERNEL,
});

test('host: processors, memory and disks of this machine are read [MON-07/R]', async () => {
  const check = host.prepare(host.settings.parse({ host: true, disks: ['/'] }));
  const io = fakeIo({ clock: systemClock, host: createHostLook({ clock: systemClock, folder: '/' }) });

  const first = await check(io);
  // Work for more than the 10 ms in which the kernel counts.
  for (const end = systemClock.ticks() + 100; systemClock.ticks() < end; );
  const second = await check(io);

  assert.equal(first?.state, 'up');
  assert.equal(first.readings?.['cpu'], undefined);
  for (const name of ['cpu', 'memory', 'load', 'disk:/']) {
    const value = second?.readings?.[name] ?? Number.NaN;
    assert.ok(value > 0 && (value <= 1 || name === 'load'), `${name} is ${value}`);
  }
});

test('host: readings are shares, and the processors count since the last look [MON-07/R]', async () => {
  const { look } = looks(IDLE, { ...IDLE, cpu: { busyMs: 4_000, totalMs: 14_000, of: 'machine' } });

  const { readings } = (await look()) ?? {};

  assert.deepEqual(readings, { memory: 0.75, swap: 0.1, load: 0.5, 'disk:/': 0.9, 'inodes:/': 0.2 });
  assert.equal((await look())?.readings?.['cpu'], 0.75);
});

test('host: no share is made of counters that stand still, go back or count something else', async () => {
  const cpu = (busyMs: number, totalMs: number, of: 'machine' | 'container' = 'machine'): HostResources => ({
    ...IDLE,
    cpu: { busyMs, totalMs, of },
  });
  const { look } = looks(
    cpu(10, 100),
    cpu(10, 100),
    cpu(5, 200),
    cpu(9, 10),
    cpu(11, 30, 'container'),
    cpu(91, 50, 'container'),
  );
  const shares: unknown[] = [];
  for (let times = 0; times < 6; times += 1) shares.push((await look())?.readings?.['cpu']);

  assert.deepEqual(shares, [undefined, undefined, 0, undefined, undefined, 1]);
});

test('host: a disk that cannot be read is down, and the rest is read all the same', async () => {
  const disks: readonly DiskUse[] = [{ path: '/var', problem: 'ENOENT' }, ...IDLE.disks];
  const { look } = looks({ ...IDLE, disks });

  const result = await look();

  assert.equal(reasonOf(result), '/var cannot be read (ENOENT).');
  assert.equal(result?.readings?.['disk:/'], 0.9);
});

test('host: a disk that never answers is down at the deadline', async () => {
  const never = { ...fakeHost(), resources: () => new Promise<HostResources>(() => undefined) };
  const io = fakeIo({ host: never, signal: systemClock.timeout(50), timeoutMs: 50 });

  const result = await host.prepare(host.settings.parse({ host: true }))(io);

  assert.equal(reasonOf(result), 'This machine did not answer within 50ms.');
});

test('host: what stands in /proc is not believed to be numbers', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-proc-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const name of ['stat', 'meminfo', 'loadavg']) writeFileSync(path.join(folder, name), 'hush hush\n');
  const look = createHostLook({ clock: systemClock, folder, proc: folder });

  const result = await host.prepare(host.settings.parse({ host: true }))(fakeIo({ host: look }));

  assert.match(reasonOf(result), /cannot be read \((?:stat|meminfo) says nothing of/);
});

test('host: where there is no /proc it says so', async () => {
  const look = createHostLook({ clock: systemClock, folder: '/', proc: '/not/there' });

  const result = await host.prepare(host.settings.parse({ host: true }))(fakeIo({ host: look }));

  assert.match(reasonOf(result), /What is in use on this machine cannot be read \(ENOENT/);
});

/** A machine that is found so, one look after the other. */
function looks(...found: readonly HostResources[]) {
  const left = [...found];
  const resources = () => left.shift() ?? assert.fail('nobody should look any more');
  const check = host.prepare(host.settings.parse({ host: true, disks: ['/'] }));
  return { look: () => check(fakeIo({ host: fakeHost({ resources }) })) };
}
