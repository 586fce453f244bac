import { Cron } from 'croner';
import { SECOND_MS } from '../../kernel/clock.ts';
import { formatDuration, parseDuration } from '../../kernel/duration.ts';

/** When a job is to be heard of: again and again after its last sign of life, or by the calendar. */
export type HeartbeatSchedule =
  | { readonly kind: 'interval'; readonly everyMs: number }
  | { readonly kind: 'calendar'; readonly pattern: string };

/** A job may start a moment early by our clock, for its machine has one of its own. */
const CLOCK_SKEW_MS = 5 * SECOND_MS;

/** Undefined when the text is neither a duration of a second or more nor a cron line of five fields. */
export function parseSchedule(text: string): HeartbeatSchedule | undefined {
  const everyMs = parseDuration(text);
  if (everyMs !== undefined) return everyMs >= SECOND_MS ? { kind: 'interval', everyMs } : undefined;
  return isCronLine(text) ? { kind: 'calendar', pattern: text } : undefined;
}

export function printSchedule(schedule: HeartbeatSchedule, zone: string): string {
  return schedule.kind === 'interval' ? `every ${formatDuration(schedule.everyMs)}` : `${schedule.pattern} (${zone})`;
}

export function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export interface Expected {
  readonly schedule: HeartbeatSchedule;
  readonly zone: string;
  readonly graceMs: number;
  /** The last sign of life; null when there was none. */
  readonly lastPingAt: number | null;
  /** Nothing was due before. */
  readonly watchedSince: number;
}

/**
 * Since when a sign of life is overdue, its grace not counted; undefined while none is. By the calendar of `zone`, a
 * time that a change of clocks skips is due when the clocks have changed, one that it repeats is due once.
 */
export function overdueSince(expected: Expected, now: number): number | undefined {
  const { schedule, graceMs, lastPingAt, watchedSince } = expected;
  if (schedule.kind === 'interval') {
    const dueAt = Math.max(lastPingAt ?? 0, watchedSince) + schedule.everyMs;
    return now > dueAt + graceMs ? dueAt : undefined;
  }
  const dueAt = lastOccurrence(schedule.pattern, expected.zone, now - graceMs);
  if (dueAt === undefined || dueAt <= watchedSince) return undefined;
  const hasCome = lastPingAt !== null && lastPingAt >= dueAt - CLOCK_SKEW_MS;
  return hasCome ? undefined : dueAt;
}

function lastOccurrence(pattern: string, zone: string, before: number): number | undefined {
  const [last] = new Cron(pattern, { mode: '5-part', timezone: zone }).previousRuns(1, new Date(before));
  return last?.getTime();
}

function isCronLine(text: string): boolean {
  try {
    // A line that never comes true, such as the 31st of February, is a mistake too.
    return new Cron(text, { mode: '5-part', timezone: 'UTC' }).nextRun() !== null;
  } catch {
    return false;
  }
}
