import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { LogPiece, LogPlace } from '../../src/kernel/host.ts';
import { createHostLook } from '../../src/platform/host/host-look.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { FakeClock } from '../support/fake-clock.ts';

const STAT =
  'cpu  100 20 30 800 50 0 0 0 7 0\ncpu0 50 10 15 400 25 0 0 0 0 0\ncpu1 50 10 15 400 25 0 0 0 0 0\nintr 1\n';
const MEMINFO =
  'MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    400 kB\nSwapTotal:       200 kB\nSwapFree:         50 kB\n';

test('the host: this very machine says what is in use', async () => {
  const { cpu, memory, load, disks } = await createHostLook({ clock: systemClock, folder: '/' }).resources(['/']);

  assert.ok(cpu.busyMs > 0 && cpu.totalMs > cpu.busyMs);
  assert.ok(memory.used > 0 && memory.total > memory.used);
  assert.ok(load >= 0);
  assert.equal(disks.length, 1);
});

test('the host: waiting for a disk is no work, and guests are counted once', async (t) => {
  const { look } = machine(t);

  const found = await look.resources([]);

  assert.deepEqual(found, {
    cpu: { busyMs: 1_500, totalMs: 10_000, of: 'machine' },
    memory: { used: 600 * 1024, total: 1000 * 1024, of: 'machine' },
    swap: { used: 150 * 1024, total: 200 * 1024 },
    load: 0.75,
    disks: [],
  });
});

test('the host: a container is full when its own limits are reached', async (t) => {
  const { look, write, clock } = machine(t);
  write('proc/self/cgroup', '0::/app/web\n');
  write('cgroup/app/memory.max', '409600\n');
  write('cgroup/app/memory.current', '300000\n');
  write('cgroup/app/memory.stat', 'anon 1\ninactive_file 100000\n');
  write('cgroup/app/web/memory.max', 'max\n');
  write('cgroup/app/web/memory.current', '1\n');
  write('cgroup/app/web/cpu.max', '50000 100000\n');
  write('cgroup/app/web/cpu.stat', 'usage_usec 250000\nuser_usec 1\n');

  const { cpu, memory } = await look.resources([]);

  assert.deepEqual(memory, { used: 200_000, total: 409_600, of: 'container' });
  assert.deepEqual(cpu, { busyMs: 250, totalMs: clock.ticks() / 2, of: 'container' });
});

test('the host: limits beyond what the machine has are none', async (t) => {
  const { look, write } = machine(t);
  write('proc/self/cgroup', '0::/../app\n');
  write('cgroup/app/memory.max', '9999999999\n');
  write('cgroup/app/memory.current', '300000\n');
  write('cgroup/app/cpu.max', '400000 100000\n');
  write('cgroup/app/cpu.stat', 'usage_usec 250000\n');

  const { cpu, memory } = await look.resources([]);

  assert.deepEqual([cpu.of, memory.of], ['machine', 'machine']);
});

test('the host: a disk that is not there is told, and the others are read', async () => {
  const { disks } = await createHostLook({ clock: systemClock, folder: '/' }).resources(['/', '/not/there']);

  assert.ok(disks[0] !== undefined && 'bytes' in disks[0] && disks[0].bytes.total > disks[0].bytes.used);
  assert.deepEqual(disks[1], { path: '/not/there', problem: 'ENOENT' });
});

test('the host: without /proc it says why', async (t) => {
  const proc = path.join(folderOf(t), 'nothing');

  const looking = createHostLook({ clock: systemClock, folder: '/', proc }).resources(['/']);

  await assert.rejects(looking, { code: 'HOST_UNREADABLE', message: /ENOENT/ });
});

test('a log: the first look only finds its end, and the next brings what came after it', async (t) => {
  const log = logIn(t, 'old\n');

  assert.deepEqual(await log.read(), { text: '', skippedBytes: 0 });
  log.append('one\ntwo\nthr');
  assert.deepEqual(await log.read(), { text: 'one\ntwo\n', skippedBytes: 0 });
  log.append('ee\n');
  assert.deepEqual(await log.read(), { text: 'three\n', skippedBytes: 0 });
  assert.deepEqual(await log.read(), { text: '', skippedBytes: 0 });
});

test('a log: one that was renamed is read to its end, then the new one', async (t) => {
  const log = logIn(t, '');
  await log.read();
  log.append('last\n');
  renameSync(log.file, `${log.file}.1`);
  writeFileSync(log.file, 'first\n');

  assert.equal((await log.read()).text, 'last\nfirst\n');
});

test('a log: one that was emptied begins anew', async (t) => {
  const log = logIn(t, 'a long line to begin with\n');
  await log.read();
  truncateSync(log.file);
  log.append('new\n');

  assert.equal((await log.read()).text, 'new\n');
});

test('a log: of more than is read at once the newest counts, from a whole line on', async (t) => {
  const log = logIn(t, '');
  await log.read();
  log.append('aaaaaaaaaa\nbbbbbbbbbb\ncccccccccc\n');

  assert.deepEqual(await log.read(16), { text: 'cccccccccc\n', skippedBytes: 22 });
});

test('a log: a line without end is passed over', async (t) => {
  const log = logIn(t, '');
  await log.read();
  log.append('x'.repeat(100));

  assert.deepEqual(await log.read(16), { text: '', skippedBytes: 100 });
  log.append('\nafter\n');
  assert.equal((await log.read(16)).text.trim(), 'after');
});

test('a log: neither links nor folders nor pipes nor what is not there', async (t) => {
  const folder = folderOf(t);
  writeFileSync(path.join(folder, 'real.log'), 'hush\n');
  symlinkSync('real.log', path.join(folder, 'link.log'));
  const look = createHostLook({ clock: systemClock, folder });

  assert.deepEqual(await look.readLog('./link.log', undefined, 10), { problem: 'link' });
  assert.deepEqual(await look.readLog('.', undefined, 10), { problem: 'not a file' });
  assert.deepEqual(await look.readLog('/dev/null', undefined, 10), { problem: 'not a file' });
  assert.deepEqual(await look.readLog('missing.log', undefined, 10), { problem: 'missing' });
});

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-host-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function machine(t: TestContext) {
  const folder = folderOf(t);
  const write = (name: string, text: string) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  write('proc/stat', STAT);
  write('proc/meminfo', MEMINFO);
  write('proc/loadavg', '1.50 0.70 0.30 1/99 12\n');
  const clock = new FakeClock();
  const folders = { proc: path.join(folder, 'proc'), cgroup: path.join(folder, 'cgroup') };
  return { clock, write, look: createHostLook({ clock, folder, ...folders }) };
}

function logIn(t: TestContext, text: string) {
  const folder = folderOf(t);
  const file = path.join(folder, 'api.log');
  writeFileSync(file, text);
  const look = createHostLook({ clock: systemClock, folder });
  let place: LogPlace | undefined;
  return {
    file,
    append: (more: string) => appendFileSync(file, more),
    async read(bytesMax = 1_000) {
      const piece: LogPiece = await look.readLog('api.log', place, bytesMax);
      assert.ok('place' in piece);
      ({ place } = piece);
      return { text: Buffer.from(piece.bytes).toString(), skippedBytes: piece.skippedBytes };
    },
  };
}
