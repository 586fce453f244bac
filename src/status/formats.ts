import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';
import { floorPercent } from './summary.ts';

/** Dates, numbers and lists as a language writes them. Times are always UTC: visitors are everywhere. */
export interface Formats {
  /** `14 Oct` */
  day(at: number): string;
  /** `10 – 19 Nov` */
  days(from: number, to: number): string;
  /** `14:04 UTC`, with the day in front when it is not the day of `now`. */
  time(at: number, now: number): string;
  /** `14:04–14:32`, within one day. */
  clockTimes(from: number, to: number): string;
  /** `14:04` */
  clockTime(at: number): string;
  /** `14:04–14:32 UTC`, with days where they differ. */
  times(from: number, to: number): string;
  /** `1 hr, 17 mins`: two units at most, the smaller one rounded. */
  duration(ms: number): string;
  /** The same in full words, for sentences: `30 seconds`. */
  interval(ms: number): string;
  /** A stopwatch's word: `0.4 seconds`, `11 minutes, 40 seconds`; never less than it was. */
  measured(ms: number): string;
  /** `6 hours ago`, cut to whole units and able to stand alone; null for less than a minute. */
  ago(ms: number): string | null;
  /** `99.98%`, cut instead of rounded: 100% means all of it. */
  percent(ratio: number): string;
  /** `62%`, cut the same way. */
  wholePercent(ratio: number): string;
  /** `A, B and C` */
  list(items: readonly string[]): string;
}

const DAY = { day: 'numeric', month: 'short', timeZone: 'UTC' } as const;
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' } as const;

/** Up to here a tenth of a second says something. */
const TENTHS_MS_MAX = 10 * SECOND_MS;
const SECONDS = {
  style: 'unit',
  unit: 'second',
  unitDisplay: 'long',
  maximumFractionDigits: 1,
  roundingMode: 'ceil',
} as const;

export function createFormats(locale: string): Formats {
  const day = whenUsed(() => new Intl.DateTimeFormat(locale, DAY));
  const clock = whenUsed(() => new Intl.DateTimeFormat(locale, CLOCK));
  const time = whenUsed(() => new Intl.DateTimeFormat(locale, { ...CLOCK, timeZoneName: 'short' }));
  const dayTime = whenUsed(() => new Intl.DateTimeFormat(locale, { ...DAY, ...CLOCK, timeZoneName: 'short' }));
  const duration = whenUsed(() => new Intl.DurationFormat(locale, { style: 'short' }));
  const interval = whenUsed(() => new Intl.DurationFormat(locale, { style: 'long' }));
  const seconds = whenUsed(() => new Intl.NumberFormat(locale, SECONDS));
  const relative = whenUsed(() => new Intl.RelativeTimeFormat(locale));
  const percent = whenUsed(() => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 }));
  const list = whenUsed(() => new Intl.ListFormat(locale));

  const capitalised = (text: string) => text.replace(/^\p{Ll}/u, (first) => first.toLocaleUpperCase(locale));

  return {
    day: (at) => day().format(at),
    days: (from, to) => day().formatRange(from, to),
    time: (at, now) => (isSameDay(at, now) ? time : dayTime)().format(at),
    clockTimes: (from, to) => clock().formatRange(from, to),
    clockTime: (at) => clock().format(at),
    times: (from, to) => (isSameDay(from, to) ? time : dayTime)().formatRange(from, to),
    duration: (ms) => duration().format(unitsOf(ms)),
    interval: (ms) => interval().format(unitsOf(ms)),
    measured: (ms) => (ms < TENTHS_MS_MAX ? seconds().format(ms / SECOND_MS) : interval().format(clockUnitsOf(ms))),
    ago: (ms) => (ms < MINUTE_MS ? null : capitalised(relative().format(...ageOf(ms)))),
    percent: (ratio) => percent().format(floorPercent(ratio) / 100),
    wholePercent: (ratio) => percent().format(Math.floor(floorPercent(ratio)) / 100),
    list: (items) => list().format(items),
  };
}

/** Each takes a millisecond or two to make, and a page that shows no trouble uses three of them. */
function whenUsed<Format>(make: () => Format): () => Format {
  let made: Format | undefined;
  return () => (made ??= make());
}

function unitsOf(ms: number): Parameters<Intl.DurationFormat['format']>[0] {
  if (ms < MINUTE_MS) return { seconds: Math.max(1, Math.ceil(ms / SECOND_MS)) };
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes * MINUTE_MS < HOUR_MS) return { minutes };
  const hours = Math.floor((minutes * MINUTE_MS) / HOUR_MS);
  if (hours * HOUR_MS < DAY_MS) return { hours, minutes: minutes % 60 };
  return { days: Math.floor(hours / 24), hours: hours % 24 };
}

/** Like `unitsOf`, with the seconds beside the minutes. */
function clockUnitsOf(ms: number): Parameters<Intl.DurationFormat['format']>[0] {
  const seconds = Math.ceil(ms / SECOND_MS);
  if (seconds * SECOND_MS >= HOUR_MS) return unitsOf(ms);
  return { minutes: Math.floor(seconds / 60), seconds: seconds % 60 };
}

function ageOf(ms: number): [number, 'minute' | 'hour' | 'day'] {
  if (ms < HOUR_MS) return [-Math.floor(ms / MINUTE_MS), 'minute'];
  if (ms < DAY_MS) return [-Math.floor(ms / HOUR_MS), 'hour'];
  return [-Math.floor(ms / DAY_MS), 'day'];
}

function isSameDay(a: number, b: number): boolean {
  return Math.floor(a / DAY_MS) === Math.floor(b / DAY_MS);
}
