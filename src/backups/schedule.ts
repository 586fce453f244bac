import { DAY_MS, HOUR_MS } from '../kernel/clock.ts';
import type { BackupSchedule, ProofFrequency } from './plan.ts';

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

const PROVEN_EVERY_MS: Readonly<Record<ProofFrequency, number>> = {
  always: 0,
  daily: DAY_MS,
  weekly: 7 * DAY_MS,
  monthly: 30 * DAY_MS,
};
/** A proof that comes with a nightly backup is a little earlier or later each time, and must not slip to the next night. */
const PROOF_SLACK_MS = 6 * HOUR_MS;

/** Whether a backup that was just taken is to be proven, when the last proof of its service was at `lastProofAt`. */
export function isProofDue(prove: ProofFrequency, lastProofAt: number | null, now: number): boolean {
  return lastProofAt === null || now - lastProofAt >= PROVEN_EVERY_MS[prove] - PROOF_SLACK_MS;
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
