import type { Frequency, RecurrenceRule } from './recurrence-rule.ts';

type Day = Temporal.PlainDate;

/** Gregorian calendars repeat after 28 years but for skipped leap years; a rule that is empty for longer is empty. */
const EMPTY_YEARS_MAX = 41;

/**
 * The days on which a rule comes true from its first day on, ascending; COUNT and UNTIL are up to the caller. It begins
 * with the period that holds `since`, so asking about the far future does not walk through the past.
 */
export function* datesOf(rule: RecurrenceRule, first: Day, since: Day = first): Generator<Day> {
  const from = Temporal.PlainDate.compare(since, first) > 0 ? since : first;
  let lastFound = from;
  for (let index = Math.max(0, indexOf(rule, first, from)); ; index += 1) {
    const [start, end] = periodAt(rule, first, index);
    for (const day of chosen(rule, daysIn(rule, first, [start, end]))) {
      if (Temporal.PlainDate.compare(day, from) < 0) continue;
      lastFound = day;
      yield day;
    }
    if (start.year - lastFound.year > EMPTY_YEARS_MAX * Math.max(1, yearsIn(rule))) return;
  }
}

function yearsIn({ frequency, interval }: RecurrenceRule): number {
  return frequency === 'YEARLY' ? interval : Math.ceil(interval / 12);
}

type Unit = 'days' | 'weeks' | 'months' | 'years';
const UNITS: Readonly<Record<Frequency, Unit>> = { DAILY: 'days', WEEKLY: 'weeks', MONTHLY: 'months', YEARLY: 'years' };

/** Which of its periods, counted from the one that holds the first day, holds or precedes this day. */
function indexOf(rule: RecurrenceRule, first: Day, day: Day): number {
  const unit = UNITS[rule.frequency];
  return Math.floor(firstPeriod(rule, first).until(day, { largestUnit: unit })[unit] / rule.interval);
}

/** The first day of a period and the first day after it. */
function periodAt(rule: RecurrenceRule, first: Day, index: number): readonly [Day, Day] {
  const unit = UNITS[rule.frequency];
  const start = firstPeriod(rule, first).add({ [unit]: index * rule.interval });
  return [start, start.add({ [unit]: 1 })];
}

function firstPeriod({ frequency, weekStart }: RecurrenceRule, first: Day): Day {
  if (frequency === 'WEEKLY') return weekOf(first, weekStart);
  if (frequency === 'DAILY') return first;
  return first.with(frequency === 'MONTHLY' ? { day: 1 } : { month: 1, day: 1 });
}

function weekOf(day: Day, weekStart: number): Day {
  return day.subtract({ days: (day.dayOfWeek - weekStart + 7) % 7 });
}

function daysIn(rule: RecurrenceRule, first: Day, [start, end]: readonly [Day, Day]): readonly Day[] {
  const matches = matcherOf(rule, first);
  const found: Day[] = [];
  for (let day = start; !day.equals(end); day = day.add({ days: 1 })) if (matches(day)) found.push(day);
  return found;
}

type Filters = Pick<RecurrenceRule, 'months' | 'monthDays' | 'days'>;

/** What the rule leaves open is taken from the first day, as RFC 5545 says. */
function filtersOf({ frequency, months, monthDays, days }: RecurrenceRule, first: Day): Filters {
  if (days !== null || monthDays !== null || frequency === 'DAILY') return { months, monthDays, days };
  if (frequency === 'WEEKLY') return { months, monthDays, days: [{ weekday: first.dayOfWeek, nth: null }] };
  const isYearly = frequency === 'YEARLY';
  return { months: months ?? (isYearly ? [first.month] : null), monthDays: [first.day], days };
}

function matcherOf(rule: RecurrenceRule, first: Day): (day: Day) => boolean {
  const { months, monthDays, days } = filtersOf(rule, first);
  // Without months, the first Sunday of a yearly rule is that of the year.
  const isNthOfYear = rule.frequency === 'YEARLY' && rule.months === null;
  return (day) =>
    (months?.includes(day.month) ?? true) &&
    (monthDays?.some((each) => each === day.day || each === day.day - day.daysInMonth - 1) ?? true) &&
    (days?.some((each) => isNth(day, each, isNthOfYear)) ?? true);
}

function isNth(day: Day, { weekday, nth }: { weekday: number; nth: number | null }, isOfYear: boolean): boolean {
  if (day.dayOfWeek !== weekday) return false;
  if (nth === null) return true;
  const [number, length] = isOfYear ? [day.dayOfYear, day.daysInYear] : [day.day, day.daysInMonth];
  return Math.ceil(number / 7) === nth || -Math.ceil((length - number + 1) / 7) === nth;
}

/** BYSETPOS: some of the days of a period, by their place among them. */
function chosen({ positions }: RecurrenceRule, days: readonly Day[]): readonly Day[] {
  if (positions === null) return days;
  return days.filter((_day, index) => positions.includes(index + 1) || positions.includes(index - days.length));
}
