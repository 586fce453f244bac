import type { BurnPair } from './objective.ts';

/** How fast the two windows of a pair lose; null without enough known to tell. */
export interface Rates {
  readonly long: number | null;
  readonly short: number | null;
  /** False while all that was lost is a single check: that may have been the network's. */
  readonly isMoreThanOne: boolean;
}

/** A pair that burns. Whole numbers only: it is kept in the database. */
export interface Burn {
  readonly since: number;
  /** Since when the short window gives no reason any more; null while it does. */
  readonly calmSince: number | null;
}

/**
 * A pair begins to burn when both windows are too fast, and ends when the short one has been calm for its own length.
 * So it begins at most once in that time, however the numbers dance around the limit. Not to know is no calm, unless
 * the long window knows nothing any more either: then nothing is left that says it burns.
 */
export function nextBurn(burn: Burn | undefined, pair: BurnPair, rates: Rates, now: number): Burn | undefined {
  if (burn === undefined) return isTooFast(pair, rates) ? { since: now, calmSince: null } : undefined;
  const calmSince = calm(burn, pair, rates, now);
  if (calmSince !== null && now - calmSince >= pair.shortMs) return undefined;
  return { since: burn.since, calmSince };
}

function isTooFast({ factor }: BurnPair, { long, short, isMoreThanOne }: Rates): boolean {
  return isMoreThanOne && long !== null && short !== null && long > factor && short > factor;
}

function calm({ calmSince }: Burn, { factor }: BurnPair, { long, short }: Rates, now: number): number | null {
  if (long === null) return calmSince ?? now;
  if (short === null) return calmSince;
  return short > factor ? null : (calmSince ?? now);
}
