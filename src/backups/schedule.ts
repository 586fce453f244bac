import type { BackupSchedule } from './plan.ts';

/** The instant at which a backup was due last: at `now`, or before. */
export function lastDueAt(schedule: BackupSchedule, now: number): number {
  if (schedule.kind === 'interval') return Math.floor(now / schedule.everyMs) * schedule.everyMs;
  return Math.max(...slotsAround(schedule, now).filter((slot) => slot <= now));
}

/** The first instant after `now` at which one will be due. */
export function nextDueAt(schedule: BackupSchedule, now: number): number {
  if (schedule.kind === 'interval') return lastDueAt(schedule, now) + schedule.everyMs;
  return Math.min(...slotsAround(schedule, now).filter((slot) => slot > now));
}

/**
 * Whether a backup is due, when the last one asked for was that of `lastSlot`. However many were missed, one makes up
 * for them. A slot that lies in the future was written down while the clock was wrong, and must not keep us waiting.
 */
export function isDue(schedule: BackupSchedule, lastSlot: number, now: number): boolean {
  return lastDueAt(schedule, now) > lastSlot || lastSlot > nextDueAt(schedule, now);
}

type Daily = Extract<BackupSchedule, { kind: 'daily' }>;

/** A zone may skip a whole day, as Samoa did once, hence two days on each side. */
const DAYS_AROUND = [-2, -1, 0, 1, 2];

function slotsAround(schedule: Daily, now: number): readonly number[] {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(schedule.zone).toPlainDate();
  return DAYS_AROUND.map((days) => slotOn(today.add({ days }), schedule));
}

/** A time that occurs twice is the first of the two; one that the clocks skip is the instant at which they do. */
function slotOn(date: Temporal.PlainDate, { minutes, zone }: Daily): number {
  const wanted = date.toPlainDateTime({ hour: Math.floor(minutes / 60), minute: minutes % 60 });
  const found = wanted.toZonedDateTime(zone, { disambiguation: 'compatible' });
  if (found.toPlainDateTime().equals(wanted)) return found.epochMilliseconds;
  const skipped = found.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  return (skipped ?? found).epochMilliseconds;
}
