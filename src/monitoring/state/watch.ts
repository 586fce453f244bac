import type { ResultRecord } from '../history/result-store.ts';
import type { Monitor } from '../monitor.ts';
import type { Check, CheckResult } from '../monitor-type.ts';
import { monitorTypes } from '../types/index.ts';
import { type Confirmed, confirm, type Observation, windowOf } from './confirmation.ts';
import type { MonitorRecord } from './monitor-store.ts';

/** One monitor at work: what was committed of it, and what its latest checks said. */
export interface Watch {
  readonly monitor: Monitor;
  readonly check: Check;
  record: MonitorRecord;
  /** The latest checks, as many as a confirmation needs. Lost in a restart: the counting begins anew. */
  recent: readonly Observation[];
  /** What is confirmed and not yet committed, because the database is away: it keeps the date of its beginning. */
  uncommitted: Confirmed | undefined;
  /** When we last learned something of it, wall clock; decides how far back unknown time reaches. */
  lastSeenAt: number;
}

/** What was learned before a reload stays known; after a restart the latest stored result says when we last looked. */
export function watchOver(
  monitor: Monitor,
  record: MonitorRecord,
  known: { readonly before: Watch | undefined; readonly lastResult: ResultRecord | undefined },
): Watch {
  const { before, lastResult } = known;
  return {
    monitor,
    record,
    check: monitorTypes.get(monitor.type).prepare(monitor.settings),
    recent: before?.recent ?? [],
    uncommitted: before?.uncommitted,
    lastSeenAt: before?.lastSeenAt ?? lastSeenOf(record, lastResult),
  };
}

/** When something was last learned of it, as far as the database knows. */
export function lastSeenOf(record: Pick<MonitorRecord, 'since'>, lastResult: ResultRecord | undefined): number {
  return Math.max(lastResult?.at ?? 0, record.since);
}

/** Remembers a check, and says which state is confirmed by it, if any. */
export function observe(watch: Watch, result: CheckResult, at: number): Confirmed | undefined {
  watch.lastSeenAt = at;
  watch.recent = [...watch.recent, { at, outcome: result.state }].slice(-windowOf(watch.monitor.confirm));
  const confirmed = confirm(watch.record.state, watch.recent, watch.monitor.confirm);
  const isStill = confirmed !== undefined && confirmed.state === watch.uncommitted?.state;
  watch.uncommitted = isStill ? watch.uncommitted : confirmed;
  return watch.uncommitted;
}

/** Down for sure, or down as of its latest check: enough to suspect it as somebody else's cause. */
export function isFailing(watch: Watch | undefined): boolean {
  return watch?.record.state === 'down' || watch?.recent.at(-1)?.outcome === 'down';
}

/** The reason of a state that nobody knows. */
export const NOT_CHECKED = 'It was not checked.';

type Timing = Pick<Monitor, 'intervalMs' | 'timeoutMs'>;

/**
 * From when on nothing is known of it: undefined while the latest check is fresh. A check is missed when two
 * intervals and a whole deadline have passed without one.
 */
export function unknownSince(
  { monitor, record, lastSeenAt }: Pick<Watch, 'record' | 'lastSeenAt'> & { readonly monitor: Timing },
  now: number,
): number | undefined {
  const isKnown = record.state !== 'unknown';
  const { intervalMs, timeoutMs } = monitor;
  return isKnown && now - lastSeenAt > 2 * intervalMs + timeoutMs ? lastSeenAt + intervalMs : undefined;
}
