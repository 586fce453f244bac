import type { MaintenanceCalendar } from '../maintenance/calendar.ts';
import { dependenciesOf } from './dependencies.ts';
import type { Rest } from './next-state.ts';

export interface RestOfDeps {
  readonly calendar: Pick<MaintenanceCalendar, 'openFor'>;
  readonly dependsOn: (name: string) => readonly string[];
}

/** The announced work that concerns a monitor now: on itself, or on something it needs. */
export function restOf(monitor: string, at: number, { calendar, dependsOn }: RestOfDeps): Rest | null {
  for (const name of [monitor, ...dependenciesOf(monitor, dependsOn)]) {
    const open = calendar.openFor(name, at);
    if (open === null) continue;
    const { title, from, until } = open;
    return { title, from, until, dependency: name === monitor ? null : name };
  }
  return null;
}
