import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aWatch } from '../../../test/support/watches.ts';
import { addPending, believed, remember, unknownSince, watchOver } from './watch.ts';

test('a monitor is unknown once two intervals have passed without a check, dated to the missed one', () => {
  const look = { state: 'up', lastSeenAt: 100_000, intervalMs: 10_000, slackMs: 2_000 } as const;

  assert.equal(unknownSince(look, 100_000 + 20_000 + 2_000), undefined);
  assert.equal(unknownSince(look, 100_000 + 20_000 + 2_001), 110_000);
});

test('what is unknown does not become unknown again', () => {
  assert.equal(
    unknownSince({ state: 'unknown', lastSeenAt: 0, intervalMs: 10_000, slackMs: 2_000 }, 1_000_000),
    undefined,
  );
});

test('remembers only as many checks as a confirmation needs', () => {
  const watch = aWatch({ confirm: { down: 2, up: 1 } });

  for (let at = 1; at <= 100; at += 1) remember(watch, { state: 'up' }, at);

  assert.equal(watch.standing.recent.length, 2);
  assert.equal(watch.standing.lastSeenAt, 100);
});

test('what is sure counts before it is committed', () => {
  const change = { state: 'down', since: 7, confirmedAt: 8, reason: null, rootCause: null } as const;
  const { standing } = aWatch({}, { state: 'up', pending: [change] });

  assert.deepEqual(believed(standing), change);
});

test('a reload forgets neither what was seen nor what waits to be committed', () => {
  const before = aWatch({ name: 'api' }, { state: 'up' });
  remember(before, { state: 'down', reason: 'It refused.' }, 5);
  before.standing.pending.push({ state: 'down', since: 5, confirmedAt: 6, reason: null, rootCause: null });

  const renamed = { ...before.standing.record, name: 'backend', state: 'degraded', since: 3 } as const;
  const after = watchOver({ ...before, monitor: { ...before.monitor, name: 'backend' } }, renamed, {
    before,
    lastResult: undefined,
  });

  assert.equal(after.standing, before.standing);
  assert.equal(after.standing.record.state, 'up', 'what waits is committed on top of what was seen');
  assert.equal(after.standing.record.name, 'backend', 'it is told of under its name of now');
});

test('whatever flaps while the database is away keeps its first change and its latest ones, and no more than a hundred', () => {
  const { standing } = aWatch();

  for (let at = 1; at <= 10_000; at += 1) {
    const state = at % 2 === 0 ? 'up' : 'down';
    addPending(standing, { state, since: at, confirmedAt: at, reason: null, rootCause: null });
  }

  assert.equal(standing.pending.length, 100);
  assert.deepEqual(
    standing.pending.slice(0, 3).map(({ state, since }) => [state, since]),
    [
      ['down', 1],
      ['unknown', 2],
      ['down', 9_903],
    ],
  );
  assert.equal(believed(standing).since, 10_000);
});
