import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { CANARY } from '../../src/contracts/canary.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import type { Arrival } from './shard-target.ts';

export interface StoredCheck {
  readonly monitor: string;
  readonly at: number;
}

export async function storedChecks(db: Database): Promise<readonly StoredCheck[]> {
  const query = sql<StoredCheck>`
    select m.name as monitor, r.at from check_result r join monitor m on m.id = r.monitor_id
    where m.name <> ${CANARY} order by m.name, r.at`;
  return (await query.execute(db.of())).rows;
}

/** Every state each monitor was ever said to be in, in the order of their commits. */
export async function statesOf(db: Database): Promise<ReadonlyMap<string, readonly string[]>> {
  const query = sql<{ payload: string }>`
    select payload from outbox where name = 'monitor.state-changed' order by xid, seq`;
  const events = (await query.execute(db.of())).rows.map(({ payload }) => JSON.parse(payload));
  const states = new Map<string, string[]>();
  for (const { monitor, to } of events) {
    // It has to fail, and is told apart from everything else.
    if (monitor !== CANARY) states.set(monitor, [...(states.get(monitor) ?? []), to]);
  }
  return states;
}

export async function changesOf(db: Database): Promise<number> {
  return [...(await statesOf(db)).values()].reduce((sum, states) => sum + states.length, 0);
}

export interface Rhythm {
  readonly intervalMs: number;
  /** The longest time from one check to the next that a fault may cost. */
  readonly gapMsMax: number;
}

export function assertKeptRhythm(checks: readonly StoredCheck[], monitors: number, rhythm: Rhythm): void {
  const byMonitor = Object.values(Object.groupBy(checks, ({ monitor }) => monitor));
  assert.equal(byMonitor.length, monitors, 'some were never checked');
  for (const own of byMonitor) {
    for (const [before, after] of pairs(own ?? [])) {
      const gapMs = after.at - before.at;
      const where = `${after.monitor}, ${gapMs} ms after the check before`;
      assert.ok(gapMs >= rhythm.intervalMs / 2, `stored twice: ${where}`);
      assert.ok(gapMs <= rhythm.gapMsMax, `missed for too long: ${where}`);
    }
  }
}

/** A second look at the target is right only where nothing came of the first one. */
export function assertNotAskedTwice(
  arrivals: readonly Arrival[],
  checks: readonly StoredCheck[],
  { intervalMs }: Rhythm,
): number {
  const storedAt = Map.groupBy(checks, ({ monitor }) => monitor);
  let again = 0;
  for (const own of Map.groupBy(arrivals, ({ monitor }) => monitor).values()) {
    for (const [first, second] of pairs(own)) {
      if (second.at - first.at >= intervalMs / 2) continue;
      again += 1;
      const stored = storedAt.get(first.monitor)?.find(({ at }) => at >= first.at && at < second.at);
      const who = `${first.worker} and ${second.worker} within ${second.at - first.at} ms`;
      assert.equal(stored, undefined, `${first.monitor} was asked by ${who}, though the first result was stored`);
    }
  }
  return again;
}

function pairs<Item>(items: readonly Item[]): readonly (readonly [Item, Item])[] {
  return items.slice(1).flatMap((item, index) => {
    const before = items[index];
    return before === undefined ? [] : [[before, item] as const];
  });
}
