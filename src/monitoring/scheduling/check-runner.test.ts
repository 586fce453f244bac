import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noBrowser } from '../../../test/support/fake-browser.ts';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { fakeHost } from '../../../test/support/fake-host.ts';
import { scriptedNet } from '../../../test/support/scripted-net.ts';
import { recordingLog } from '../../../test/support/silent-log.ts';
import type { Check } from '../monitor-type.ts';
import { runCheck } from './check-runner.ts';
import { NOTHING_TOLD } from './told.ts';

const never: Check = () => new Promise(() => undefined);

test('a check that ignores its deadline is left behind a second later, and its target is down', async () => {
  const { clock, run } = runner(never);
  const result = run();

  await clock.advance(5_999);
  assert.equal(await Promise.race([result, Promise.resolve('still waiting')]), 'still waiting');
  await clock.advance(1);

  assert.deepEqual(await result, { state: 'down', reason: 'The check did not end within 5 s.' });
});

test('a check during which we were suspended says nothing of its target', async () => {
  const { clock, run } = runner(async ({ signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    return { state: 'down', reason: 'No answer.' };
  });
  const result = run();

  await clock.advance(1_000);
  clock.suspend(15_000);
  await clock.advance(0);

  assert.equal(await result, undefined);
});

test('a check is told of its deadline', async () => {
  const { clock, run } = runner(async ({ signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    return { state: 'down', reason: signal.reason.name };
  });
  const result = run();

  await clock.advance(5_000);

  assert.deepEqual(await result, { state: 'down', reason: 'TimeoutError' });
});

test('a check that is broken says nothing of its target, but is told', async () => {
  const { log, run } = runner(() => Promise.reject(new TypeError('undefined is not a function')));

  assert.equal(await run(), undefined);

  assert.deepEqual(
    log.lines.map(({ level, data }) => [level, data['monitor']]),
    [['error', 'api']],
  );
});

test('our own end says nothing of the target either, and is no news', async () => {
  const { log, stopping, run } = runner(never);
  const result = run();

  stopping.abort();

  assert.equal(await result, undefined);
  assert.deepEqual(log.lines, []);
});

test('what is no number, has no name worth keeping, or comes after a hundred others is no reading', async () => {
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`queue:${index}`, index]));
  const strange = { endless: Infinity, nothing: Number.NaN, [`queue:${'x'.repeat(300)}`]: 1 };
  const { run } = runner(async () => ({ state: 'up', readings: { ...strange, ...many } }));

  const readings = (await run())?.readings ?? {};

  assert.deepEqual(readings, Object.fromEntries(Object.entries(many).slice(0, 100)));
});

function runner(check: Check) {
  const clock = new FakeClock();
  const log = recordingLog();
  const stopping = new AbortController();
  const subject = { monitor: { name: 'api', timeoutMs: 5_000 }, check, watchedSince: 0, told: NOTHING_TOLD };
  const ids = { secret: () => 'chance' };
  const deps = {
    clock,
    net: scriptedNet(),
    host: fakeHost(),
    browser: noBrowser,
    stateOf: async () => null,
    ids,
    log,
    stopping: stopping.signal,
  };
  const run = () => runCheck(subject, deps);
  return { clock, log, stopping, run };
}
