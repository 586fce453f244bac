import type { FactsDeps } from '../facts.ts';
import * as resultStore from '../history/result-store.ts';
import type { MonitorRecord } from './monitor-store.ts';
import * as monitorStore from './monitor-store.ts';
import { silentSince } from './silence.ts';
import { lastSeenOf, NOT_CHECKED, slackOf } from './watch.ts';

export interface RecordsNow {
  /** As they are stored. */
  readonly stored: readonly MonitorRecord[];
  /** By name; of whom nothing fresh is known, as unknown. */
  readonly records: ReadonlyMap<string, MonitorRecord>;
  /** The newest result of each, by its number. */
  readonly latest: ReadonlyMap<number, resultStore.ResultRecord>;
  /** From when on nothing is known, by its number: the change that nobody was there to commit. */
  readonly unknownSince: ReadonlyMap<number, number>;
}

/** Every record as it is, whether or not somebody was there to write it down. */
export async function recordsNow({
  db,
  clock,
  environment,
  monitors,
  calendar,
}: Omit<FactsDeps, 'readings'>): Promise<RecordsNow> {
  const stored = await monitorStore.list(db, environment);
  const latest = await resultStore.latest(
    db,
    stored.map(({ id }) => id),
  );
  const watched = new Map(monitors().map((monitor) => [monitor.name, monitor]));
  const unknownAt = new Map<number, number>();
  const now = clock.now();
  const records = stored.map((record) => {
    const monitor = watched.get(record.name);
    if (monitor === undefined) return record;
    const lastSeenAt = lastSeenOf(record, latest.get(record.id));
    const look = { record, lastSeenAt, intervalMs: monitor.intervalMs, slackMs: slackOf(monitor) };
    const since = silentSince(look, calendar(), now);
    if (since === undefined) return record;
    unknownAt.set(record.id, since);
    return { ...record, state: 'unknown', reason: NOT_CHECKED, since } as const;
  });
  const byName = new Map(records.map((record) => [record.name, record]));
  return { stored, records: byName, latest, unknownSince: unknownAt };
}
