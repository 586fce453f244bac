import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { createScheduler } from './scheduler.ts';

test('runs a task at once, and then on its grid without drift', async (t) => {
  const { clock, scheduler, runsOf } = start(t);
  scheduler.set([{ name: 'api', intervalMs: 1_000 }]);

  await clock.advance(10_500);

  assert.deepEqual(runsOf('api'), [0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000, 10_000]);
});

test('spreads the first runs of many tasks, and within one interval', async (t) => {
  const { clock, scheduler, runs } = start(t);
  scheduler.set(Array.from({ length: 500 }, (_, index) => ({ name: `m${index}`, intervalMs: 1_000 })));

  await clock.advance(1_000);

  const first = new Map(runs.toReversed().map(({ name, at }) => [name, at]));
  assert.equal(first.size, 500);
  assert.ok(new Set(first.values()).size > 100, 'they all ran at the same moment');
});

test('keeps the phase of a task that did not change', async (t) => {
  const { clock, scheduler, runsOf } = start(t);
  scheduler.set([{ name: 'api', intervalMs: 1_000 }]);
  await clock.advance(300);

  scheduler.set([
    { name: 'api', intervalMs: 1_000 },
    { name: 'web', intervalMs: 1_000 },
  ]);
  await clock.advance(1_000);

  assert.deepEqual(runsOf('api'), [0, 1_000]);
  assert.deepEqual(runsOf('web'), [300, 1_300]);
});

test('forgets a task that is no longer wanted', async (t) => {
  const { clock, scheduler, runsOf } = start(t);
  scheduler.set([{ name: 'api', intervalMs: 1_000 }]);
  await clock.advance(500);
  scheduler.set([]);

  await clock.advance(5_000);

  assert.deepEqual(runsOf('api'), [0]);
});

test('never runs a task while it is running, and skips the turns it missed', async (t) => {
  const { clock, scheduler, runsOf } = start(t, { takesMs: 2_500 });
  scheduler.set([{ name: 'slow', intervalMs: 1_000 }]);

  await clock.advance(6_500);

  assert.deepEqual(runsOf('slow'), [0, 3_000, 6_000]);
});

test('runs a task on demand without moving its turns, and joins a run under way', async (t) => {
  const { clock, scheduler, runsOf } = start(t, { takesMs: 100 });
  scheduler.set([{ name: 'api', intervalMs: 1_000 }]);
  await clock.advance(500);

  const both = Promise.all([scheduler.trigger('api'), scheduler.trigger('api')]);
  await clock.advance(600);

  assert.deepEqual(await both, [true, true]);
  assert.deepEqual(runsOf('api'), [0, 500, 1_000]);
  assert.equal(await scheduler.trigger('nobody'), false);
});

test('waits for what runs when it stops', async () => {
  const clock = new FakeClock();
  let isDone = false;
  const run = async () => {
    await clock.sleep(100);
    isDone = true;
  };
  const scheduler = createScheduler({ clock, run });
  scheduler.set([{ name: 'api', intervalMs: 1_000 }]);
  scheduler.start();
  await clock.advance(10);

  const stopped = scheduler.stop();
  await clock.advance(100);
  await stopped;

  assert.ok(isDone);
});

test('a task that moves to another host waits for the tasks of that host, and no more for those of the other', async (t) => {
  const { clock, scheduler, runs } = start(t, { takesMs: 900 });
  const names = Array.from({ length: 60 }, (_, index) => `m${index}`);
  const on = (host: string) => names.map((name) => ({ name, intervalMs: 1_000, timeoutMs: 1_000, host }));
  scheduler.set(on('old'));
  await clock.advance(1_000);
  scheduler.set(on('new'));
  runs.length = 0;
  await clock.advance(1_500);

  assert.equal(
    new Set(runs.map(({ name }) => name)).size,
    names.length,
    'only as many began as on a host without tasks',
  );
});

function start(t: TestContext, { takesMs = 0 }: { takesMs?: number } = {}) {
  const clock = new FakeClock();
  const startedAt = clock.now();
  const runs: { name: string; at: number }[] = [];
  const run = async (name: string) => {
    runs.push({ name, at: clock.now() - startedAt });
    if (takesMs > 0) await clock.sleep(takesMs);
  };
  const scheduler = createScheduler({ clock, run });
  scheduler.start();
  t.after(async () => {
    const stopped = scheduler.stop();
    await clock.advance(takesMs);
    await stopped;
  });
  const runsOf = (name: string) => runs.filter((entry) => entry.name === name).map(({ at }) => at);
  return { clock, scheduler, runs, runsOf };
}
