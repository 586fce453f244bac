import type { Sample } from './exposition.ts';

export interface Quantile {
  /** Missing when nothing was counted, or there is no bucket with an end. */
  readonly value?: number;
  /** How many events it is made of. */
  readonly events: number;
}

interface Bucket {
  readonly upTo: number;
  /** Events up to here, those of smaller buckets included. */
  readonly count: number;
}

/**
 * From the growth of a histogram's buckets, as PromQL's `histogram_quantile` does: within a bucket events are taken to
 * be spread evenly; what is beyond the last end is taken to be at it.
 */
export function quantileOf(quantile: number, grown: readonly Sample[]): Quantile {
  const buckets = bucketsIn(grown);
  const events = buckets.at(-1)?.count ?? 0;
  const rank = quantile * events;
  const index = buckets.findIndex(({ count }) => count >= rank);
  const bucket = buckets[index];
  if (events <= 0 || bucket === undefined) return { events: 0 };
  const before = buckets[index - 1] ?? { upTo: Math.min(0, bucket.upTo), count: 0 };
  if (bucket.upTo === Infinity) return { events, ...(buckets.length > 1 && { value: before.upTo }) };
  const within = bucket.count - before.count;
  const share = within > 0 ? (rank - before.count) / within : 1;
  return { events, value: before.upTo + (bucket.upTo - before.upTo) * share };
}

/** All series together, the smallest first. Between two looks at many counters some move, so counts only ever rise. */
function bucketsIn(grown: readonly Sample[]): readonly Bucket[] {
  const sums = new Map<number, number>();
  for (const { labels, value } of grown) {
    const upTo = endOf(labels.get('le') ?? '');
    if (!Number.isNaN(upTo)) sums.set(upTo, (sums.get(upTo) ?? 0) + value);
  }
  let highest = 0;
  return [...sums]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([upTo, count]) => {
      highest = Math.max(highest, count);
      return { upTo, count: highest };
    });
}

function endOf(le: string): number {
  if (/^\+?inf$/i.test(le)) return Infinity;
  return le.trim() === '' ? Number.NaN : Number(le);
}
