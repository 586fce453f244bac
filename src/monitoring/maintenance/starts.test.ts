import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import { startsByCron } from './cron-starts.ts';
import { type Starts, startsWithin } from './planned-window.ts';
import { parseRule } from './recurrence-rule.ts';
import { remembered } from './remembered-starts.ts';
import { startsByRule } from './rule-starts.ts';

const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'];
const FROM = Date.UTC(2025, 0, 1);
const TO = Date.UTC(2029, 0, 1);

/** The examples of RFC 5545, 3.8.5.3, on New York's clocks, and some of our own. */
const RULES: readonly (readonly [rule: string, first: string, starts: readonly string[]])[] = [
  ['FREQ=DAILY;COUNT=3', '1997-09-02', ['1997-09-02', '1997-09-03', '1997-09-04']],
  ['FREQ=DAILY;INTERVAL=10;COUNT=3', '1997-09-02', ['1997-09-02', '1997-09-12', '1997-09-22']],
  ['FREQ=DAILY;BYMONTH=1;UNTIL=19980103', '1998-01-01', ['1998-01-01', '1998-01-02', '1998-01-03']],
  ['FREQ=WEEKLY;UNTIL=19970916T130000Z', '1997-09-02', ['1997-09-02', '1997-09-09', '1997-09-16']],
  ['FREQ=WEEKLY;UNTIL=19970916T125959Z', '1997-09-02', ['1997-09-02', '1997-09-09']],
  [
    'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO',
    '1997-08-05',
    ['1997-08-05', '1997-08-10', '1997-08-19', '1997-08-24'],
  ],
  [
    'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU',
    '1997-08-05',
    ['1997-08-05', '1997-08-17', '1997-08-19', '1997-08-31'],
  ],
  ['FREQ=MONTHLY;COUNT=3;BYDAY=1FR', '1997-09-05', ['1997-09-05', '1997-10-03', '1997-11-07']],
  ['FREQ=MONTHLY;INTERVAL=2;COUNT=3;BYDAY=1SU,-1SU', '1997-09-07', ['1997-09-07', '1997-09-28', '1997-11-02']],
  ['FREQ=MONTHLY;COUNT=3;BYDAY=-2MO', '1997-09-22', ['1997-09-22', '1997-10-20', '1997-11-17']],
  ['FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=3', '1997-09-28', ['1997-09-28', '1997-10-29', '1997-11-28']],
  ['FREQ=MONTHLY;BYMONTHDAY=1,-1;COUNT=3', '1997-09-30', ['1997-09-30', '1997-10-01', '1997-10-31']],
  ['FREQ=MONTHLY;COUNT=3', '2026-01-31', ['2026-01-31', '2026-03-31', '2026-05-31']],
  ['FREQ=YEARLY;COUNT=4;BYMONTH=6,7', '1997-06-10', ['1997-06-10', '1997-07-10', '1998-06-10', '1998-07-10']],
  ['FREQ=YEARLY;BYDAY=20MO;COUNT=3', '1997-05-19', ['1997-05-19', '1998-05-18', '1999-05-17']],
  ['FREQ=YEARLY;BYMONTH=3;BYDAY=TH;COUNT=4', '1997-03-13', ['1997-03-13', '1997-03-20', '1997-03-27', '1998-03-05']],
  ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3', '1998-02-13', ['1998-02-13', '1998-03-13', '1998-11-13']],
  [
    'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3',
    '1996-11-05',
    ['1996-11-05', '2000-11-07', '2004-11-02'],
  ],
  ['FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', '1997-09-04', ['1997-09-04', '1997-10-07', '1997-11-06']],
  ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=3', '1997-09-29', ['1997-09-29', '1997-10-30', '1997-11-27']],
  ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=2', '2024-02-29', ['2024-02-29', '2028-02-29']],
];

describe('a rule of RFC 5545', () => {
  for (const [rule, first, expected] of RULES) {
    test(`${rule} from ${first} on`, () => {
      const starts = byRule(rule, first, { time: '09:00', zone: 'America/New_York' });

      const found = startsWithin(starts, 0, Date.parse(`${expected.at(-1)}T23:00:00Z`) + 1);

      assert.deepEqual(
        found.map((at) => new Date(at).toISOString().slice(0, 10)),
        expected,
      );
      assert.equal(starts.latest(TO + 100 * DAY_MS) !== null, true);
    });
  }

  for (const [rule, because] of [
    ['FREQ=WEEKLY;BYDAYS=SU', /BYDAYS is not one of FREQ/],
    ['FREQ=HOURLY', /FREQ must be one of DAILY, WEEKLY, MONTHLY, YEARLY; for more often use `cron`/],
    ['FREQ=DAILY;BYHOUR=2', /BYHOUR is not understood: the time of day is that of `from`/],
    ['FREQ=MONTHLY;BYMONTHDAY=32', /BYMONTHDAY takes whole numbers from 1 to 31, or -1 to -31/],
    ['FREQ=WEEKLY;BYDAY=1SU', /BYDAY takes 1SU only with FREQ=MONTHLY or FREQ=YEARLY/],
    ['FREQ=WEEKLY;BYDAY=XX', /XX is no day of the week/],
    ['FREQ=DAILY;COUNT=2;UNTIL=20271231', /COUNT and UNTIL cannot stand together/],
    ['FREQ=DAILY;INTERVAL=0', /INTERVAL takes whole numbers from 1/],
    ['FREQ=DAILY;FREQ=DAILY', /FREQ stands there twice/],
    ['FREQ=DAILY;UNTIL=20270231', /UNTIL takes a day such as/],
    ['BYDAY=SU', /FREQ must be one of/],
    ['FREQ=DAILY;BYSETPOS=1', /BYSETPOS chooses among days/],
    ['FREQ=DAILY;', /An empty part/],
  ] as const) {
    test(`${rule} is refused`, () => {
      const parsed = parseRule(rule);
      assert.match(parsed.outcome === 'refused' ? parsed.because : '', because);
    });
  }
});

describe('on the day the clocks change', () => {
  const cases = [
    ['a time that is skipped is the moment at which the clocks change', '2026-03-29', '02:30', '2026-03-29T01:00:00Z'],
    ['a time that comes twice is the first of the two', '2026-10-25', '02:30', '2026-10-25T00:30:00Z'],
    ['a time before stays what it is', '2026-03-29', '01:59', '2026-03-29T00:59:00Z'],
    ['a time after stays what it is', '2026-03-29', '03:00', '2026-03-29T01:00:00Z'],
  ] as const;
  for (const [name, day, time, at] of cases) {
    test(`${name}, for rules and cron lines alike`, () => {
      const [hour, minute] = time.split(':');
      const rule = byRule('FREQ=DAILY', '2026-01-01', { time, zone: 'Europe/Berlin' });
      const cron = startsByCron(`${Number(minute)} ${Number(hour)} * * *`, 'Europe/Berlin');
      const noon = Date.parse(`${day}T12:00:00Z`);

      assert.deepEqual([rule.latest(noon), cron.latest(noon)], [Date.parse(at), Date.parse(at)]);
    });
  }
});

const minuteOfDay = fc.integer({ min: 0, max: 1439 });
const zone = fc.constantFrom(...ZONES);

test('whatever the zone: once a day, in order, at the time asked for or when the clocks skip it, by rule and by cron', () => {
  fc.assert(
    fc.property(zone, fc.oneof(minuteOfDay, fc.integer({ min: 60, max: 200 })), (inZone, minutes) => {
      const [hour, minute] = [Math.floor(minutes / 60), minutes % 60];
      const time = Temporal.PlainTime.from({ hour, minute });
      const rule = byRule('FREQ=DAILY', '2025-01-01', { time: time.toString(), zone: inZone });
      const cron = startsByCron(`${minute} ${hour} * * *`, inZone);
      for (const day of daysAroundTransitions(inZone)) {
        const noon = day.toZonedDateTime({ timeZone: inZone, plainTime: '12:00' });
        const [from, to] = [noon.subtract({ days: 3 }), noon.add({ days: 3 })].map((each) => each.epochMilliseconds);
        const found = startsWithin(rule, from ?? 0, to ?? 0);
        assert.deepEqual(startsWithin(cron, from ?? 0, to ?? 0), found);
        assert.equal(found.length, 6);
        for (const [index, at] of found.entries()) {
          assert.ok(index === 0 || at > (found[index - 1] ?? 0));
          assert.ok(isAsAsked(at, time, inZone), `${new Date(at).toISOString()} for ${time.toString()} in ${inZone}`);
        }
      }
    }),
    { numRuns: 30 },
  );
});

const rules = [
  'FREQ=DAILY;INTERVAL=3',
  'FREQ=WEEKLY;BYDAY=SU',
  'FREQ=MONTHLY;BYDAY=-1SU',
  'FREQ=MONTHLY;BYMONTHDAY=29',
  'FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU',
  'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;COUNT=40',
  'FREQ=DAILY;UNTIL=20270601',
];

test('whatever the rule and the zone, what is next and what was latest are neighbours in one list', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...rules),
      zone,
      minuteOfDay,
      fc.array(fc.integer({ min: FROM - 30 * DAY_MS, max: TO }), { minLength: 1, maxLength: 5 }),
      (text, inZone, minutes, instants) => {
        const time = Temporal.PlainTime.from({ hour: Math.floor(minutes / 60), minute: minutes % 60 });
        const starts = byRule(text, '2025-01-05', { time: time.toString(), zone: inZone });
        const all = startsWithin(starts, 0, TO + 800 * DAY_MS);
        assert.deepEqual(
          all,
          [...new Set(all)].toSorted((a, b) => a - b),
        );
        const known = remembered(starts);
        for (const at of instants) {
          const expected: (number | null)[] = [
            all.findLast((each) => each <= at) ?? null,
            all.find((each) => each > at) ?? null,
          ];
          assert.deepEqual([starts.latest(at), starts.next(at)], expected);
          assert.deepEqual([known.latest(at), known.next(at)], expected);
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('an hourly line goes on through the hour that comes twice', () => {
  const found = startsWithin(
    startsByCron('0 * * * *', 'Europe/Berlin'),
    Date.parse('2026-10-24T23:30:00Z'),
    Date.parse('2026-10-25T03:30:00Z'),
  );

  assert.deepEqual(
    found.map((at, index) => (index === 0 ? HOUR_MS : at - (found[index - 1] ?? 0))),
    Array(4).fill(HOUR_MS),
  );
});

function byRule(text: string, first: string, at: { readonly time: string; readonly zone: string }): Starts {
  const parsed = parseRule(text);
  assert.ok(parsed.outcome === 'rule');
  const start = Temporal.PlainDate.from(first).toPlainDateTime(at.time);
  return startsByRule({ rule: parsed.rule, first: start, zone: at.zone });
}

/** Every day from 2025 to 2028 on which the clocks change; of a zone that never changes them any day. */
function daysAroundTransitions(timeZone: string): readonly Temporal.PlainDate[] {
  const days: Temporal.PlainDate[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(FROM + 10 * DAY_MS).toZonedDateTimeISO(timeZone);
  for (let next = at.getTimeZoneTransition('next'); next !== null; next = at.getTimeZoneTransition('next')) {
    if (next.epochMilliseconds >= TO) break;
    days.push(next.toPlainDate());
    at = next;
  }
  return days.length === 0 ? [Temporal.PlainDate.from('2026-03-29')] : days;
}

function isAsAsked(at: number, time: Temporal.PlainTime, timeZone: string): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  if (local.toPlainTime().equals(time)) return true;
  // Skipped: one moment before, the clock showed less than what was asked for.
  const before = local.subtract({ nanoseconds: 1 });
  const isChange = before.offsetNanoseconds < local.offsetNanoseconds;
  return isChange && Temporal.PlainTime.compare(before.toPlainTime(), time) < 0;
}
