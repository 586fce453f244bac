import { formatDuration } from '../../kernel/duration.ts';
import { exact } from './budget.ts';
import type { Objective } from './objective.ts';
import { isRolling, type Period } from './period.ts';

/** E.g. `99.9% of the time, over 30 days` or `95% of answers within 1s, this month (Europe/Berlin)`. */
export function promiseWords({ target, kind, limitMs, period, zone }: Objective): string {
  const what = kind === 'time' ? 'the time' : limitMs === null ? 'checks' : `answers within ${formatDuration(limitMs)}`;
  return `${exact(target * 100)}% of ${what}, ${periodWords(period, zone)}`;
}

function periodWords(period: Period, zone: string): string {
  return isRolling(period) ? `over ${period.slice(0, -1)} days` : `this ${period} (${zone})`;
}
