import { SECOND_MS } from '../../kernel/clock.ts';
import { isBeyond, type Level, type Rule } from './rule.ts';

/** What is known of one reading under one rule. Times are epoch milliseconds. */
export interface Crossing {
  /** The worst level since it was crossed; null while it is not. */
  level: Level | null;
  /** When it was first beyond the limit of `level`. */
  since: number | null;
  /** Of each step: since when every value was beyond its limit; null when the latest was not. */
  readonly beyondSince: (number | null)[];
  /** How many values in a row that were; of no use after a restart, so counting begins anew. */
  readonly beyondCount: number[];
  /** While it is crossed: since when every value was within the lowest limit. */
  calmSince: number | null;
  lastAt: number | null;
}

export interface Sample {
  readonly at: number;
  readonly value: number;
  readonly intervalMs: number;
}

/** One value may be a hiccup. */
const COUNT_MIN = 2;
/** This much within the limit is well again at once; closer to it, it has to last. */
const MARGIN = 0.05;
/** A check that took its whole time is no gap. */
const GAP_SLACK_MS = 2 * SECOND_MS;

export function newCrossing({ steps }: Rule): Crossing {
  return {
    level: null,
    since: null,
    beyondSince: steps.map(() => null),
    beyondCount: steps.map(() => 0),
    calmSince: null,
    lastAt: null,
  };
}

/**
 * Takes one more value. The level rises when all values of its time, two at least and without a gap of more than two
 * intervals, were beyond its limit; it goes when a value is well within the lowest limit, or has stayed within it for
 * half of that time.
 */
export function take(crossing: Crossing, rule: Rule, sample: Sample): void {
  const { at, intervalMs } = sample;
  if (crossing.lastAt !== null && at - crossing.lastAt > 2 * intervalMs + GAP_SLACK_MS) forgetRow(crossing);
  crossing.lastAt = at;
  rise(crossing, rule, sample);
  if (crossing.level !== null) calm(crossing, rule, sample);
}

/** Nothing of what was in a row counts any more; what is crossed stays so. */
export function forgetRow(crossing: Crossing): void {
  crossing.beyondSince.fill(null);
  crossing.beyondCount.fill(0);
  crossing.calmSince = null;
}

function rise(crossing: Crossing, rule: Rule, { at, value }: Sample): void {
  const { beyondSince, beyondCount } = crossing;
  for (const [index, { level, limit, forMs }] of rule.steps.entries()) {
    if (!isBeyond(rule.side, value, limit)) {
      beyondSince[index] = null;
      beyondCount[index] = 0;
      continue;
    }
    const since = beyondSince[index] ?? at;
    const count = (beyondCount[index] ?? 0) + 1;
    beyondSince[index] = since;
    beyondCount[index] = count;
    if (count < COUNT_MIN || at - since < forMs || !isHigher(level, crossing.level)) continue;
    crossing.level = level;
    crossing.since = since;
  }
}

function calm(crossing: Crossing, rule: Rule, { at, value, intervalMs }: Sample): void {
  const [{ limit, forMs }] = rule.steps;
  if (isBeyond(rule.side, value, limit)) {
    crossing.calmSince = null;
    return;
  }
  crossing.calmSince ??= at;
  const margin = Math.abs(limit) * MARGIN;
  const isWell = !isBeyond(rule.side, value, rule.side === 'above' ? limit - margin : limit + margin);
  if (!isWell && at - crossing.calmSince < Math.max(forMs / 2, 2 * intervalMs)) return;
  crossing.level = null;
  crossing.since = null;
  crossing.calmSince = null;
}

function isHigher(level: Level, than: Level | null): boolean {
  return than === null || (level === 'critical' && than === 'warning');
}
