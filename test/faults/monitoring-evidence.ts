import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { Database } from '../../src/platform/sql/database.ts';
import { eventually } from '../support/eventually.ts';
import type { Arrival } from './shard-target.ts';

export interface Change {
  readonly monitor: string;
  readonly state: string;
  readonly at: number;
}

/** The history of each monitor, ascending. */
export async function historyOf(db: Database): Promise<ReadonlyMap<string, readonly Change[]>> {
  const query = sql<Change>`
    select m.name as monitor, c.state, c.at from state_change c join monitor m on m.id = c.monitor_id
    order by m.name, c.at`;
  return Map.groupBy((await query.execute(db.of())).rows, ({ monitor }) => monitor);
}

/** Waits until each of these has exactly this history. */
export function settled(db: Database, expected: Readonly<Record<string, readonly string[]>>): Promise<void> {
  return eventually(async () => {
    const history = await historyOf(db);
    for (const [monitor, states] of Object.entries(expected)) {
      assert.deepEqual(statesIn(history.get(monitor)), states, monitor);
    }
  }, 40_000);
}

/** Nothing but up, neither in the history nor in a single check. */
export async function assertNeverDown(db: Database, monitors: readonly string[]): Promise<void> {
  const history = await historyOf(db);
  for (const monitor of monitors) assert.ok(!statesIn(history.get(monitor)).includes('down'), `${monitor} was down`);
  const failures = sql<{ monitor: string; at: number; reason: string }>`
    select m.name as monitor, r.at, r.reason from check_result r join monitor m on m.id = r.monitor_id
    where r.outcome <> 0`;
  const { rows } = await failures.execute(db.of());
  assert.deepEqual(
    rows.filter(({ monitor }) => monitors.includes(monitor)),
    [],
  );
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Each of these was asked in every turn of the span; resolves with the longest time between two looks. */
export function assertKeptRate(
  arrivals: readonly Arrival[],
  monitors: readonly string[],
  { from, to }: Span,
  gapMsMax: number,
): number {
  const byMonitor = Map.groupBy(
    arrivals.filter(({ at }) => at > from && at < to),
    ({ monitor }) => monitor,
  );
  const gaps = monitors.map((monitor) => {
    const times = [from, ...(byMonitor.get(monitor) ?? []).map(({ at }) => at), to];
    const gapMs = Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at)));
    assert.ok(gapMs <= gapMsMax, `${monitor} was not asked for ${gapMs} ms`);
    return gapMs;
  });
  return Math.max(...gaps);
}

/** It changed then, or at the first look after that. */
export function assertDated(change: Change | undefined, from: number, latestMs: number): number {
  assert.ok(change !== undefined);
  const afterMs = change.at - from;
  assert.ok(afterMs >= 0 && afterMs <= latestMs, `${change.monitor} ${change.state}: ${afterMs} ms after it was so`);
  return afterMs;
}

export async function eventsOf(db: Database, name: string): Promise<readonly Record<string, unknown>[]> {
  const query = sql<{ payload: string }>`select payload from outbox where name = ${name} order by seq`;
  return (await query.execute(db.of())).rows.map(({ payload }) => JSON.parse(payload));
}

export function statesIn(changes: readonly Change[] = []): readonly string[] {
  return changes.map(({ state }) => state);
}
