import { freezeMonths } from './frozen-month.ts';
import { type PruningDeps, pruneTo } from './pruning.ts';
import { rollUp } from './roller.ts';
import type { Retention } from './section.ts';

/**
 * What is done of a night: what is over is rolled up and frozen, and only then is forgotten what is older than it is
 * kept. Returns how many results were deleted.
 */
export async function tidy(deps: PruningDeps, kept: Retention, signal: AbortSignal): Promise<number> {
  const now = deps.clock.now();
  await rollUp(deps, signal);
  await freezeMonths(deps, now);
  const before = (ms: number | null) => (ms === null ? null : now - ms);
  const { resultsMs, minutesMs, hoursMs, daysMs } = kept;
  const limits = {
    results: before(resultsMs),
    minutes: before(minutesMs),
    hours: before(hoursMs),
    days: before(daysMs),
  };
  return pruneTo(deps, limits, signal);
}
