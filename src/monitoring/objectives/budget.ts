/** How much was good and how much was bad: milliseconds, or checks. */
export interface Tally {
  readonly good: number;
  readonly bad: number;
}

export interface Budget {
  /** What may be lost over the whole window, in the unit of the tally. */
  readonly total: number;
  /** What may still be lost; below zero when it is overspent. */
  readonly left: number;
  /** Share that is left: 1 is untouched, below 0 is overspent. */
  readonly ratio: number;
}

const DIGITS = 12;

/** 99.9 % / 100 and 1 - 0.999 are not what they should be in binary fractions; twelve digits are. */
export function exact(value: number): number {
  return Number(value.toFixed(DIGITS));
}

/** The share that may be lost. */
export function allowance(target: number): number {
  return exact(1 - target);
}

/** Null, never 0 or 1, while nothing is known. */
export function badShare({ good, bad }: Tally): number | null {
  const all = good + bad;
  return all > 0 ? bad / all : null;
}

/** How many times faster than would spend the budget exactly; null while nothing is known. */
export function burnRate(tally: Tally, target: number): number | null {
  const share = badShare(tally);
  return share === null ? null : exact(share / allowance(target));
}

/**
 * `whole` is all that the window will have held at its end: for time its length, for checks as many as there will be
 * when they go on as they did. Against what is known so far, the first bad minute of a month would spend everything.
 */
export function budgetOf(tally: Tally, target: number, whole: number): Budget | null {
  const total = allowance(target) * whole;
  if (badShare(tally) === null || !(total > 0)) return null;
  return { total, left: total - tally.bad, ratio: exact(1 - tally.bad / total) };
}

export interface Spending {
  /** Share of the budget that is left. */
  readonly ratio: number;
  /** How fast it is spent now. */
  readonly rate: number;
  /** The whole window, and when it ends; null for a rolling one. */
  readonly lengthMs: number;
  readonly endsAt: number | null;
}

/**
 * When the budget will be gone at the speed of now. Null when it lasts: to the end of a calendar window, and in a
 * rolling one at any speed that gives back as much as it takes. Never in the past: what is spent is gone now.
 */
export function goneAt({ ratio, rate, lengthMs, endsAt }: Spending, now: number): number | null {
  if (ratio <= 0) return now;
  if (!(rate > 0)) return null;
  const at = now + Math.ceil((ratio * lengthMs) / rate);
  if (endsAt === null) return rate > 1 ? at : null;
  return at < endsAt ? at : null;
}
