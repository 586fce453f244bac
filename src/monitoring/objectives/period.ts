import { DAY_MS } from '../../kernel/clock.ts';
import type { Window } from '../history/availability.ts';

/** Over how long a promise is counted: the latest days at any moment, or the week, month or quarter of a calendar. */
export const PERIODS = ['7d', '28d', '30d', '90d', 'week', 'month', 'quarter'] as const;
export type Period = (typeof PERIODS)[number];

const ROLLING_DAYS: Readonly<Partial<Record<Period, number>>> = { '7d': 7, '28d': 28, '30d': 30, '90d': 90 };
const NOMINAL_DAYS: Readonly<Record<Period, number>> = {
  '7d': 7,
  '28d': 28,
  '30d': 30,
  '90d': 90,
  week: 7,
  month: 30,
  quarter: 90,
};
const MONTHS_A_QUARTER = 3;

export function isRolling(period: Period): boolean {
  return ROLLING_DAYS[period] !== undefined;
}

/** How long it is for speeds, which should not change from February to March. */
export function nominalMs(period: Period): number {
  return NOMINAL_DAYS[period] * DAY_MS;
}

/**
 * The whole window that counts at `now`. One of a calendar begins and ends at midnight of its zone, so it has an hour
 * more or less when clocks change, and ends in the future; weeks begin on Monday, as ISO 8601 says.
 */
export function periodAt(period: Period, zone: string, now: number): Window {
  const days = ROLLING_DAYS[period];
  if (days !== undefined) return { from: now - days * DAY_MS, to: now };
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  const first = firstDay(period, today);
  return { from: midnight(first, zone), to: midnight(first.add(lengthOf(period)), zone) };
}

function firstDay(period: Period, today: Temporal.PlainDate): Temporal.PlainDate {
  if (period === 'week') return today.subtract({ days: today.dayOfWeek - 1 });
  const first = today.with({ day: 1 });
  return period === 'month' ? first : first.subtract({ months: (first.month - 1) % MONTHS_A_QUARTER });
}

function lengthOf(period: Period): Temporal.DurationLike {
  if (period === 'week') return { weeks: 1 };
  return { months: period === 'month' ? 1 : MONTHS_A_QUARTER };
}

/** Where clocks are put forward at midnight, the day begins at the first moment there is. */
function midnight(date: Temporal.PlainDate, zone: string): number {
  return date.toZonedDateTime(zone).epochMilliseconds;
}
