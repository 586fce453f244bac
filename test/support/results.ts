import type { Clock } from '../../src/kernel/clock.ts';
import type { ResultRecord } from '../../src/monitoring/history/result-store.ts';
import * as resultStore from '../../src/monitoring/history/result-store.ts';
import * as monitorStore from '../../src/monitoring/state/monitor-store.ts';
import type { Database } from '../../src/platform/sql/database.ts';

/** Stands at one instant; whoever pauses goes on at once. */
export function standingClock(now: number): Clock {
  return {
    now: () => now,
    ticks: () => now,
    after: () => () => undefined,
    timeout: () => new AbortController().signal,
    sleep: async (_ms, signal) => signal?.throwIfAborted(),
  };
}

/** Makes monitors known and returns their numbers. */
export async function knownMonitors(db: Database, names: readonly string[]): Promise<readonly number[]> {
  await db.quiet('a test', async (tx) => {
    for (const name of names) await monitorStore.insert(tx, 'live', { name, pingKey: name, at: 0 });
  });
  const records = await monitorStore.list(db, 'live');
  return names.map((name) => records.find((record) => record.name === name)?.id ?? Number.NaN);
}

export interface Stored extends Pick<ResultRecord, 'at' | 'outcome' | 'latencyMs'> {
  readonly monitorId: number;
  readonly location?: number;
}

export async function storeResults(db: Database, results: readonly Stored[]): Promise<void> {
  const rows = results.map(({ monitorId, location, ...seen }) =>
    resultStore.toRow(monitorId, { ...seen, reason: null }, location),
  );
  await db.quiet('a test', (tx) => resultStore.append(tx, rows));
}
