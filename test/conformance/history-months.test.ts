import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import type { State } from '../../src/contracts/state.ts';
import { DAY_MS, HOUR_MS } from '../../src/kernel/clock.ts';
import * as changeStore from '../../src/monitoring/history/change-store.ts';
import { freezeMonths, monthlyAvailability } from '../../src/monitoring/history/frozen-month.ts';
import { createHistoryReader } from '../../src/monitoring/history/history-reader.ts';
import * as resultStore from '../../src/monitoring/history/result-store.ts';
import * as monitorStore from '../../src/monitoring/state/monitor-store.ts';
import { commitState } from '../../src/monitoring/state/state-commit.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { ENGINES } from '../support/databases.ts';
import { knownMonitors } from '../support/results.ts';

const OCTOBER = Date.parse('2026-10-01T00:00:00Z');
const NOVEMBER = Date.parse('2026-11-01T00:00:00Z');

for (const { engine, open } of ENGINES) {
  describe(`months that are over on ${engine}`, () => {
    test('are not frozen before it is written down that nobody was there to check', async (t) => {
      const db = await open(t);
      const [id = 0] = await knownMonitors(db, ['api']);
      const october = { monitorId: id, month: '2026-10', zone: 'UTC', maintenance: 'excluded' } as const;
      const now = NOVEMBER + 20 * DAY_MS;
      await commit(db, id, OCTOBER, 'up');
      const row = resultStore.toRow(id, { at: OCTOBER + 10 * DAY_MS, outcome: 'up', latencyMs: 1, reason: null });
      await db.quiet('a test', (tx) => resultStore.append(tx, [row]));

      await freezeMonths({ db, environment: 'live' }, now);
      await commit(db, id, OCTOBER + 10 * DAY_MS, 'unknown');
      await freezeMonths({ db, environment: 'live' }, now);

      const { ms } = await monthlyAvailability(db, { ...october, now });
      assert.deepEqual([ms.up, ms.unknown], [10 * DAY_MS, 21 * DAY_MS]);
    });

    test('stay as they were published, whatever is deleted or put right later', async (t) => {
      const db = await open(t);
      const [id = 0] = await knownMonitors(db, ['api']);
      await change(db, id, OCTOBER, 'up');
      await change(db, id, OCTOBER + 10 * DAY_MS, 'down');
      await change(db, id, OCTOBER + 11 * DAY_MS, 'maintenance');
      await change(db, id, OCTOBER + 12 * DAY_MS, 'up');
      const now = NOVEMBER + 3 * DAY_MS;
      const october = { monitorId: id, month: '2026-10', zone: 'UTC', maintenance: 'excluded', now } as const;
      const published = await monthlyAvailability(db, october);
      assert.equal(published.ratio, 29 / 30);

      await freezeMonths({ db, environment: 'live' }, now);
      await db.quiet('a test', (tx) => sql`delete from state_change`.execute(tx.of()));
      await change(db, id, OCTOBER, 'down');
      await freezeMonths({ db, environment: 'live' }, now + DAY_MS);

      assert.deepEqual(await monthlyAvailability(db, october), published);
      assert.equal((await monthlyAvailability(db, { ...october, maintenance: 'bad' })).ratio, 29 / 31);
      assert.equal((await monthlyAvailability(db, { ...october, maintenance: 'good' })).ratio, 30 / 31);
      const reader = createHistoryReader({ db, environment: 'live' });
      const { months } = await reader.uptime('api', [{ from: NOVEMBER, to: now }], now);
      assert.deepEqual(
        months.map(({ month, isFrozen, availability }) => [month, isFrozen, availability.ratio]),
        [
          ['2026-11', false, 0],
          ['2026-10', true, 29 / 30],
        ],
      );
    });

    test('may still change for two days, while what probes bring late comes in', async (t) => {
      const db = await open(t);
      const [id = 0] = await knownMonitors(db, ['api']);
      await change(db, id, OCTOBER, 'up');
      const almost = NOVEMBER + 48 * HOUR_MS - 1;
      await freezeMonths({ db, environment: 'live' }, almost);
      await change(db, id, NOVEMBER - DAY_MS, 'down');

      const asked = { monitorId: id, month: '2026-10', zone: 'UTC', maintenance: 'excluded', now: almost } as const;
      assert.equal((await monthlyAvailability(db, asked)).ratio, 30 / 31);

      await freezeMonths({ db, environment: 'live' }, almost + 1);
      await change(db, id, NOVEMBER - 2 * DAY_MS, 'down');
      assert.equal((await monthlyAvailability(db, asked)).ratio, 30 / 31);
    });

    test('the uptime of any window has its coverage, and nothing is known once nobody looks any more', async (t) => {
      const db = await open(t);
      const [id = 0] = await knownMonitors(db, ['api']);
      await change(db, id, OCTOBER, 'up');
      await change(db, id, OCTOBER + 6 * HOUR_MS, 'down');
      const windows = [
        { from: OCTOBER - DAY_MS, to: OCTOBER + DAY_MS },
        { from: OCTOBER + 3 * HOUR_MS, to: OCTOBER + 9 * HOUR_MS },
      ];

      const reader = createHistoryReader({ db, environment: 'live' });
      const { windows: told, changes } = await reader.uptime('api', windows, OCTOBER + 12 * HOUR_MS);

      assert.deepEqual(
        told.map(({ availability: { ratio, coverage } }) => [ratio, coverage]),
        [
          [0.5, 0.25],
          [0.5, 1],
        ],
      );
      assert.deepEqual(
        changes.map(({ state }) => state),
        ['down', 'up'],
      );
    });

    test('of the running month only what is past counts', async (t) => {
      const db = await open(t);
      const [id = 0] = await knownMonitors(db, ['api']);
      await change(db, id, NOVEMBER, 'up');
      const now = NOVEMBER + DAY_MS;

      const asked = { monitorId: id, month: '2026-11', zone: 'UTC', maintenance: 'excluded', now } as const;
      const { ratio, coverage, ms } = await monthlyAvailability(db, asked);

      assert.deepEqual([ratio, coverage, ms.up], [1, 1, DAY_MS]);
    });
  });
}

async function change(db: Database, id: number, at: number, state: State): Promise<void> {
  const entry = { at, state, reason: null, rootCause: null, confirmedAt: at };
  await db.quiet('a test', (tx) => changeStore.insert(tx, id, entry));
}

/** The row of the monitor with its history, as the engine does it. */
async function commit(db: Database, id: number, at: number, state: State): Promise<void> {
  const seen = await monitorStore.find(db, id);
  assert.ok(seen);
  const next = { environment: 'live', state, at, confirmedAt: at, reason: null, rootCause: null };
  await db.tx(async (tx) => assert.ok(await commitState(tx, seen, next)));
}
