import type { Window } from './availability.ts';

/** A calendar month of a time zone, e.g. `2026-10` in `Europe/Vienna`; as long as its days are, whatever the clocks do. */
export function monthWindow(month: string, zone: string): Window {
  const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 });
  return { from: midnight(first, zone), to: midnight(first.add({ months: 1 }), zone) };
}

export function monthOf(at: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toPlainYearMonth()
    .toString();
}

/** Ascending: the months from that of `from` to that of `to`, both included. */
export function monthsBetween(from: number, to: number, zone: string): readonly string[] {
  const months: string[] = [];
  const last = monthOf(to, zone);
  for (let month = monthOf(from, zone); month <= last; ) {
    months.push(month);
    month = Temporal.PlainYearMonth.from(month).add({ months: 1 }).toString();
  }
  return months;
}

/** Where clocks skip midnight, the day begins with the first instant after it. */
function midnight(date: Temporal.PlainDate, zone: string): number {
  return date.toZonedDateTime(zone).epochMilliseconds;
}
