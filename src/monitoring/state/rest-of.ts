import type { MaintenanceCalendar } from '../maintenance/calendar.ts';
import { dependenciesOf } from './dependencies.ts';
import type { MonitorRecord } from './monitor-store.ts';
import type { Rest } from './next-state.ts';

export interface RestOfDeps {
  readonly calendar: Pick<MaintenanceCalendar, 'openFor'>;
  readonly dependsOn: (name: string) => readonly string[];
}

/** The announced work that concerns a monitor now: on itself, or on something it needs. */
export function restOf(monitor: string, at: number, { calendar, dependsOn }: RestOfDeps): Rest | null {
  const own = calendar.openFor(monitor, at);
  if (own !== null) return { title: own.title, from: own.from, until: own.until, dependency: null };
  // Most monitors need nothing, and this is asked at every check.
  if (dependsOn(monitor).length === 0) return null;
  for (const dependency of dependenciesOf(monitor, dependsOn)) {
    const open = calendar.openFor(dependency, at);
    if (open !== null) return { title: open.title, from: open.from, until: open.until, dependency };
  }
  return null;
}

/**
 * The work that a monitor which is still in maintenance rested for, as it is known now: it may have ended while we were
 * away. Work that follows upon work without a break is one.
 */
export function restedFor(
  { state, since }: Pick<MonitorRecord, 'state' | 'since'>,
  now: number,
  restAt: (at: number) => Rest | null,
): Rest | null {
  let last: Rest | null = null;
  let at = state === 'maintenance' ? since : null;
  while (at !== null && at < now) {
    const next = restAt(at);
    if (next === null) break;
    last = next;
    at = next.until;
  }
  return last;
}
