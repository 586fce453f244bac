import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { allowance, badShare, budgetOf, burnRate, goneAt } from './budget.ts';

test('99.9 % of 30 days leave exactly 43 minutes and 12 seconds', () => {
  assert.deepEqual(budgetOf({ good: 30 * DAY_MS, bad: 0 }, 0.999, 30 * DAY_MS), {
    total: 2_592_000,
    left: 2_592_000,
    ratio: 1,
  });
  assert.equal(allowance(0.999), 0.001);
});

test('an overspent budget is below zero, and says by how much', () => {
  const bad = 54 * MINUTE_MS;

  assert.deepEqual(budgetOf({ good: 30 * DAY_MS - bad, bad }, 0.999, 30 * DAY_MS), {
    total: 2_592_000,
    left: -648_000,
    ratio: -0.25,
  });
});

test('where nothing is known, nothing is said: neither 0 % nor 100 %', () => {
  const nothing = { good: 0, bad: 0 };

  assert.deepEqual(
    [badShare(nothing), burnRate(nothing, 0.999), budgetOf(nothing, 0.999, DAY_MS), budgetOf(nothing, 0.999, 0)],
    [null, null, null, null],
  );
});

test('a quiet day beside a busy hour does not hide what the busy hour lost: every check weighs the same', () => {
  // 23 h with 1 request a minute, 1 h with 1000 a minute of which 10 % fail; averaging ratios would say 0.41 %.
  const tally = { good: 23 * 60 + 54_000, bad: 6_000 };

  assert.equal(Math.floor((badShare(tally) ?? 0) * 10_000) / 100, 9.77);
});

test('a total outage burns 1000 times too fast at 99.9 %, and half of it 500 times', () => {
  assert.equal(burnRate({ good: 0, bad: 5 }, 0.999), 1000);
  assert.equal(burnRate({ good: 5, bad: 5 }, 0.999), 500);
});

test('says when the budget will be gone, and only if it will', () => {
  const rolling = { ratio: 0.5, rate: 14.4, lengthMs: 30 * DAY_MS, endsAt: null };
  const now = 1_000;

  assert.equal(goneAt(rolling, now), now + 25 * HOUR_MS);
  assert.equal(goneAt({ ...rolling, rate: 1 }, now), null, 'a rolling window gives back as much');
  assert.equal(goneAt({ ...rolling, rate: 0 }, now), null);
  assert.equal(goneAt({ ...rolling, ratio: -0.2, rate: 0 }, now), now, 'it is gone already');
  const calendar = { ...rolling, rate: 0.9, endsAt: now + 20 * DAY_MS };
  assert.equal(goneAt(calendar, now)?.toFixed(0), String(now + Math.ceil((15 * DAY_MS) / 0.9)));
  assert.equal(goneAt({ ...calendar, endsAt: now + 10 * DAY_MS }, now), null, 'the month ends before');
});
