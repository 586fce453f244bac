import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observe, unknownSince, type Watch } from './watch.ts';

test('a monitor is unknown once two intervals and a deadline have passed without a check, dated to the missed one', () => {
  const watch = aWatch({ state: 'up', lastSeenAt: 100_000 });

  assert.equal(unknownSince(watch, 100_000 + 20_000 + 5_000), undefined);
  assert.equal(unknownSince(watch, 100_000 + 20_000 + 5_001), 110_000);
});

test('what is unknown does not become unknown again', () => {
  assert.equal(unknownSince(aWatch({ state: 'unknown', lastSeenAt: 0 }), 1_000_000), undefined);
});

test('remembers only as many checks as a confirmation needs', () => {
  const watch = aWatch({ state: 'up', lastSeenAt: 0 });

  for (let at = 1; at <= 100; at += 1) observe(watch, { state: 'up', latencyMs: 1 }, at);

  assert.equal(watch.recent.length, 2);
  assert.equal(watch.lastSeenAt, 100);
});

test('an outage keeps the date of its beginning until it can be committed', () => {
  const watch = aWatch({ state: 'up', lastSeenAt: 0 });
  const down = { state: 'down', reason: 'It refused.' } as const;

  const found = [1, 2, 3, 4, 5].map((at) => observe(watch, down, at));

  assert.deepEqual(found, [undefined, ...Array.from({ length: 4 }, () => ({ state: 'down', since: 1 }))]);
  assert.equal(observe(watch, { state: 'up', latencyMs: 1 }, 6), undefined);
});

function aWatch({ state, lastSeenAt }: { state: Watch['record']['state']; lastSeenAt: number }): Watch {
  const record = {
    id: 1,
    environment: 'live',
    name: 'api',
    pingKey: '',
    watchedSince: 0,
    state,
    since: 0,
    reason: null,
  };
  return {
    monitor: {
      name: 'api',
      type: 'tcp',
      settings: {},
      description: null,
      intervalMs: 10_000,
      timeoutMs: 5_000,
      confirm: { down: 2, up: 1 },
      dependsOn: [],
      was: [],
      locations: ['here'],
    },
    record: { ...record, removedAt: null },
    check: async () => undefined,
    recent: [],
    uncommitted: undefined,
    lastSeenAt,
  };
}
