import type { Db } from '../../contracts/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import * as deliveryStore from './delivery-store.ts';

const ROWS = 1_000;
/** SQLite works while we wait for it: only a real pause lets everything else have its turn. */
const PAUSE_MS = 5;

export interface PruningDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly environment: string;
}

/** Deletes what ended before `before`, with its attempts, in many small transactions. Returns how many messages. */
export async function prune(
  { db, clock, environment }: PruningDeps,
  before: number,
  signal: AbortSignal,
): Promise<number> {
  let pruned = 0;
  for (;;) {
    const portion = await db.quiet('forgetting is no event', (tx) =>
      deliveryStore.deleteEnded(tx, environment, { before, limit: ROWS }),
    );
    pruned += portion;
    if (portion < ROWS) return pruned;
    await clock.sleep(PAUSE_MS, signal);
  }
}
