import * as z from 'zod';

/** A time of day on the wall clock of some zone, in minutes since midnight. */
export interface TimeOfDay {
  readonly minutes: number;
}

/** `weekday` counts from Monday = 1, as ISO 8601 does. */
export interface TimeOfWeek extends TimeOfDay {
  readonly weekday: number;
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const TIME = String.raw`(?<hours>[01]\d|2[0-3]):(?<minutes>[0-5]\d)`;
const TIME_OF_DAY = new RegExp(`^${TIME}$`);
const TIME_OF_WEEK = new RegExp(`^(?<weekday>${WEEKDAYS.join('|')}) ${TIME}$`);

/** A setting written as `"02:00"`. Without quotes YAML 1.1 tools read a number of minutes, hence the message. */
export function timeOfDay() {
  const expectation = 'Expected a time of day in quotes, such as "02:00".';
  return z
    .string(expectation)
    .regex(TIME_OF_DAY, expectation)
    .transform((text): TimeOfDay => ({ minutes: minutesOf(TIME_OF_DAY.exec(text)) }));
}

/** A setting written as `Mon 09:00`. */
export function timeOfWeek() {
  const expectation = 'Expected a day and a time, such as Mon 09:00.';
  return z
    .string(expectation)
    .regex(TIME_OF_WEEK, expectation)
    .transform((text): TimeOfWeek => {
      const match = TIME_OF_WEEK.exec(text);
      const weekday = WEEKDAYS.findIndex((day) => day === match?.groups?.['weekday']) + 1;
      return { weekday, minutes: minutesOf(match) };
    });
}

function minutesOf(match: RegExpExecArray | null): number {
  return Number(match?.groups?.['hours']) * 60 + Number(match?.groups?.['minutes']);
}

/** A setting that names a zone of the IANA database, e.g. `Europe/Berlin`. */
export function timeZone() {
  return z.string().refine(isTimeZone, 'Expected a time zone such as Europe/Berlin or UTC.');
}

function isTimeZone(text: string): boolean {
  // Offsets such as +01:00 would be accepted too, but know nothing of summer time.
  if (!/^[A-Z]/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
