import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { allowance, exact } from './budget.ts';
import type { BurnPair } from './objective.ts';
import { nominalMs, type Period } from './period.ts';

/** Google's SRE workbook, "Alerting on SLOs", table 5-8: what share of the budget, in what time, deserves what. */
const WORKBOOK = [
  { severity: 'critical', budget: 0.02, longMs: HOUR_MS, shortMs: 5 * MINUTE_MS },
  { severity: 'critical', budget: 0.05, longMs: 6 * HOUR_MS, shortMs: 30 * MINUTE_MS },
  { severity: 'warning', budget: 0.1, longMs: DAY_MS, shortMs: 2 * HOUR_MS },
  { severity: 'warning', budget: 0.1, longMs: 3 * DAY_MS, shortMs: 6 * HOUR_MS },
] as const;

/**
 * Of the fastest speed there can be, a total outage. Above it a pair would fire late or never: with 90 % as the promise
 * everything may fail and the budget still burns only ten times too fast. So a total outage is told of after three
 * quarters of the shortest long window at the latest, 45 minutes, whatever was promised.
 */
const SPEED_MAX_SHARE = 0.75;

/** A tenth of a week's budget in three days is less than keeping the promise spends; nobody need hear of that. */
const FACTOR_MIN = 0.9;

/** The pairs of the workbook, their factors scaled to the period: share of the budget × period / long window. */
export function defaultPairs(target: number, period: Period): readonly BurnPair[] {
  const factorMax = SPEED_MAX_SHARE * fastest(target);
  return WORKBOOK.map(({ severity, budget, longMs, shortMs }) => {
    const scaled = exact((budget * nominalMs(period)) / longMs);
    return { severity, longMs, shortMs, factor: Math.min(scaled < FACTOR_MIN ? 1 : scaled, factorMax) };
  });
}

/** How fast a total outage spends the budget. */
export function fastest(target: number): number {
  return exact(1 / allowance(target));
}

/** A factor that not even a total outage is faster than can never fire. */
export function canFire(factor: number, target: number): boolean {
  return exact(factor * allowance(target)) < 1;
}

/** The highest factor that can fire, to three digits. */
export function highestFactor(target: number): number {
  const top = fastest(target);
  const step = 10 ** (Math.floor(Math.log10(top)) - 2);
  const below = exact(Math.floor(top / step) * step);
  return canFire(below, target) ? below : exact(below - step);
}
