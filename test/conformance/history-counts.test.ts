import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countsIn, goodWithin } from '../../src/monitoring/history/counts.ts';
import type { ResultRecord } from '../../src/monitoring/history/result-store.ts';
import * as resultStore from '../../src/monitoring/history/result-store.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { ENGINES } from '../support/databases.ts';

for (const { engine, open } of ENGINES) {
  describe(`counting checks on ${engine}`, () => {
    test('counts what each check said, from the first instant up to and without the last', async (t) => {
      const db = await open(t);
      await store(db, 1, [check(10, 'up', 5), check(20, 'down', null), check(30, 'degraded', 7), check(40, 'up', 1)]);
      await store(db, 2, [check(10, 'down', null)]);

      assert.deepEqual(await countsIn(db, [1, 2], { from: 10, to: 40 }), { up: 1, degraded: 1, down: 2 });
      assert.deepEqual(await countsIn(db, [1], { from: 11, to: 41 }), { up: 1, degraded: 1, down: 1 });
      assert.deepEqual(await countsIn(db, [], { from: 0, to: 99 }), { up: 0, degraded: 0, down: 0 });
    });

    test('a failure is no fast answer, however fast it was, and a check without a time counts nowhere', async (t) => {
      const db = await open(t);
      const heartbeat = check(50, 'up', null);
      await store(db, 1, [check(10, 'up', 100), check(20, 'down', 1), check(30, 'degraded', 100.5), heartbeat]);

      assert.deepEqual(await goodWithin(db, 1, { from: 0, to: 99 }, 100), { good: 1, total: 3 });
    });
  });
}

function check(at: number, outcome: ResultRecord['outcome'], latencyMs: number | null): ResultRecord {
  return { at, outcome, latencyMs, reason: null };
}

async function store(db: Database, monitorId: number, results: readonly ResultRecord[]): Promise<void> {
  await db.quiet('a test', (tx) =>
    resultStore.append(
      tx,
      results.map((result) => resultStore.toRow(monitorId, result)),
    ),
  );
}
