import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts';
import type { Rates } from './burning.ts';
import type { BurnPair } from './objective.ts';
import { CALM, nextStanding, Standing } from './standing.ts';

const PAGE: BurnPair = { severity: 'critical', longMs: HOUR_MS, shortMs: 5 * MINUTE_MS, factor: 14.4 };
const TICKET: BurnPair = { severity: 'warning', longMs: 24 * HOUR_MS, shortMs: 2 * HOUR_MS, factor: 3 };
const CALM_RATES = rates(0, 0);

function rates(long: number | null, short: number | null, isMoreThanOne = true): Rates {
  return { long, short, isMoreThanOne };
}

/** Looks every minute; returns what was told, with the minute. */
function story(looks: readonly (readonly [page: Rates, ticket?: Rates, budgetLeft?: number | null])[]) {
  let standing: Standing = CALM;
  return looks.flatMap(([page, ticket = CALM_RATES, budgetLeft = 0.5], minute) => {
    const next = nextStanding(standing, [PAGE, TICKET], { rates: [page, ticket], budgetLeft }, minute * MINUTE_MS);
    standing = next.standing;
    return next.happenings.map((happening) =>
      happening.what === 'burning' ? `${minute} ${happening.pair.severity}` : `${minute} ${happening.what}`,
    );
  });
}

test('begins when both windows are too fast, and ends when the short one was calm for its own length', () => {
  const calm = Array.from({ length: 8 }, () => [rates(20, 1)] as const);

  assert.deepEqual(story([[rates(20, 1)], [rates(14.4, 20)], [rates(14.5, 14.5)], [rates(20, 20)], ...calm]), [
    '2 critical',
    '9 calmed',
  ]);
});

test('a moment of calm ends nothing', () => {
  const hot = [rates(20, 20)] as const;
  const calm = [rates(20, 0)] as const;

  assert.deepEqual(story([hot, calm, calm, calm, calm, hot, calm, calm, calm, calm, hot]), ['0 critical']);
});

test('one failed check is no burning budget, however few there were', () => {
  assert.deepEqual(story([[rates(50, 1000, false)], [rates(null, null)]]), []);
});

test('not to know is no calm while the long window remembers, and ends it when nothing is left that says so', () => {
  const blind = Array.from({ length: 20 }, () => [rates(20, null)] as const);
  const empty = Array.from({ length: 8 }, () => [rates(null, null)] as const);

  assert.deepEqual(story([[rates(20, 20)], ...blind, ...empty]), ['0 critical', '26 calmed']);
});

test('what gets worse is told again, and what is left of it too', () => {
  const both = [rates(20, 20), rates(4, 4)] as const;
  const slow = Array.from({ length: 7 }, () => [rates(10, 1), rates(4, 4)] as const);

  assert.deepEqual(story([[CALM_RATES, rates(4, 4)], both, both, ...slow, both]), [
    '0 warning',
    '1 critical',
    '8 warning',
    '10 critical',
  ]);
});

test('a spent budget is told once, and its return when a hundredth of it is back', () => {
  const left = [0.1, 0, -0.5, 0.001, null, -0.001, 0.009, 0.01, 0.005].map(
    (budgetLeft) => [CALM_RATES, CALM_RATES, budgetLeft] as const,
  );

  assert.deepEqual(story(left), ['1 spent', '7 restored']);
});

test('whatever the numbers do, it begins at most once in the length of the short window, and always ends before it begins again', () => {
  const number = fc.option(fc.double({ min: 0, max: 40, noNaN: true }), { nil: null });
  const look = fc.record({ long: number, short: number, isMoreThanOne: fc.boolean() });
  fc.assert(
    fc.property(fc.array(look, { minLength: 20, maxLength: 300 }), (looks) => {
      const told = story(looks.map((each) => [each] as const));
      const begun = told.filter((each) => each.endsWith('critical')).map((each) => Number.parseInt(each, 10));
      for (const [index, minute] of begun.entries()) {
        const next = begun[index + 1];
        assert.ok(next === undefined || next - minute > 5, told.join(', '));
      }
      for (const [index, each] of told.entries()) {
        assert.equal(each.endsWith(index % 2 === 0 ? 'critical' : 'calmed'), true, told.join(', '));
      }
    }),
    { numRuns: 300 },
  );
});

test('what is remembered survives being written down', () => {
  const { standing } = nextStanding(
    CALM,
    [PAGE, TICKET],
    { rates: [rates(20, 20), rates(4, 4)], budgetLeft: -1 },
    60_000,
  );

  assert.deepEqual(Standing.parse(JSON.parse(JSON.stringify(standing))), standing);
  assert.equal(standing.told, 'critical');
});
