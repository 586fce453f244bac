import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { pino } from 'pino';
import type { Clock } from '../../../src/kernel/clock.ts';
import { log } from '../../../src/monitoring/types/log.ts';
import { createHostLook } from '../../../src/platform/host/host-look.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { fakeHost } from '../../support/fake-host.ts';
import { fakeIo, reasonOf } from '../../support/probe-io.ts';
import { tryType, withIo } from '../../support/type-trial.ts';

tryType(log, {
  up: async (t) => ({ log: logIn(t, {}).file }),
  down: async () => ({ log: './not-there.log' }),
  degraded: 'What is too much is said by thresholds on its readings.',
  silent: async () => {
    const readLog = () => new Promise<never>(() => undefined);
    return withIo({ log: 'api.log' }, { host: fakeHost({ readLog }) });
  },
  hostile: {
    'is a link to a file of ours': async (t) => {
      const { file } = logIn(t, {});
      rmSync(file);
      symlinkSync('/etc/passwd', file);
      return { log: file };
    },
    'is a pipe that nobody writes into': async (t) => {
      const { file } = logIn(t, {});
      rmSync(file);
      execFileSync('mkfifo', [file]);
      return { log: file };
    },
    'is a folder': async () => ({ log: '/tmp' }),
  },
  rejected: 'A file takes no credentials; what stands in it is tried for further down.',
});

test('log: the errors among what a real logger wrote are a rate and a number per minute [MON-08/R]', async (t) => {
  const { file, look, pass } = logIn(t, { min_lines: 4 });
  const logger = pino({ level: 'trace' }, pino.destination({ dest: file, sync: true }));
  logger.error('from before the first look');
  assert.deepEqual(await look(), { state: 'up' });

  logger.info('fine');
  logger.warn('error is only a word here');
  logger.error({ token: 'hush' }, 'broken');
  logger.fatal('gone');
  pass(30_000);

  assert.deepEqual(await look(), {
    state: 'up',
    readings: { error_rate: 0.5, errors_per_minute: 4, skipped_bytes: 0 },
  });
});

const LINES: readonly (readonly [string, object, number])[] = [
  ['{"level":"error"}', {}, 1],
  ['{"severity":"CRITICAL","level":null}', {}, 1],
  ['{"level":"info","msg":"ERROR"}', {}, 0],
  ['{"level":50', {}, 0],
  ['{"message":"ERROR without a level"}', {}, 1],
  ['2026-01-05 ERROR no', {}, 1],
  ['2026-01-05 TERRORS', {}, 0],
  ['  ', {}, Number.NaN],
  ['[E] no', { error: String.raw`^\[E\]` }, 1],
  [`${'x'.repeat(2_000)} ERROR`, {}, 0],
  [`{"level":60,"stack":"${'x'.repeat(30_000)}"}`, {}, 1],
];

for (const [line, settings, rate] of LINES) {
  test(`log: ${line.slice(0, 60)} is ${rate === 1 ? 'an error' : 'none'}`, async (t) => {
    const { file, look, pass } = logIn(t, { min_lines: 1, ...settings });
    await look();
    appendFileSync(file, `${line}\n`);
    pass(1_000);

    assert.equal((await look())?.readings?.['error_rate'] ?? Number.NaN, rate);
  });
}

test('log: few lines are gathered until there are enough for a rate', async (t) => {
  const { file, look, pass } = logIn(t, {});
  await look();
  appendFileSync(file, 'ERROR\n'.repeat(19));
  pass(60_000);
  assert.deepEqual((await look())?.readings, { errors_per_minute: 19, skipped_bytes: 0 });
  pass(60_000);
  assert.deepEqual((await look())?.readings, { errors_per_minute: 0, skipped_bytes: 0 });
  appendFileSync(file, 'fine\n');
  pass(60_000);
  assert.deepEqual((await look())?.readings, { error_rate: 0.95, errors_per_minute: 0, skipped_bytes: 0 });
});

test('log: rotation loses no line', async (t) => {
  const { file, look, pass } = logIn(t, { min_lines: 1 });
  await look();
  appendFileSync(file, 'ERROR one\nfine\n');
  renameSync(file, `${file}.1`);
  pass(60_000);
  assert.equal(reasonOf(await look()), 'api.log does not exist.');
  writeFileSync(file, 'ERROR two\nfine\n');
  pass(60_000);

  assert.deepEqual((await look())?.readings, { error_rate: 0.5, errors_per_minute: 1, skipped_bytes: 0 });
});

test('log: a flood is read in part, says so, and takes no other out of its turn', async (t) => {
  const { file, look, pass } = logIn(t, {});
  await look();
  const line = `${JSON.stringify({ level: 50, msg: 'x'.repeat(960) })}\n`;
  appendFileSync(file, line.repeat(10_240));
  pass(60_000);
  let turns = 0;
  const turning = setInterval(() => (turns += 1), 1);
  t.after(() => clearInterval(turning));

  const { readings = {} } = (await look()) ?? {};

  assert.equal(readings['error_rate'], 1);
  assert.ok((readings['skipped_bytes'] ?? 0) > line.length * 10_240 - 8 * 1024 * 1024 - 1);
  assert.ok(turns > 3, `${turns} turns`);
});

test('log: a link is refused: it could be pointed at any file of ours', async (t) => {
  const { file, look } = logIn(t, {});
  rmSync(file);
  symlinkSync('/etc/passwd', file);

  assert.match(reasonOf(await look()), /^api\.log is a symbolic link, and those are not followed/);
});

test('log: nothing of what stands in the file gets into a result', async (t) => {
  const { file, look, pass } = logIn(t, { min_lines: 1 });
  await look();
  appendFileSync(file, 'ERROR password=hush\n{"level":50,"msg":"hush"}\nhush\n');
  pass(1_000);

  assert.doesNotMatch(JSON.stringify(await look()), /hush/);
});

test('log: a disk that does not answer is down at the deadline', async () => {
  const signal = systemClock.timeout(20);
  const readLog = () =>
    new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const io = fakeIo({ host: fakeHost({ readLog }), signal, timeoutMs: 20 });

  const result = await log.prepare(log.settings.parse({ log: 'api.log' }))(io);

  assert.equal(reasonOf(result), 'api.log did not answer within 20ms.');
});

function logIn(t: TestContext, settings: object) {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-log-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'api.log');
  writeFileSync(file, '');
  let passedMs = 0;
  const clock: Clock = { ...systemClock, ticks: () => passedMs };
  const check = log.prepare(log.settings.parse({ log: 'api.log', ...settings }));
  const io = fakeIo({ clock, host: createHostLook({ clock, folder }) });
  return { file, look: () => check(io), pass: (ms: number) => (passedMs += ms) };
}
