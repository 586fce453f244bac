import type { Db } from '../../contracts/database.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import type { Window } from './availability.ts';
import { checkedIn } from './best-tier.ts';
import type { Tier } from './rollup-store.ts';
import { quantile } from './sketch.ts';
import { checksIn, type Tally, tallyOf, together } from './tally.ts';

export interface LatencySeries {
  readonly stepMs: number;
  /** Of the whole window. */
  readonly whole: LatencyPoint;
  /** Ascending; times without a check are left out. */
  readonly points: readonly LatencyPoint[];
}

/** Latencies in milliseconds, of answers only; null where there were none. */
export interface LatencyPoint {
  /** When its time begins. */
  readonly at: number;
  readonly checks: number;
  /** Checks that found it down. */
  readonly failures: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

const STEPS: readonly number[] = [
  ...[1, 5, 10, 30].map((count) => count * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR_MS),
  ...[1, 2, 7, 14, 28, 91, 365].map((count) => count * DAY_MS),
];
const US_PER_MS = 1_000;

/**
 * How fast a monitor answered over time, in at most about `points` steps of a round length. Steps begin where a clock
 * in UTC would put them. Where only an hour or a day is left, it is in the step that it begins in.
 */
export async function latencySeries(
  db: Db,
  { monitorId, window, points }: { readonly monitorId: number; readonly window: Window; readonly points: number },
): Promise<LatencySeries> {
  const stepMs = stepOf(window, points);
  const { rollups, results } = await checkedIn(db, { monitorId, window, tier: tierOf(stepMs) });
  const start = ({ at }: { readonly at: number }) => at - (at % stepMs);
  const parts = new Map<number, Tally[]>();
  const add = (at: number, tally: Tally) => parts.set(at, [...(parts.get(at) ?? []), tally]);
  for (const rollup of rollups) add(start(rollup), rollup.tally);
  for (const [at, seen] of Map.groupBy(results, start)) add(at, tallyOf(seen));
  const steps = [...parts].toSorted(([one], [other]) => one - other);
  const tallies = steps.map(([at, some]) => ({ at, tally: together(some) }));
  return {
    stepMs,
    whole: pointOf(window.from, together(tallies.map(({ tally }) => tally))),
    points: tallies.map(({ at, tally }) => pointOf(at, tally)),
  };
}

function stepOf({ from, to }: Window, points: number): number {
  const wanted = (to - from) / points;
  return STEPS.find((step) => step >= wanted) ?? Math.ceil(wanted / DAY_MS) * DAY_MS;
}

/** The coarsest whose rows lie in one step each. */
function tierOf(stepMs: number): Tier {
  if (stepMs >= DAY_MS) return 'day';
  return stepMs >= HOUR_MS ? 'hour' : 'minute';
}

function pointOf(at: number, tally: Tally): LatencyPoint {
  const { latencies, minUs, maxUs, down } = tally;
  const share = (part: number) => {
    const us = quantile(latencies, part);
    // What was measured exactly bounds what is known within one per cent.
    return us === null ? null : Math.min(Math.max(us, minUs ?? us), maxUs ?? us) / US_PER_MS;
  };
  return {
    at,
    checks: checksIn(tally),
    failures: down,
    p50: share(0.5),
    p95: share(0.95),
    p99: share(0.99),
    min: minUs === null ? null : minUs / US_PER_MS,
    max: maxUs === null ? null : maxUs / US_PER_MS,
  };
}
