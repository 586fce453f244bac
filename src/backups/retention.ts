import { HOUR_MS } from '../kernel/clock.ts';
import type { KeepRule } from './plan.ts';

export interface KeptBackup {
  readonly id: string;
  readonly takenAt: number;
  /** When it was last restored; null when it never was. */
  readonly provenAt: number | null;
}

/** No rule may cross these. */
const NEWEST_KEPT = 3;
const YOUNG_MS = 48 * HOUR_MS;

/**
 * Those of the successful backups of one source that no rule keeps: grandfather, father, son over their own UTC time,
 * where the last backup of each day, week, month and year counts. The newest proven one, the newest three and the young
 * stay whatever the rule says. A backup from the future means that the clock cannot be believed: then all stay.
 */
export function expired(backups: readonly KeptBackup[], rule: KeepRule, now: number): readonly KeptBackup[] {
  const newestFirst = backups.toSorted((one, other) => other.takenAt - one.takenAt || (one.id < other.id ? 1 : -1));
  if (newestFirst.some(({ takenAt }) => takenAt > now)) return [];
  const kept = new Set<KeptBackup | undefined>([
    ...newestFirst.slice(0, NEWEST_KEPT),
    newestFirst.find(({ provenAt }) => provenAt !== null),
    ...newestFirst.filter(({ takenAt }) => takenAt > now - YOUNG_MS),
    ...PERIODS.flatMap(({ of, periodOf }) => lastOfEach(newestFirst, periodOf).slice(0, rule[of])),
  ]);
  return newestFirst.filter((backup) => !kept.has(backup));
}

const PERIODS: readonly { readonly of: keyof KeepRule; readonly periodOf: (day: Temporal.PlainDate) => string }[] = [
  { of: 'daily', periodOf: String },
  // The ISO year of a week is not always the year of its days.
  { of: 'weekly', periodOf: (day) => `${day.yearOfWeek}-W${day.weekOfYear}` },
  { of: 'monthly', periodOf: (day) => day.toPlainYearMonth().toString() },
  { of: 'yearly', periodOf: (day) => String(day.year) },
];

function lastOfEach(
  newestFirst: readonly KeptBackup[],
  periodOf: (day: Temporal.PlainDate) => string,
): readonly KeptBackup[] {
  const last = new Map<string, KeptBackup>();
  for (const backup of newestFirst) {
    const period = periodOf(dayOf(backup.takenAt));
    if (!last.has(period)) last.set(period, backup);
  }
  return [...last.values()];
}

function dayOf(at: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('UTC').toPlainDate();
}
