import type { Db } from '../../contracts/database.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { MaintenanceCalendar } from '../maintenance/calendar.ts';
import type { ProbeIo } from '../monitor-type.ts';
import { type RecordsNow, recordsNow } from '../state/records-now.ts';
import type { States } from '../state/states.ts';
import { believed } from '../state/watch.ts';

export interface StateOfDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly environment: string;
  readonly calendar: () => MaintenanceCalendar;
  readonly states: () => Pick<States, 'of' | 'all' | 'isOurs'>;
}

/** Several groups that look in the same moment share one reading. */
const READ_EVERY_MS = SECOND_MS;

/** What others are known to be: our own at this very moment, what other processes check as they have committed it. */
export function createStateOf(deps: StateOfDeps): ProbeIo['stateOf'] {
  const { clock, states } = deps;
  const watched = () => states().all();
  const reading = { ...deps, monitors: () => watched().map(({ monitor }) => monitor) };
  let last: { readonly at: number; readonly reading: Promise<RecordsNow> } | undefined;

  return async (name) => {
    const watch = states().of(name);
    if (watch === undefined) return null;
    if (states().isOurs(watch)) return believed(watch.standing).state;
    return (await recent()).records.get(name)?.state ?? null;
  };

  function recent(): Promise<RecordsNow> {
    const at = clock.ticks();
    if (last === undefined || at - last.at >= READ_EVERY_MS) last = { at, reading: recordsNow(reading) };
    return last.reading;
  }
}
