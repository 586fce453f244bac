import type { MaintenanceCalendar } from '../maintenance/calendar.ts';
import type { MonitorRecord } from './monitor-store.ts';
import { type LastLook, unknownSince } from './watch.ts';

/** What the database says of a monitor, and how often it is looked at. */
export interface StoredLook extends Omit<LastLook, 'state'> {
  readonly record: Pick<MonitorRecord, 'name' | 'state' | 'since'>;
}

/**
 * From when on nothing is known of a monitor, whether or not somebody was there to write it down; undefined while
 * something is. During announced work checks may rest, and their silence is no news before its end.
 */
export function silentSince(
  { record, ...look }: StoredLook,
  { openFor }: Pick<MaintenanceCalendar, 'openFor'>,
  now: number,
): number | undefined {
  const since = unknownSince({ ...look, state: record.state }, now);
  if (since === undefined || record.state !== 'maintenance') return since;
  if (openFor(record.name, now) !== null) return undefined;
  return Math.max(since, openFor(record.name, record.since)?.until ?? since);
}
