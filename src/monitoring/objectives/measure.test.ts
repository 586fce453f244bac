import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { State } from '../../contracts/state.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import type { Change } from '../history/availability.ts';
import { defaultPairs } from './burn-pairs.ts';
import type { CheckTallies } from './check-tallies.ts';
import { type Measurement, measure } from './measure.ts';
import type { Objective } from './objective.ts';
import { PERIODS, type Period } from './period.ts';
import { CALM, nextStanding } from './standing.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

function promise(target: number, period: Period, kind: Objective['kind'] = 'time'): Objective {
  return {
    name: 'api availability',
    monitor: 'api',
    intervalMs: MINUTE_MS,
    slackMs: 2_000,
    measure: 'availability',
    limitMs: null,
    kind,
    target,
    period,
    zone: 'Europe/Berlin',
    maintenance: 'excluded',
    degraded: 'good',
    minChecks: 20,
    pairs: defaultPairs(target, period),
    whenSpent: 'allowed',
  };
}

const NO_CHECKS: CheckTallies = { read: async () => ({ good: 0, bad: 0 }) };

/** A check every minute; it is good until `outageAt`. */
function checksUntil(outageAt: number): CheckTallies {
  const inMinutes = (from: number, to: number) => Math.max(0, Math.ceil(to / MINUTE_MS) - Math.ceil(from / MINUTE_MS));
  return {
    read: async (_objective, _id, { from, to }) => ({
      good: inMinutes(from, Math.min(to, outageAt)),
      bad: inMinutes(Math.max(from, outageAt), to),
    }),
  };
}

function change(at: number, state: State): Change {
  return { at, state, reason: null };
}

const target = fc.double({ min: 0.00001, max: 0.99999, noNaN: true });

for (const kind of ['time', 'checks'] as const) {
  test(`a total outage is critical within 45 minutes and one look, counted in ${kind}, whatever is promised [SLO-01/R]`, async () => {
    await fc.assert(
      fc.asyncProperty(target, fc.constantFrom(...PERIODS), async (promised, period) => {
        const objective = promise(promised, period, kind);
        const past = { monitorId: 1, changes: [change(NOW - 100 * DAY_MS, 'up'), change(NOW, 'down')] };
        // Checks are a minute apart, so what they show is a minute late.
        const at = NOW + 46.5 * MINUTE_MS;
        const measured = await measure(objective, past, checksUntil(NOW), at);
        assert.equal(isCritical(objective, measured, at), true);
        const before = await measure(objective, past, checksUntil(NOW), NOW);
        assert.equal(isCritical(objective, before, NOW), false);
      }),
      { numRuns: 100 },
    );
  });
}

function isCritical({ pairs }: Objective, { rates }: Measurement, now: number): boolean {
  return nextStanding(CALM, pairs, { rates, budgetLeft: null }, now).standing.told === 'critical';
}

test('a service that was added a moment ago and is down burns nothing yet: too little is known', async () => {
  const past = { monitorId: 1, changes: [change(NOW - 20 * MINUTE_MS, 'down')] };

  const { rates, reached } = await measure(promise(0.999, '30d'), past, NO_CHECKS, NOW);

  assert.equal(reached, 0);
  assert.deepEqual(
    rates.map(({ long }) => long),
    [null, null, null, null],
  );
});

test('time is neither made nor lost: what was reached is what is counted second by second', async () => {
  const state = fc.constantFrom<State>('up', 'degraded', 'down', 'maintenance', 'unknown');
  const step = fc.record({ state, seconds: fc.integer({ min: 1, max: 200_000 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      let at = NOW - 9 * DAY_MS;
      const changes = steps.map((each) => {
        const made = change(at, each.state);
        at += each.seconds * SECOND_MS;
        return made;
      });
      const known = changes.filter((each) => each.at <= NOW);
      const measured = await measure(promise(0.99, '7d'), { monitorId: 1, changes: known }, NO_CHECKS, NOW);

      const { up, degraded, down, maintenance } = secondsOfWeek(known);
      const all = up + degraded + down;
      assert.equal(measured.reached, all === 0 ? null : 1 - down / all);
      const budget = 0.01 * (7 * DAY_MS - maintenance * SECOND_MS);
      const left = all === 0 || budget === 0 ? null : Math.round(budget - down * SECOND_MS);
      assert.equal(measured.budget === null ? null : Math.round(measured.budget.left), left);
      for (const rate of measured.rates.flatMap(({ long, short }) => [long, short])) assert.ok(!Number.isNaN(rate));
    }),
    { numRuns: 20 },
  );
});

test('the first bad minutes of a month do not spend the budget of all of it', async () => {
  const began = Date.parse('2026-10-31T23:00:00Z');
  const past = { monitorId: 1, changes: [change(began, 'down'), change(began + 20 * MINUTE_MS, 'up')] };

  const { from, to, reached, budget, coverage } = await measure(
    promise(0.999, 'month'),
    past,
    NO_CHECKS,
    began + 2 * HOUR_MS,
  );

  assert.deepEqual([from, to - from], [began, 30 * DAY_MS]);
  assert.deepEqual([reached, coverage], [1 - 1 / 6, 1]);
  assert.equal(budget?.left, 43.2 * MINUTE_MS - 20 * MINUTE_MS);
});

function secondsOfWeek(changes: readonly Change[]): Readonly<Record<State, number>> {
  const seconds = { up: 0, degraded: 0, down: 0, maintenance: 0, unknown: 0 };
  let index = 0;
  for (let second = NOW - 7 * DAY_MS; second < NOW; second += SECOND_MS) {
    while ((changes[index + 1]?.at ?? Number.POSITIVE_INFINITY) <= second) index += 1;
    seconds[changes[index]?.state ?? 'unknown'] += 1;
  }
  return seconds;
}
