import type { State } from '../../contracts/state.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import type { ResultRecord } from '../history/result-store.ts';
import { isSeenElsewhere, type Monitor } from '../monitor.ts';
import type { Check, CheckResult } from '../monitor-type.ts';
import { type Observation, windowOf } from './confirmation.ts';
import type { MonitorRecord } from './monitor-store.ts';
import type { Rest } from './next-state.ts';

/** One monitor at work. */
export interface Watch {
  readonly monitor: Monitor;
  readonly check: Check;
  /** What is known of it; outlives a reload of the manifest. */
  readonly standing: Standing;
}

/** What is known of a monitor: what was committed, what waits to be, and what its latest checks said. */
export interface Standing {
  /** As it is in the database. */
  record: MonitorRecord;
  /** Changes that are sure and not yet committed, oldest first: the database may be away for a while. */
  readonly pending: Transition[];
  /** The latest checks, as many as a confirmation needs. Lost in a restart: the counting begins anew. */
  recent: readonly Observation[];
  /** What the latest check said; null before the first one. */
  latest: CheckResult | null;
  /** When we last learned something of it, wall clock; decides how far back unknown time reaches. */
  lastSeenAt: number;
  /** The announced work that was going on when we last looked. */
  rest: Rest | null;
  /** Where another process checked it until now: what that one knew. */
  takenOver?: { readonly lastCheckAt: number };
}

/** A change of state that is sure. */
export interface Transition {
  readonly state: State;
  readonly since: number;
  readonly confirmedAt: number;
  readonly reason: string | null;
  /** Which monitor explains it; undefined when that is still to be found out. */
  readonly rootCause: string | null | undefined;
}

/** What was learned before a reload stays known; after a restart the latest stored result says when we last looked. */
export function watchOver(
  { monitor, check }: Pick<Watch, 'monitor' | 'check'>,
  record: MonitorRecord,
  known: { readonly before: Watch | undefined; readonly lastResult: ResultRecord | undefined },
): Watch {
  const standing = known.before?.standing ?? {
    record,
    pending: [],
    recent: [],
    latest: null,
    lastSeenAt: lastSeenOf(record, known.lastResult),
    rest: null,
  };
  // A rename changes the record; while something waits to be committed, the state it was seen in is left alone.
  const { state, since, reason } = standing.pending.length === 0 ? newer(standing.record, record) : standing.record;
  standing.record = { ...record, state, since, reason };
  return { monitor, check, standing };
}

/** What is committed here while the database answers is newer than its answer. */
export function newer(known: MonitorRecord, stored: MonitorRecord): MonitorRecord {
  return stored.since < known.since ? known : stored;
}

/** When something was last learned of it, as far as the database knows. */
export function lastSeenOf(record: Pick<MonitorRecord, 'since'>, lastResult: ResultRecord | undefined): number {
  return Math.max(lastResult?.at ?? 0, record.since);
}

/** The state it is in for sure, whether or not it is committed yet, and since when. */
export function believed({ pending, record }: Pick<Standing, 'pending' | 'record'>): { state: State; since: number } {
  return pending.at(-1) ?? record;
}

export function remember({ standing, monitor }: Watch, result: CheckResult, at: number): void {
  standing.lastSeenAt = at;
  standing.latest = result;
  standing.recent = [...standing.recent, { at, outcome: result.state }].slice(-windowOf(monitor.confirm));
}

/** Why the latest check is not content; null when it is. */
export function reasonOf(result: CheckResult | null): string | null {
  return result === null || result.state === 'up' ? null : result.reason;
}

/** More than this waits for no database; what lies between the oldest changes and the latest is unknown then. */
const PENDING_MAX = 100;

/** One more change that is sure. What flaps for as long as the database is away must not fill the memory. */
export function addPending({ pending }: Pick<Standing, 'pending'>, next: Transition): void {
  pending.push(next);
  if (pending.length <= PENDING_MAX) return;
  // The first one may be on its way into the database.
  const [from] = pending.splice(1, 2);
  if (from === undefined) return;
  const { since, confirmedAt } = from;
  pending.splice(1, 0, { state: 'unknown', since, confirmedAt, reason: CHANGED_TOO_OFTEN, rootCause: null });
}

/** Down for sure, or down as of its latest check: enough to suspect it as somebody else's cause. */
export function isFailing(watch: Watch | undefined): boolean {
  if (watch === undefined) return false;
  return believed(watch.standing).state === 'down' || watch.standing.recent.at(-1)?.outcome === 'down';
}

/** Degraded, or worse, for sure or as of its latest check. */
export function isUnwell(watch: Watch | undefined): boolean {
  if (watch === undefined) return false;
  const states = [believed(watch.standing).state, watch.standing.recent.at(-1)?.outcome];
  return states.includes('down') || states.includes('degraded');
}

/** The reason of a time of which only the beginning is kept. */
const CHANGED_TOO_OFTEN = 'It changed too often to be kept while the database was away.';

/** The reason of a state that nobody knows. */
export const NOT_CHECKED = 'It was not checked.';

/** A check that began in its turn and took all the time it may have is no gap; neither is a busy moment. */
const SLACK_MS = 2 * SECOND_MS;

/** What was seen elsewhere has a line to come over. */
const LINE_SLACK_MS = 30 * SECOND_MS;

export interface LastLook {
  readonly state: State;
  readonly lastSeenAt: number;
  readonly intervalMs: number;
  /** How late a result may be, beyond two intervals; as for a check made here when left out. */
  readonly slackMs?: number;
}

/** How long a result may be late, beyond two intervals. */
export function slackOf(monitor: Pick<Monitor, 'locations'>): number {
  return isSeenElsewhere(monitor) ? LINE_SLACK_MS : SLACK_MS;
}

/** Whether two intervals and some slack have passed without a result. */
export function isStale({ lastSeenAt, intervalMs, slackMs = SLACK_MS }: Omit<LastLook, 'state'>, now: number): boolean {
  return now - lastSeenAt > 2 * intervalMs + slackMs;
}

/** From when on nothing is known of it: undefined while there is a fresh result, or nothing was known anyway. */
export function unknownSince(look: LastLook, now: number): number | undefined {
  return isStale(look, now) && look.state !== 'unknown' ? look.lastSeenAt + look.intervalMs : undefined;
}
