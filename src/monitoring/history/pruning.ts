import type { Db } from '../../contracts/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import * as pingStore from '../heartbeats/ping-store.ts';
import * as monitorStore from '../state/monitor-store.ts';
import * as resultStore from './result-store.ts';

const ROWS = 5_000;
/** SQLite works while we wait for it: only a real pause lets everything else have its turn. */
const PAUSE_MS = 5;

export interface PruningDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly environment: string;
}

/** Deletes results and pings older than `before` in many small transactions. Returns how many results. */
export async function prune(
  { db, clock, environment }: PruningDeps,
  before: number,
  signal: AbortSignal,
): Promise<number> {
  let pruned = 0;
  for (const { id } of await monitorStore.list(db, environment)) {
    await db.quiet('forgetting is no event', (tx) => pingStore.deleteBefore(tx, id, before));
    let portion: number;
    do {
      portion = await db.quiet('forgetting is no event', (tx) =>
        resultStore.deleteBefore(tx, id, { before, limit: ROWS }),
      );
      pruned += portion;
      await clock.sleep(PAUSE_MS, signal);
    } while (portion === ROWS);
  }
  return pruned;
}
