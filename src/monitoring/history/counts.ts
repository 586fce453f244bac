import type { Db } from '../../contracts/database.ts';
import type { Window } from './availability.ts';
import { checkedIn } from './best-tier.ts';
import { countWithin } from './sketch.ts';
import { tallyOf, together } from './tally.ts';

/** How many checks said what. */
export interface OutcomeCounts {
  readonly up: number;
  readonly degraded: number;
  readonly down: number;
}

export interface GoodChecks {
  /** Answers that were good enough and came within the limit. */
  readonly good: number;
  /** Those, the ones that were too slow, and every check that found it down: what never answers is no fast answer. */
  readonly total: number;
}

const US_PER_MS = 1_000;

/** Counts the checks of all these monitors together, from wherever they were made, with `from <= at < to`. */
export async function countsIn(db: Db, monitorIds: readonly number[], window: Window): Promise<OutcomeCounts> {
  const counts = { up: 0, degraded: 0, down: 0 };
  for (const monitorId of new Set(monitorIds)) {
    const { rollups, results } = await checkedIn(db, { monitorId, window, tier: 'day' });
    for (const { tally } of rollups) {
      counts.up += tally.up;
      counts.degraded += tally.degraded;
      counts.down += tally.down;
    }
    for (const { outcome } of results) counts[outcome] += 1;
  }
  return counts;
}

/**
 * How many checks were answered within `limitMs`, with `from <= at < to`. Checks that are up and measure no time, such
 * as heartbeats, are in neither number. In hours that are rolled up, what is within 1 % of the limit may be on either
 * side of it.
 */
export async function goodWithin(db: Db, monitorId: number, window: Window, limitMs: number): Promise<GoodChecks> {
  const { rollups, results } = await checkedIn(db, { monitorId, window, tier: 'day' });
  const limitUs = Math.round(limitMs * US_PER_MS);
  const isFast = (latencyUs: number | null) => latencyUs !== null && latencyUs <= limitUs;
  const fast = results.filter(({ outcome, latencyUs }) => outcome !== 'down' && isFast(latencyUs)).length;
  const rolled = together(rollups.map(({ tally }) => tally));
  const seen = tallyOf(results);
  return {
    good: fast + countWithin(rolled.latencies, limitUs),
    total: seen.answers + seen.down + rolled.answers + rolled.down,
  };
}
