import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { burnRate } from './budget.ts';
import { canFire, defaultPairs, fastest, highestFactor } from './burn-pairs.ts';
import { nextBurn } from './burning.ts';
import { PERIODS } from './period.ts';

const factors = (target: number, period: (typeof PERIODS)[number]) =>
  defaultPairs(target, period).map(({ factor }) => factor);

test('the usual pairs are those of the SRE workbook, scaled to the period', () => {
  assert.deepEqual(defaultPairs(0.999, '30d'), [
    { severity: 'critical', longMs: HOUR_MS, shortMs: 5 * MINUTE_MS, factor: 14.4 },
    { severity: 'critical', longMs: 6 * HOUR_MS, shortMs: 30 * MINUTE_MS, factor: 6 },
    { severity: 'warning', longMs: DAY_MS, shortMs: 2 * HOUR_MS, factor: 3 },
    { severity: 'warning', longMs: 3 * DAY_MS, shortMs: 6 * HOUR_MS, factor: 1 },
  ]);
  assert.deepEqual(
    factors(0.999, '28d').map((factor) => factor.toFixed(3)),
    ['13.440', '5.600', '2.800', '0.933'],
  );
  assert.deepEqual(factors(0.999, 'month'), factors(0.999, '30d'));
  assert.deepEqual(factors(0.999, '90d'), [43.2, 18, 9, 3]);
});

test('nobody hears of a week whose budget burns more slowly than it may', () => {
  assert.deepEqual(factors(0.999, '7d'), [3.36, 1.4, 1, 1]);
});

test('where a factor of the workbook could never fire, three quarters of an outage is enough', () => {
  assert.deepEqual(factors(0.9, '30d'), [7.5, 6, 3, 1]);
  assert.deepEqual(factors(0.5, '30d'), [1.5, 1.5, 1.5, 1]);
});

test('knows which factors can never fire, and the highest that can', () => {
  assert.equal(canFire(14.4, 0.95), true);
  assert.equal(canFire(14.4, 0.9), false);
  assert.equal(canFire(10, 0.9), false, 'a total outage is exactly ten times too fast, and not faster');
  assert.deepEqual([0.9, 0.5, 0.999, 0.93].map(highestFactor), [9.9, 1.99, 990, 14.2]);
});

const target = fc.double({ min: 0.000001, max: 0.999999, noNaN: true, minExcluded: true, maxExcluded: true });

test('the highest factor can fire, whatever is promised', () => {
  fc.assert(
    fc.property(target, (promised) => {
      const highest = highestFactor(promised);
      assert.ok(canFire(highest, promised) && highest > fastest(promised) * 0.98, String(highest));
    }),
  );
});

test('a total outage is called critical within 45 minutes and one look, whatever is promised and over how long [SLO-01/R]', () => {
  fc.assert(
    fc.property(target, fc.constantFrom(...PERIODS), (promised, period) => {
      const firesAt = minutesUntilCritical(promised, period);
      assert.ok(firesAt <= 45.5, `${firesAt} minutes`);
    }),
    { numRuns: 500 },
  );
});

test('a total outage is told of as soon as the workbook says', () => {
  // 52 s, 2.2 min, 4.3 min, 8.6 min and 43 min, seen at the next look.
  assert.deepEqual(
    [0.999, 0.9975, 0.995, 0.99, 0.95].map((promised) => minutesUntilCritical(promised, '30d')),
    [1, 2.5, 4.5, 9, 43.5],
  );
});

/** Everything was well before, and is lost from minute 0 on; looked at every 30 seconds. */
function minutesUntilCritical(promised: number, period: (typeof PERIODS)[number]): number {
  const critical = defaultPairs(promised, period).filter(({ severity }) => severity === 'critical');
  const rateOver = (windowMs: number, lostMs: number) =>
    burnRate({ bad: Math.min(lostMs, windowMs), good: Math.max(0, windowMs - lostMs) }, promised);
  for (let lostMs = 0; ; lostMs += 30 * SECOND_MS) {
    const fires = critical.some((pair) => {
      const rates = { long: rateOver(pair.longMs, lostMs), short: rateOver(pair.shortMs, lostMs) };
      return nextBurn(undefined, pair, { ...rates, isMoreThanOne: true }, 0) !== undefined;
    });
    if (fires || lostMs > DAY_MS) return lostMs / MINUTE_MS;
  }
}
