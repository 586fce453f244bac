import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import type { Window } from '../../src/monitoring/history/availability.ts';
import { countsIn, goodWithin } from '../../src/monitoring/history/counts.ts';
import { pruneTo } from '../../src/monitoring/history/pruning.ts';
import { rollUp } from '../../src/monitoring/history/roller.ts';
import { latencySeries } from '../../src/monitoring/history/series.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { ENGINES } from '../support/databases.ts';
import { knownMonitors, type Stored, standingClock, storeResults } from '../support/results.ts';

const MIDNIGHT = Date.parse('2026-11-01T00:00:00Z');
const DAYS = 3;
const LATER = MIDNIGHT + (DAYS + 1) * DAY_MS;
const NEVER = new AbortController().signal;

const instant = fc.integer({ min: MIDNIGHT, max: MIDNIGHT + DAYS * DAY_MS - 1 });
const seen = fc.record({
  monitorId: fc.constant(0),
  at: instant,
  outcome: fc.constantFrom('up', 'degraded', 'down'),
  latencyMs: fc.option(fc.integer({ min: 1, max: 3_000 })),
});
const several = fc.uniqueArray(seen, { maxLength: 60, selector: ({ at }) => at });
const hours = fc.tuple(fc.nat(DAYS * 24), fc.nat(DAYS * 24)).map(([from, length]) => ({
  from: MIDNIGHT + from * HOUR_MS,
  to: MIDNIGHT + (from + length) * HOUR_MS,
}));
const anyTimes = fc.tuple(instant, instant).map(([one, other]) => ({ from: one, to: other }));

for (const { engine, open } of ENGINES) {
  describe(`reading checks from the best tier on ${engine}`, () => {
    test('counts each check once, rolled up or late or gone but for its hour', async (t) => {
      const db = await open(t);
      let count = 0;
      await fc.assert(
        fc.asyncProperty(
          several,
          several,
          fc.nat(DAYS),
          fc.tuple(hours, anyTimes),
          async (early, late, gone, windows) => {
            const [whole] = windows;
            const [id = 0] = await knownMonitors(db, [`monitor ${(count += 1)}`]);
            const all = [...new Map([...late, ...early].map((each) => [each.at, { ...each, monitorId: id }])).values()];
            await storeResults(
              db,
              early.map((each) => ({ ...each, monitorId: id })),
            );
            await roll(db);
            await storeResults(
              db,
              late.map((each) => ({ ...each, monitorId: id })),
            );
            for (const window of windows) await assertCounted(db, id, all, window);

            await roll(db);
            for (const window of windows) await assertCounted(db, id, all, window);

            const before = MIDNIGHT + gone * DAY_MS;
            await prune(db, before);
            await assertCounted(db, id, all, whole);
            await prune(db, before, before);
            const day = { from: MIDNIGHT, to: MIDNIGHT + DAYS * DAY_MS };
            await assertCounted(db, id, all, day);
          },
        ),
        { numRuns: 10 },
      );
    });

    test('a series has every check once, in steps of a round length, whatever tier it is read from', async (t) => {
      const db = await open(t);
      const [id = 0] = await knownMonitors(db, ['api']);
      const count = (DAYS * DAY_MS) / (10 * SECOND_MS);
      const results = Array.from({ length: count }, (_, index): Stored => {
        const outcome = index % 100 === 0 ? 'down' : 'up';
        return { monitorId: id, at: MIDNIGHT + index * 10 * SECOND_MS, outcome, latencyMs: 50 + (index % 100) };
      });
      await storeResults(db, results);
      await roll(db);
      await prune(db, MIDNIGHT + DAY_MS);
      const all = { from: MIDNIGHT, to: MIDNIGHT + DAYS * DAY_MS };

      for (const [points, stepMs] of [
        [1_000, 5 * MINUTE_MS],
        [60, 2 * HOUR_MS],
        [3, DAY_MS],
      ] as const) {
        const series = await latencySeries(db, { monitorId: id, window: all, points });
        assert.equal(series.stepMs, stepMs);
        assert.ok(series.points.every(({ at }) => at % stepMs === 0));
        assert.equal(sum(series.points.map(({ checks }) => checks)), count);
        assert.equal(sum(series.points.map(({ failures }) => failures)), Math.ceil(count / 100));
        const { p50, p95, p99, min, max } = series.whole;
        assert.deepEqual([min, max], [51, 149]);
        for (const [told, exact] of [
          [p50, 100],
          [p95, 144],
          [p99, 148],
        ] as const) {
          assert.ok(Math.abs((told ?? 0) - exact) <= exact * 0.02, `${told} is not ${exact}`);
        }
      }
    });

    test('a series of a time without a check has no points, and no made-up numbers', async (t) => {
      const db = await open(t);
      const [id = 0] = await knownMonitors(db, ['api']);

      const series = await latencySeries(db, { monitorId: id, window: { from: 0, to: DAY_MS }, points: 10 });

      assert.deepEqual(series.points, []);
      assert.deepEqual([series.whole.checks, series.whole.p99, series.whole.min], [0, null, null]);
    });
  });
}

async function assertCounted(db: Database, id: number, all: readonly Stored[], window: Window): Promise<void> {
  const inside = all.filter(({ at }) => at >= window.from && at < window.to);
  const said = (outcome: Stored['outcome']) => inside.filter((each) => each.outcome === outcome);
  const expected = { up: said('up').length, degraded: said('degraded').length, down: said('down').length };
  assert.deepEqual(await countsIn(db, [id, id], window), expected);

  const answers = [...said('up'), ...said('degraded')].flatMap(({ latencyMs }) => latencyMs ?? []);
  const { good, total } = await goodWithin(db, id, window, 1_000);
  assert.equal(total, answers.length + expected.down);
  assert.ok(good >= answers.filter((latency) => latency <= 985).length, 'too few are good');
  assert.ok(good <= answers.filter((latency) => latency <= 1_015).length, 'too many are good');
}

function roll(db: Database): Promise<void> {
  return rollUp({ db, clock: standingClock(LATER) }, NEVER);
}

async function prune(db: Database, results: number, hoursBefore: number | null = null): Promise<void> {
  const kept = { results, minutes: null, hours: hoursBefore, days: null };
  await pruneTo({ db, clock: standingClock(LATER), environment: 'live' }, kept, NEVER);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
