import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { canaryComplaint } from './canary.ts';
import { type Look, newGrace, uncovered } from './covered.ts';

const LOOK_MS = 5 * SECOND_MS;
const HELD_UP_MS = 20 * SECOND_MS;

/** Looks every five seconds from `from` until `until`; returns when the monitor was first not covered. */
function firstLost(look: (at: number) => Partial<Look>, { from = 0, until = HOUR_MS, grace = newGrace() } = {}) {
  for (let at = from; at <= until; at += LOOK_MS) {
    const each = {
      name: 'api',
      intervalMs: MINUTE_MS,
      lastResultAt: null,
      isPush: false,
      isResting: false,
      ...look(at),
    };
    if (uncovered([each], grace, at, HELD_UP_MS).length > 0) return at;
  }
  return null;
}

const upTo = (end: number) => (at: number) => ({ lastResultAt: Math.floor(Math.min(at, end) / MINUTE_MS) * MINUTE_MS });

test('what has no result within two intervals is not covered', () => {
  assert.equal(firstLost(upTo(HOUR_MS)), null);
  assert.equal(firstLost(upTo(10 * MINUTE_MS)), 12 * MINUTE_MS + LOOK_MS);
});

test('whoever has just started gives everybody two intervals, however long ago the last result was', () => {
  const start = 2 * HOUR_MS;

  assert.equal(
    firstLost(() => ({ lastResultAt: 0 }), { from: start, until: 3 * HOUR_MS }),
    start + 2 * MINUTE_MS + LOOK_MS,
  );
});

test('whoever was suspended does not take its own absence for that of others', () => {
  const grace = newGrace();
  firstLost(upTo(HOUR_MS), { until: MINUTE_MS, grace });

  assert.equal(firstLost(upTo(MINUTE_MS), { from: HOUR_MS, until: HOUR_MS + MINUTE_MS, grace }), null);
});

test('a new interval, and the end of announced work, begin the time anew', () => {
  const slower = (at: number) => ({ lastResultAt: 0, intervalMs: at < 10 * MINUTE_MS ? HOUR_MS : MINUTE_MS });
  const rested = (at: number) => ({ lastResultAt: 0, isResting: at <= 10 * MINUTE_MS });

  assert.equal(firstLost(slower), 12 * MINUTE_MS + LOOK_MS);
  assert.equal(firstLost(rested), 12 * MINUTE_MS + LOOK_MS);
});

test('a job that was never heard of is not missed, one that was is', () => {
  assert.equal(
    firstLost(() => ({ isPush: true })),
    null,
  );
  assert.equal(
    firstLost(() => ({ isPush: true, lastResultAt: 0 })),
    2 * MINUTE_MS + LOOK_MS,
  );
});

test('whatever the checks do, it is told in time and never without need', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 50 * MINUTE_MS }),
      fc.integer({ min: 5_000, max: 5 * MINUTE_MS }),
      (end, intervalMs) => {
        const last = Math.floor(end / intervalMs) * intervalMs;
        const lostAt = firstLost(
          (at) => ({ intervalMs, lastResultAt: Math.min(Math.floor(at / intervalMs) * intervalMs, last) }),
          { until: 2 * HOUR_MS },
        );

        assert.ok(
          lostAt !== null &&
            lostAt > last + 2 * intervalMs &&
            lostAt <= last + 2 * intervalMs + 2 * SECOND_MS + LOOK_MS,
        );
      },
    ),
    { numRuns: 100 },
  );
});

test('the canary has to be checked, to fail, and to be noticed', () => {
  const well = { intervalMs: 30_000, state: 'down', outcome: 'down', lastResultAt: 300_000, from: 0 } as const;
  const at = 310_000;

  assert.equal(canaryComplaint(well, at), null);
  assert.match(canaryComplaint({ ...well, outcome: 'up' }, at) ?? '', /must fail did not/);
  assert.match(canaryComplaint({ ...well, lastResultAt: 200_000 }, at) ?? '', /not made any more/);
  assert.match(canaryComplaint({ ...well, state: 'up' }, at) ?? '', /nobody took notice/);
  assert.equal(canaryComplaint({ ...well, state: 'unknown', lastResultAt: null, outcome: null }, 60_000), null);
  assert.match(
    canaryComplaint({ ...well, state: 'unknown', lastResultAt: null, outcome: null }, 63_000) ?? '',
    /not made/,
  );
});
