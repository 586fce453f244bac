import type { Db, Tx } from '../../contracts/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import * as pingStore from '../heartbeats/ping-store.ts';
import * as monitorStore from '../state/monitor-store.ts';
import * as resultStore from './result-store.ts';
import type { Floor } from './rollup-queue.ts';
import * as queue from './rollup-queue.ts';
import * as rollupStore from './rollup-store.ts';
import { startOf, TIERS } from './rollup-store.ts';

const ROWS = 3_000;
/** SQLite works while we wait for it: only a real pause lets everything else have its turn. */
const PAUSE_MS = 5;

export interface PruningDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly environment: string;
}

/** Before these instants, in epoch milliseconds, nothing of the kind is kept; null keeps everything. */
export interface KeptSince {
  readonly results: number | null;
  readonly minutes: number | null;
  readonly hours: number | null;
  readonly days: number | null;
}

/**
 * Deletes what is older than it is kept, in many small transactions; a result or an hour only when a coarser roll-up
 * has it. State changes are kept for ever. Returns how many results.
 */
export async function pruneTo(deps: PruningDeps, kept: KeptSince, signal: AbortSignal): Promise<number> {
  const { db, clock, environment } = deps;
  let pruned = 0;
  for (const { id } of await monitorStore.list(db, environment)) {
    if (kept.results !== null) {
      const { results } = kept;
      await db.quiet('forgetting is no event', (tx) => pingStore.deleteBefore(tx, id, results));
      pruned += await repeat((tx) => pruneResults(tx, id, results));
    }
    if (kept.minutes !== null) await pruneTier(id, 'minute', startOf(kept.minutes, 'hour'));
    if (kept.hours !== null) await pruneHours(id, startOf(kept.hours, 'day'));
    if (kept.days !== null) await pruneTier(id, 'day', startOf(kept.days, 'day'));
  }
  return pruned;

  async function repeat(portion: (tx: Tx) => Promise<Portion>): Promise<number> {
    let rows = 0;
    for (;;) {
      const done = await db.quiet('forgetting is no event', portion);
      rows += done.rows;
      await clock.sleep(PAUSE_MS, signal);
      if (!done.hasMore) return rows;
    }
  }

  async function pruneTier(monitorId: number, tier: rollupStore.Tier, before: number): Promise<void> {
    await repeat(async (tx) => {
      const rows = await rollupStore.deleteBefore(tx, { monitorId, tier }, { before, limit: ROWS });
      return { rows, hasMore: rows >= ROWS };
    });
  }

  async function pruneHours(monitorId: number, wanted: number): Promise<void> {
    const before = await db.quiet('forgetting is no event', async (tx) => {
      const until = startOf(await queue.hold(tx, 'alone'), 'day');
      const floor = await queue.floorOf(tx, monitorId);
      const [dueDay] = await queue.dueOf(tx, 'day', monitorId);
      const [dueHour] = await queue.dueOf(tx, 'hour', monitorId);
      // Hours may go only after the results they would be made of again.
      const limits = [wanted, until, dueDay ?? wanted, startOf(dueHour ?? wanted, 'day'), floor.resultsBefore];
      const hoursBefore = startOf(Math.min(...limits), 'day');
      if (hoursBefore > floor.hoursBefore) await queue.setFloor(tx, monitorId, { ...floor, hoursBefore });
      return Math.max(hoursBefore, floor.hoursBefore);
    });
    await pruneTier(monitorId, 'hour', before);
  }
}

interface Portion {
  readonly rows: number;
  readonly hasMore: boolean;
}

/** Whole hours, and the floor with them: from then on what comes late for them is added to their roll-up. */
async function pruneResults(tx: Tx, monitorId: number, wanted: number): Promise<Portion> {
  const until = await queue.hold(tx, 'alone');
  const floor: Floor = await queue.floorOf(tx, monitorId);
  const [due] = await queue.dueOf(tx, 'hour', monitorId);
  const enough = await resultStore.timeAfter(tx, monitorId, ROWS);
  // One hour at least, or a monitor with more results than that in an hour would keep them all.
  const oldest = enough === undefined ? undefined : await resultStore.timeAfter(tx, monitorId, 0);
  const portionEnd =
    enough === undefined ? wanted : Math.max(startOf(enough, 'hour'), startOf(oldest ?? 0, 'hour') + TIERS.hour);
  const before = startOf(Math.min(wanted, until, due ?? wanted, portionEnd), 'hour');
  if (before <= floor.resultsBefore) return { rows: 0, hasMore: false };
  const rows = await resultStore.deleteIn(tx, monitorId, { from: 0, to: before });
  await queue.setFloor(tx, monitorId, { ...floor, resultsBefore: before });
  return { rows, hasMore: portionEnd < wanted };
}
