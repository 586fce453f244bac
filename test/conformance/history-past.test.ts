import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY_MS, HOUR_MS } from '../../src/kernel/clock.ts';
import { availabilityIn } from '../../src/monitoring/history/availability.ts';
import * as changeStore from '../../src/monitoring/history/change-store.ts';
import { countsIn } from '../../src/monitoring/history/counts.ts';
import { createDayLedger } from '../../src/monitoring/history/day-ledger.ts';
import { freezeMonths, monthlyAvailability } from '../../src/monitoring/history/frozen-month.ts';
import { addPast, type Past } from '../../src/monitoring/history/imported-past.ts';
import type { PastSpan } from '../../src/monitoring/history/past-timeline.ts';
import * as resultStore from '../../src/monitoring/history/result-store.ts';
import { latencySeries } from '../../src/monitoring/history/series.ts';
import { tidy } from '../../src/monitoring/history/tidying.ts';
import * as monitorStore from '../../src/monitoring/state/monitor-store.ts';
import { commitState } from '../../src/monitoring/state/state-commit.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { ENGINES } from '../support/databases.ts';
import { standingClock } from '../support/results.ts';

const TODAY = Date.parse('2026-11-20T00:00:00Z');
const SINCE = TODAY + 10.5 * HOUR_MS;
const environment = 'live';

const latency = { averageMs: 40, minMs: 12, maxMs: 900 };

function day(before: number, up: number, down: number): PastSpan {
  return { at: TODAY - before * DAY_MS, length: 'day', up, down, latency, outages: [] };
}

function hour(index: number, up: number, down: number): PastSpan {
  return { at: TODAY + index * HOUR_MS, length: 'hour', up, down, latency, outages: [] };
}

const SPANS = [day(3, 1440, 0), day(2, 1368, 72), day(1, 1440, 0), hour(8, 60, 0), hour(9, 45, 15)];
const PAST: Past = { origin: 'Uptime Kuma', spans: SPANS };

for (const { engine, open } of ENGINES) {
  describe(`a past that is brought along on ${engine}`, () => {
    test('shows the uptime of days before anybody watched here, by the counts of those who did', async (t) => {
      const { db, id } = await watchedSince(await open(t));

      assert.deepEqual(await addPast({ db, environment }, 'api', PAST), { added: 5, known: 0 });

      const changes = (await changeStore.listSince(db, [id], 0)).get(id) ?? [];
      for (const { at, length, up, down } of SPANS) {
        const to = at + (length === 'day' ? DAY_MS : HOUR_MS);
        const { ratio } = availabilityIn(changes, { from: at, to });
        assert.equal(ratio?.toFixed(6), (up / (up + down)).toFixed(6));
      }
      const window = { from: TODAY - 3 * DAY_MS, to: TODAY };
      assert.deepEqual(await countsIn(db, [id], window), { up: 4248, degraded: 0, down: 72 });
      const { whole } = await latencySeries(db, { monitorId: id, window, points: 10 });
      assert.deepEqual([whole.checks, whole.failures, whole.min, whole.max], [4320, 72, 12, 900]);
      assert.ok(Math.abs((whole.p50 ?? 0) - 40) < 0.5);
    });

    test('is counted once, however often it is told', async (t) => {
      const { db, id } = await watchedSince(await open(t));
      await addPast({ db, environment }, 'api', { ...PAST, spans: SPANS.slice(2) });
      const all = async () => ({
        changes: (await changeStore.listSince(db, [id], 0)).get(id),
        counts: await countsIn(db, [id], { from: TODAY - 9 * DAY_MS, to: SINCE }),
      });

      assert.deepEqual(await addPast({ db, environment }, 'api', PAST), { added: 2, known: 3 });
      const once = await all();
      assert.deepEqual(await addPast({ db, environment }, 'api', PAST), { added: 0, known: 5 });

      assert.deepEqual(await all(), once);
      assert.deepEqual(once.counts, { up: 4353, degraded: 0, down: 87 });
    });

    test('never reaches into the time in which Evenkeel watched by itself', async (t) => {
      const { db, id } = await watchedSince(await open(t));
      await seeUp(db, id, SINCE + 1_000);

      const spans = [hour(9, 60, 0), hour(10, 0, 60), hour(11, 0, 60)];
      assert.deepEqual(await addPast({ db, environment }, 'api', { ...PAST, spans }), { added: 1, known: 2 });

      const changes = (await changeStore.listSince(db, [id], 0)).get(id) ?? [];
      assert.deepEqual(
        changes.map(({ at, state }) => [at, state]),
        [
          [TODAY + 9 * HOUR_MS, 'up'],
          [TODAY + 10 * HOUR_MS, 'unknown'],
          [SINCE + 1_000, 'up'],
        ],
      );
    });

    test('is seen by whoever has looked at these days before', async (t) => {
      const { db, id } = await watchedSince(await open(t));
      await seeUp(db, id, SINCE + 1_000);
      const ledger = createDayLedger(db);
      const records = await monitorStore.list(db, environment);
      const look = { days: 4, now: SINCE + 2_000, unknownSince: new Map() };
      assert.equal((await ledger.histories(records, look)).get(id)?.availability.ms.down, 0);

      await addPast({ db, environment }, 'api', PAST);

      const days = (await ledger.histories(records, look)).get(id)?.days ?? [];
      assert.deepEqual(
        days.map(({ worst }) => worst),
        ['up', 'down', 'up', 'down'],
      );
    });

    test('stays what it is when days are summed up and old results are forgotten', async (t) => {
      const { db, id } = await watchedSince(await open(t));
      await addPast({ db, environment }, 'api', PAST);
      await seeUp(db, id, SINCE + 1_000);
      const clock = standingClock(TODAY + 3 * DAY_MS);
      const kept = { resultsMs: DAY_MS, minutesMs: DAY_MS, hoursMs: 2 * DAY_MS, daysMs: null };

      await tidy({ db, clock, environment }, kept, AbortSignal.timeout(20_000));

      const window = { from: TODAY - 3 * DAY_MS, to: TODAY + DAY_MS };
      assert.deepEqual(await countsIn(db, [id], window), { up: 4354, degraded: 0, down: 87 });
    });

    test('counts in a month that was frozen before all of it was told', async (t) => {
      const { db, id } = await watchedSince(await open(t));
      await addPast({ db, environment }, 'api', { ...PAST, spans: [day(25, 10, 10)] });
      await seeUp(db, id, SINCE + 1_000);
      await freezeMonths({ db, environment }, TODAY);
      const uptimeOf = async (month: string) =>
        (await monthlyAvailability(db, { monitorId: id, month, zone: 'UTC', maintenance: 'excluded', now: TODAY }))
          .ratio;
      assert.equal(await uptimeOf('2026-10'), 0.5);

      await addPast({ db, environment }, 'api', { ...PAST, spans: [day(24, 20, 0), day(23, 20, 0)] });

      assert.equal((await uptimeOf('2026-10'))?.toFixed(4), '0.8333');
      await freezeMonths({ db, environment }, TODAY);
      assert.equal((await uptimeOf('2026-10'))?.toFixed(4), '0.8333');
    });

    test('of a monitor that nobody watches is refused', async (t) => {
      const { db } = await watchedSince(await open(t));

      await assert.rejects(addPast({ db, environment }, 'web', PAST), { code: 'MONITOR_UNKNOWN' });
    });
  });
}

async function watchedSince(db: Database): Promise<{ readonly db: Database; readonly id: number }> {
  await db.quiet('a test', (tx) => monitorStore.insert(tx, environment, { name: 'api', pingKey: 'k', at: SINCE }));
  const [record] = await monitorStore.list(db, environment);
  return { db, id: record?.id ?? 0 };
}

async function seeUp(db: Database, id: number, at: number): Promise<void> {
  const [record] = await monitorStore.list(db, environment);
  assert.ok(record);
  const row = resultStore.toRow(id, { at, outcome: 'up', latencyMs: 5, reason: null });
  await db.tx(async (tx) => {
    await resultStore.append(tx, [row]);
    await commitState(tx, record, { environment, state: 'up', at, confirmedAt: at, reason: null, rootCause: null });
  });
}
