export const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** A day of the week, Monday is 1; `nth` of the month or year counts from its end when it is negative. */
export interface RuleDay {
  readonly weekday: number;
  readonly nth: number | null;
}

/** The part of RFC 5545, 3.3.10 that is about days; the time of day is that of the first start. */
export interface RecurrenceRule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | null;
  /** The last day or the last moment of its zone; `isUtc` when it is an instant. */
  readonly until: { readonly wall: Temporal.PlainDateTime; readonly isUtc: boolean } | null;
  readonly months: readonly number[] | null;
  readonly monthDays: readonly number[] | null;
  readonly days: readonly RuleDay[] | null;
  readonly positions: readonly number[] | null;
  /** Monday is 1. */
  readonly weekStart: number;
}

export type ParsedRule =
  | { readonly outcome: 'rule'; readonly rule: RecurrenceRule }
  | { readonly outcome: 'refused'; readonly because: string };

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const UNDERSTOOD = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYMONTH', 'BYMONTHDAY', 'BYDAY', 'BYSETPOS', 'WKST'];
const TIMES_OF_DAY = ['BYHOUR', 'BYMINUTE', 'BYSECOND'];
/** So many starts are walked through to find the last one. */
const COUNT_MAX = 1_000;
const INTERVAL_MAX = 1_000;

class Refusal extends Error {}

/** Strict: a part that is misspelt or not understood is refused, never passed over. */
export function parseRule(text: string): ParsedRule {
  try {
    return { outcome: 'rule', rule: read(text) };
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    return { outcome: 'refused', because: thrown.message };
  }
}

function read(text: string): RecurrenceRule {
  const parts = partsOf(text);
  const frequency = frequencyOf(parts.get('FREQ'));
  const rule = {
    frequency,
    interval: numbersIn(parts, 'INTERVAL', { min: 1, max: INTERVAL_MAX })?.[0] ?? 1,
    count: numbersIn(parts, 'COUNT', { min: 1, max: COUNT_MAX })?.[0] ?? null,
    until: untilOf(parts.get('UNTIL')),
    months: numbersIn(parts, 'BYMONTH', { min: 1, max: 12 }),
    monthDays: numbersIn(parts, 'BYMONTHDAY', { min: 1, max: 31, countsBack: true }),
    days: daysOf(parts.get('BYDAY'), frequency),
    positions: numbersIn(parts, 'BYSETPOS', { min: 1, max: 366, countsBack: true }),
    weekStart: weekdayOf(parts.get('WKST') ?? 'MO'),
  };
  refuseContradictions(rule);
  return rule;
}

function partsOf(text: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const part of text.replace(/^RRULE:/i, '').split(';')) {
    const [name = '', value = '', ...rest] = part.toUpperCase().split('=');
    if (TIMES_OF_DAY.includes(name))
      throw new Refusal(`${name} is not understood: the time of day is that of \`from\`.`);
    if (!UNDERSTOOD.includes(name))
      throw new Refusal(`${name || 'An empty part'} is not one of ${UNDERSTOOD.join(', ')}.`);
    if (value === '' || rest.length > 0) throw new Refusal(`${name} needs one value, as in FREQ=WEEKLY;BYDAY=SU.`);
    if (parts.has(name)) throw new Refusal(`${name} stands there twice.`);
    parts.set(name, value);
  }
  return parts;
}

function frequencyOf(value: string | undefined): Frequency {
  const found = FREQUENCIES.find((each) => each === value);
  if (found === undefined)
    throw new Refusal(`FREQ must be one of ${FREQUENCIES.join(', ')}; for more often use \`cron\`.`);
  return found;
}

interface Range {
  readonly min: number;
  readonly max: number;
  /** -1 is the last one. */
  readonly countsBack?: boolean;
}

function numbersIn(parts: ReadonlyMap<string, string>, name: string, range: Range): readonly number[] | null {
  const value = parts.get(name);
  if (value === undefined) return null;
  const isList = name.startsWith('BY');
  const numbers = (isList ? value.split(',') : [value]).map((each) => (/^[+-]?\d{1,4}$/.test(each) ? Number(each) : 0));
  const isGood = (each: number) => isWithin(range.countsBack === true ? Math.abs(each) : each, range);
  if (!numbers.every(isGood)) {
    const back = range.countsBack === true ? `, or -1 to -${range.max}` : '';
    throw new Refusal(`${name} takes whole numbers from ${range.min} to ${range.max}${back}.`);
  }
  return numbers;
}

function isWithin(value: number, { min, max }: Range): boolean {
  return value >= min && value <= max;
}

function daysOf(value: string | undefined, frequency: Frequency): readonly RuleDay[] | null {
  if (value === undefined) return null;
  return value.split(',').map((each) => {
    const [, digits, day] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(each) ?? [];
    if (day === undefined) throw new Refusal(`BYDAY takes days such as SU, MO,WE or 1SU for the first Sunday.`);
    const nth = digits === undefined ? null : Number(digits);
    if (nth !== null && !isWithin(Math.abs(nth), { min: 1, max: 53 })) throw new Refusal(`BYDAY has no ${each}.`);
    if (nth !== null && (frequency === 'DAILY' || frequency === 'WEEKLY')) {
      throw new Refusal(`BYDAY takes ${each} only with FREQ=MONTHLY or FREQ=YEARLY.`);
    }
    return { weekday: weekdayOf(day), nth };
  });
}

function weekdayOf(text: string): number {
  const index = WEEKDAYS.indexOf(text);
  if (index === -1) throw new Refusal(`${text} is no day of the week; they are ${WEEKDAYS.join(', ')}.`);
  return index + 1;
}

const UNTIL = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?$/;

/** A day alone means all of it. */
function untilOf(value: string | undefined): RecurrenceRule['until'] {
  if (value === undefined) return null;
  const [, year, month, day, hour = '23', minute = '59', second = '59', utc] = UNTIL.exec(value) ?? [];
  try {
    const wall = Temporal.PlainDateTime.from(`${year}-${month}-${day}T${hour}:${minute}:${second}`);
    return { wall, isUtc: utc !== undefined };
  } catch {
    throw new Refusal('UNTIL takes a day such as 20271231, or an instant such as 20271231T220000Z.');
  }
}

function refuseContradictions({ frequency, count, until, monthDays, days, months, positions }: RecurrenceRule): void {
  if (count !== null && until !== null) throw new Refusal('COUNT and UNTIL cannot stand together.');
  if (frequency === 'WEEKLY' && monthDays !== null) throw new Refusal('BYMONTHDAY cannot stand with FREQ=WEEKLY.');
  if (positions !== null && days === null && monthDays === null && months === null) {
    throw new Refusal('BYSETPOS chooses among days: it needs BYDAY, BYMONTHDAY or BYMONTH beside it.');
  }
}
