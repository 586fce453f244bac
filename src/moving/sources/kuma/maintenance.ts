import { DAY_MS, SECOND_MS } from '../../../kernel/clock.ts';
import { formatDuration } from '../../../kernel/duration.ts';
import type { Row } from '../../import-source.ts';
import type { NameFor } from '../../names.ts';
import { ownEntry } from '../../own-entry.ts';
import { cannot, carried, type ImportItem, leftOut } from '../../plan.ts';
import { demand, Unlike } from '../../unlike.ts';
import type { Written } from '../../written.ts';
import type { KumaData } from './data.ts';
import { flagIn, jsonIn, numberIn, textIn } from './row.ts';

export interface MaintenanceContext {
  readonly data: KumaData;
  readonly nameFor: NameFor;
  /** Names of those that are carried over; of a group, whatever is in it as well. */
  readonly membersOf: (monitorId: unknown) => readonly string[];
  readonly now: number;
}

/** Announced work. What people switch on by hand, and what is over, stays behind. */
export function maintenanceItems(context: MaintenanceContext): readonly ImportItem[] {
  return context.data.maintenance.map((row) => itemOf(row, context));
}

function itemOf(row: Row, { data, nameFor, membersOf, now }: MaintenanceContext): ImportItem {
  const key = `maintenance ${String(row['id'])}`;
  const title = textIn(row, 'title') ?? key;
  const found = { key, what: 'maintenance', title, from: data.place('maintenance', row) };
  if (!flagIn(row, 'active')) return leftOut(found, 'It is switched off in Kuma.');
  const about = data.maintained.filter((each) => each['maintenance_id'] === row['id']);
  const monitors = [...new Set(about.flatMap((each) => membersOf(each['monitor_id'])))];
  if (monitors.length === 0) return cannot(found, 'It is about no monitor that is carried over.');
  const zone = zoneOf(row, data);
  if (isOver(row, zone, now)) return leftOut(found, 'It is over.');
  try {
    const entry = { title: title.slice(0, 200), monitors, ...timesOf(row), zone: zone === 'UTC' ? undefined : zone };
    return carried(found, { section: 'maintenance', name: nameFor('windows', key, title), entry }, notesOn(row));
  } catch (error) {
    if (error instanceof Unlike) return cannot(found, error.message);
    throw error;
  }
}

type Times = Readonly<Record<string, Written | undefined>>;

function timesOf(row: Row): Times {
  const strategy = textIn(row, 'strategy') ?? '';
  const times = ownEntry(STRATEGIES, strategy);
  return demand(times, `Kuma has no strategy ${JSON.stringify(strategy)} that is known here.`)(row);
}

const STRATEGIES: Readonly<Record<string, (row: Row) => Times>> = {
  manual() {
    throw new Unlike('People switch it on and off by hand; here that is `evenkeel maintenance start`.');
  },
  single: (row) => ({ from: localTime(row, 'start_date'), until: localTime(row, 'end_date') }),
  cron: (row) => ({ cron: demand(textIn(row, 'cron'), NO_TIMES), for: secondsOf(row) }),
  'recurring-interval': (row) => {
    const days = numberIn(row, 'interval_day') ?? 1;
    const { at, lasts } = timesOfDay(row);
    if (days === 1) return { cron: `${at.minute} ${at.hour} * * *`, for: lasts };
    return { from: firstTime(row), rrule: `FREQ=DAILY;INTERVAL=${days}`, for: lasts };
  },
  'recurring-weekday': (row) => {
    const { at, lasts } = timesOfDay(row);
    return { cron: `${at.minute} ${at.hour} * * ${numbersIn(row, 'weekdays').join(',')}`, for: lasts };
  },
  'recurring-day-of-month': (row) => {
    const { at, lasts } = timesOfDay(row);
    const written = jsonIn(row, 'days_of_month');
    const days = (Array.isArray(written) ? written : []).map((day) => dayOfMonth(String(day)));
    if (days.length === 0) throw new Unlike(NO_TIMES);
    if (days.every((day) => day > 0)) return { cron: `${at.minute} ${at.hour} ${days.join(',')} * *`, for: lasts };
    return { from: firstTime(row), rrule: `FREQ=MONTHLY;BYMONTHDAY=${days.join(',')}`, for: lasts };
  },
};

const NO_TIMES = 'It does not say when it is.';

function dayOfMonth(day: string): number {
  const [, last] = /^lastDay(\d)$/.exec(day) ?? [];
  return last === undefined ? Number(day) : -Number(last);
}

function numbersIn(row: Row, column: string): readonly number[] {
  const written = jsonIn(row, column);
  const numbers = (Array.isArray(written) ? written : []).map(Number).filter((each) => Number.isInteger(each));
  if (numbers.length === 0) throw new Unlike(NO_TIMES);
  // Sunday is 7 there, and 0 in cron.
  return numbers.map((each) => each % 7);
}

function secondsOf(row: Row): string {
  const seconds = demand(numberIn(row, 'duration'), 'It does not say how long it lasts.');
  return formatDuration(seconds * SECOND_MS);
}

/** Begins and ends by the clock; past midnight when the end is before the beginning. */
function timesOfDay(row: Row): {
  readonly at: { readonly hour: number; readonly minute: number };
  readonly lasts: string;
} {
  const [from, to] = ['start_time', 'end_time'].map((column) => minutesIn(row, column));
  if (from === undefined || to === undefined) throw new Unlike(NO_TIMES);
  const lastsMs = ((((to - from) * 60 * SECOND_MS) % DAY_MS) + DAY_MS) % DAY_MS;
  return {
    at: { hour: Math.floor(from / 60), minute: from % 60 },
    lasts: formatDuration(lastsMs === 0 ? DAY_MS : lastsMs),
  };
}

function minutesIn(row: Row, column: string): number | undefined {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})/.exec(textIn(row, column) ?? '') ?? [];
  return hour === undefined ? undefined : Number(hour) * 60 + Number(minute);
}

/** Kuma writes times of the zone of the window, without an offset. */
function localTime(row: Row, column: string): string {
  const text = demand(textIn(row, column), NO_TIMES);
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})/.exec(text) ?? [];
  return `${demand(day, NO_TIMES)}T${time}`;
}

function firstTime(row: Row): string {
  const missing = 'It comes again after a number of days, and does not say from when on.';
  const [, day] = /^(\d{4}-\d{2}-\d{2})/.exec(textIn(row, 'start_date') ?? '') ?? [];
  const { hour, minute } = timesOfDay(row).at;
  return `${demand(day, missing)}T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

function zoneOf(row: Row, { zone }: KumaData): string {
  const own = textIn(row, 'timezone');
  return own === undefined || own === 'SAME_AS_SERVER' ? zone : own;
}

function isOver(row: Row, zone: string, now: number): boolean {
  const end = textIn(row, 'end_date');
  if (end === undefined) return false;
  try {
    const local = Temporal.PlainDateTime.from(end.replace(' ', 'T'));
    return local.toZonedDateTime(zone).epochMilliseconds <= now;
  } catch {
    return false;
  }
}

function notesOn(row: Row): readonly string[] {
  const ends = textIn(row, 'strategy') === 'single' ? undefined : textIn(row, 'end_date');
  return ends === undefined ? [] : [`In Kuma it ends for good on ${ends.slice(0, 10)}; take it out here by then.`];
}
