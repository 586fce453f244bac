import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import type { KeptSince } from '../../src/monitoring/history/pruning.ts';
import { pruneTo } from '../../src/monitoring/history/pruning.ts';
import * as resultStore from '../../src/monitoring/history/result-store.ts';
import { rollUp } from '../../src/monitoring/history/roller.ts';
import * as rollupStore from '../../src/monitoring/history/rollup-store.ts';
import { encode } from '../../src/monitoring/history/sketch.ts';
import { type Tally, tallyOf, together } from '../../src/monitoring/history/tally.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { ENGINES } from '../support/databases.ts';
import { knownMonitors, type Stored, standingClock, storeResults } from '../support/results.ts';

const MIDNIGHT = Date.parse('2026-11-01T00:00:00Z');
const LATER = MIDNIGHT + 10 * DAY_MS;
const NOTHING_GOES: KeptSince = { results: null, minutes: null, hours: null, days: null };

const outcome = fc.constantFrom('up', 'up', 'up', 'degraded', 'down');
const result = fc.record({
  monitorId: fc.constant(0),
  at: fc.integer({ min: MIDNIGHT, max: MIDNIGHT + 3 * DAY_MS - 1 }),
  location: fc.constantFrom(0, 0, 1),
  outcome,
  latencyMs: fc.option(fc.integer({ min: 1, max: 5_000_000 }).map((us) => us / 1_000)),
});
/** In the order in which they are stored: some of each batch come late. */
const batches = fc.array(fc.array(result, { maxLength: 40 }), { minLength: 1, maxLength: 4 });

for (const { engine, open } of ENGINES) {
  describe(`roll-ups on ${engine}`, () => {
    test('add up to exactly what the results say, however late and in whatever portions they come', async (t) => {
      const db = await open(t);
      let count = 0;
      await fc.assert(
        fc.asyncProperty(batches, async (written) => {
          const [id = 0] = await knownMonitors(db, [`monitor ${(count += 1)}`]);
          for (const batch of written) {
            await storeResults(db, ofMonitor(id, batch));
            await roll(db);
          }

          await assertEqualsResults(db, id);
        }),
        { numRuns: 15 },
      );
    });

    test('keep what came late for results that are gone, counted once', async (t) => {
      const db = await open(t);
      const [id = 0] = await knownMonitors(db, ['api']);
      const first = checksEvery(MINUTE_MS, { id, from: MIDNIGHT, count: 120 });
      const late = checksEvery(MINUTE_MS, { id, from: MIDNIGHT + 30 * SECOND_MS, count: 30 });
      await storeResults(db, first);
      await roll(db);
      await pruneAt(db, { ...NOTHING_GOES, results: MIDNIGHT + DAY_MS });
      assert.equal((await rawOf(db, id)).length, 0);

      await storeResults(db, late);
      await roll(db);
      await roll(db);

      const [day] = await rollupsOf(db, id, 'day');
      assert.equal(day?.tally.up, 150);
      assert.equal((await rawOf(db, id)).length, 0);
      assert.equal((await rollupsOf(db, id, 'hour'))[0]?.tally.up, 90);
    });

    test('minutes are kept only of hours in which they take less space than the results', async (t) => {
      const db = await open(t);
      const [often = 0, seldom = 0] = await knownMonitors(db, ['often', 'seldom']);
      await storeResults(db, checksEvery(5 * SECOND_MS, { id: often, from: MIDNIGHT, count: 720 }));
      await storeResults(db, checksEvery(MINUTE_MS, { id: seldom, from: MIDNIGHT, count: 60 }));
      await roll(db);

      const minutes = await rollupsOf(db, often, 'minute');
      assert.equal(minutes.length, 60);
      assert.equal(minutes[0]?.tally.up, 12);
      assert.deepEqual(await rollupsOf(db, seldom, 'minute'), []);
    });

    test('nothing is forgotten that is not rolled up, and each tier goes when its time has come', async (t) => {
      const db = await open(t);
      const [id = 0] = await knownMonitors(db, ['api']);
      await storeResults(db, checksEvery(MINUTE_MS, { id, from: MIDNIGHT, count: 2 * 1_440 }));
      await pruneAt(db, { ...NOTHING_GOES, results: LATER, hours: LATER });
      assert.equal((await rawOf(db, id)).length, 2 * 1_440, 'nobody has rolled it up yet');

      await roll(db);
      // Came after its hour was rolled up: that hour and what is newer stays until it is put right.
      await storeResults(db, [{ monitorId: id, at: MIDNIGHT + HOUR_MS + 1, outcome: 'down', latencyMs: null }]);
      await pruneAt(db, { ...NOTHING_GOES, results: LATER, hours: LATER });
      assert.equal((await rawOf(db, id))[0]?.at, MIDNIGHT + HOUR_MS);

      await roll(db);
      await pruneAt(db, { ...NOTHING_GOES, results: LATER, hours: LATER });
      assert.equal((await rawOf(db, id)).length, 0);
      assert.equal((await rollupsOf(db, id, 'hour')).length, 0);
      const days = await rollupsOf(db, id, 'day');
      assert.deepEqual(
        days.map(({ tally }) => [tally.up, tally.down]),
        [
          [1_440, 1],
          [1_440, 0],
        ],
      );

      await pruneAt(db, { ...NOTHING_GOES, days: MIDNIGHT + DAY_MS });
      assert.equal((await rollupsOf(db, id, 'day')).length, 1);
    });

    test('deletes thousands of results in portions, and stops when it is told to', async (t) => {
      const db = await open(t);
      const [id = 0] = await knownMonitors(db, ['api']);
      await storeResults(db, checksEvery(SECOND_MS, { id, from: MIDNIGHT, count: 4 * 3_600 }));
      await roll(db);
      const kept = { ...NOTHING_GOES, results: LATER };

      const deps = { db, clock: standingClock(LATER), environment: 'live' };
      await assert.rejects(pruneTo(deps, kept, AbortSignal.abort(new Error('stopping'))), /stopping/);
      const left = (await rawOf(db, id)).length;

      assert.ok(left > 0 && left < 4 * 3_600, String(left));
      assert.equal(await pruneTo(deps, kept, new AbortController().signal), left);
      assert.equal((await rollupsOf(db, id, 'day'))[0]?.tally.up, 4 * 3_600);
    });

    test('a crash between any two of their writes leaves nothing wrong behind', async (t) => {
      const db = await open(t);
      const [id = 0] = await knownMonitors(db, ['api']);
      await storeResults(db, checksEvery(10 * MINUTE_MS, { id, from: MIDNIGHT, count: 400 }));
      for (let dieAt = 1, isDone = false; !isDone; dieAt += 1) {
        let calls = 0;
        const mortal = dying(db, () => (calls += 1) === dieAt);
        isDone = await rollUp({ db: mortal, clock: standingClock(LATER) }, never()).then(
          () => true,
          (error: unknown) => !/killed/.test(String(error)),
        );
      }

      await assertEqualsResults(db, id);
    });
  });
}

const never = () => new AbortController().signal;

function roll(db: Database): Promise<void> {
  return rollUp({ db, clock: standingClock(LATER) }, never());
}

function pruneAt(db: Database, kept: KeptSince): Promise<number> {
  return pruneTo({ db, clock: standingClock(LATER), environment: 'live' }, kept, never());
}

/** Is killed within a transaction, after its work and before its commit. */
function dying(db: Database, isOver: () => boolean): Database {
  return {
    ...db,
    quiet: (reason, work) =>
      db.quiet(reason, async (tx) => {
        const done = await work(tx);
        if (isOver()) throw new Error('killed');
        return done;
      }),
  };
}

function ofMonitor(monitorId: number, results: readonly Stored[]): readonly Stored[] {
  return results.map((each) => ({ ...each, monitorId }));
}

function checksEvery(
  everyMs: number,
  { id, from, count }: { id: number; from: number; count: number },
): readonly Stored[] {
  return Array.from({ length: count }, (_, index) => ({
    monitorId: id,
    at: from + index * everyMs,
    outcome: 'up',
    latencyMs: 20 + (index % 50),
  }));
}

function rawOf(db: Database, id: number) {
  return resultStore.listIn(db, id, { from: 0, to: LATER });
}

function rollupsOf(db: Database, id: number, tier: rollupStore.Tier) {
  return rollupStore.list(db, { monitorId: id, tier }, { from: 0, to: LATER });
}

async function assertEqualsResults(db: Database, id: number): Promise<void> {
  const results = await rawOf(db, id);
  for (const tier of ['hour', 'day'] as const) {
    const rollups = await rollupsOf(db, id, tier);
    const expected = Map.groupBy(results, ({ at, location }) => `${rollupStore.startOf(at, tier)} ${location}`);
    assert.deepEqual(
      new Map(rollups.map(({ at, location, tally }) => [`${at} ${location}`, comparable(tally)])),
      new Map([...expected].map(([key, part]) => [key, comparable(tallyOf(part))])),
    );
    assert.deepEqual(comparable(together(rollups.map(({ tally }) => tally))), comparable(tallyOf(results)));
  }
}

function comparable({ latencies, ...numbers }: Tally) {
  return { ...numbers, latencies: encode(latencies) };
}
