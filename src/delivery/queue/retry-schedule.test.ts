import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { nextAttemptAt } from './retry-schedule.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');

const young = fc.record({
  attempt: fc.integer({ min: 1, max: 2_000 }),
  queuedAt: fc.integer({ min: NOW - 20 * HOUR_MS, max: NOW }),
  now: fc.constant(NOW),
  retryAfterMs: fc.option(fc.integer({ min: -DAY_MS, max: 7 * DAY_MS }), { nil: undefined }),
  chance: fc.double({ min: 0, max: 1, noNaN: true }),
});

test('tries again after 1, 2, 5, 10 and 30 seconds, 1, 2 and 5 minutes, then every 5 minutes', () => {
  const waits = Array.from({ length: 10 }, (_, index) => waitAfter(index + 1) / SECOND_MS);

  assert.deepEqual(waits, [1, 2, 5, 10, 30, 60, 120, 300, 300, 300]);
});

test('gives up when the next attempt would come more than a day after the message was queued', () => {
  const failed = { attempt: 300, now: NOW, chance: 0 };

  assert.equal(nextAttemptAt({ ...failed, queuedAt: NOW - DAY_MS + 5 * MINUTE_MS }), NOW + 5 * MINUTE_MS);
  assert.equal(nextAttemptAt({ ...failed, queuedAt: NOW - DAY_MS + 5 * MINUTE_MS - 1 }), null);
});

test('does not give up before the schedule was gone through once, however old the message: we may have been away', () => {
  const failed = { queuedAt: NOW - 7 * DAY_MS, now: NOW, chance: 0 };

  const waits = Array.from({ length: 8 }, (_, index) => nextAttemptAt({ ...failed, attempt: index + 1 }));

  assert.deepEqual(
    waits.map((at) => at !== null),
    [true, true, true, true, true, true, true, false],
  );
});

test('never comes before the receiver asked for it, unless that is more than an hour', () => {
  fc.assert(
    fc.property(young, (failed) => {
      const asked = Math.min(failed.retryAfterMs ?? 0, HOUR_MS);
      const at = nextAttemptAt(failed);
      assert.ok(at !== null && at >= NOW + asked);
    }),
  );
});

test('does not let an unreadable wish of the receiver through', () => {
  assert.equal(
    nextAttemptAt({ attempt: 1, queuedAt: NOW, now: NOW, chance: 0, retryAfterMs: Number.NaN }),
    NOW + 1_000,
  );
});

test('never comes before its time, and a tenth of the time late at most', () => {
  fc.assert(
    fc.property(young, (failed) => {
      const waitMs = (nextAttemptAt(failed) ?? 0) - NOW;
      const planned = Math.max(waitAfter(failed.attempt), Math.min(failed.retryAfterMs ?? 0, HOUR_MS));
      assert.ok(waitMs >= planned && waitMs <= planned * 1.1 + 1, `${waitMs} ms instead of ${planned} ms`);
    }),
  );
});

test('waits longer, or as long, after each further failure', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), (attempt) => {
      assert.ok(waitAfter(attempt + 1) >= waitAfter(attempt));
    }),
  );
});

test('is spread, so that what failed together does not come back together', () => {
  const failed = { attempt: 1, queuedAt: NOW, now: NOW };

  assert.notEqual(nextAttemptAt({ ...failed, chance: 0.1 }), nextAttemptAt({ ...failed, chance: 0.9 }));
});

test('comes to an end, however much patience is asked for', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 7 * DAY_MS }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (asked, chance) => {
        let now: number | null = NOW;
        for (let attempt = 1; now !== null; attempt += 1) {
          assert.ok(attempt < 400 && now <= NOW + DAY_MS);
          now = nextAttemptAt({ attempt, queuedAt: NOW, now, retryAfterMs: asked, chance });
        }
      },
    ),
  );
});

function waitAfter(attempt: number): number {
  return (nextAttemptAt({ attempt, queuedAt: NOW, now: NOW, chance: 0 }) ?? NOW) - NOW;
}
