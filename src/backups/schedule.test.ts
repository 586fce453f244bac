import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../kernel/clock.ts';
import type { BackupSchedule } from './plan.ts';
import { isDue, lastDueAt, nextDueAt } from './schedule.ts';

const at = (text: string) => Date.parse(text);
const print = (instant: number) => new Date(instant).toISOString().replace(':00.000', '');
const daily = (time: string, zone = 'UTC'): BackupSchedule => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return { kind: 'daily', minutes: hours * 60 + minutes, zone };
};

test('a nightly backup is due at its time of every day', () => {
  const schedule = daily('02:00');

  assert.equal(print(lastDueAt(schedule, at('2026-11-21T01:59:59Z'))), '2026-11-20T02:00Z');
  assert.equal(print(lastDueAt(schedule, at('2026-11-21T02:00:00Z'))), '2026-11-21T02:00Z');
  assert.equal(print(nextDueAt(schedule, at('2026-11-21T02:00:00Z'))), '2026-11-22T02:00Z');
});

test('the time of day is that of its zone, summer and winter', () => {
  const schedule = daily('02:00', 'Europe/Berlin');

  assert.equal(print(nextDueAt(schedule, at('2026-07-01T12:00:00Z'))), '2026-07-02T00:00Z');
  assert.equal(print(nextDueAt(schedule, at('2026-12-01T12:00:00Z'))), '2026-12-02T01:00Z');
});

const CLOCK_CHANGES = [
  ['a time that the clocks skip', daily('02:30', 'Europe/Berlin'), '2026-03-28T12:00:00Z', '2026-03-29T01:00Z'],
  ['the very first time they skip', daily('02:00', 'Europe/Berlin'), '2026-03-28T12:00:00Z', '2026-03-29T01:00Z'],
  ['the first time after that', daily('03:00', 'Europe/Berlin'), '2026-03-28T12:00:00Z', '2026-03-29T01:00Z'],
  ['a time that occurs twice', daily('02:30', 'Europe/Berlin'), '2026-10-24T12:00:00Z', '2026-10-25T00:30Z'],
  ['half an hour that is skipped', daily('02:15', 'Australia/Lord_Howe'), '2026-10-03T00:00:00Z', '2026-10-03T15:30Z'],
  ['a midnight that does not exist', daily('00:00', 'America/Santiago'), '2026-09-05T12:00:00Z', '2026-09-06T04:00Z'],
  ['a day that does not exist', daily('12:00', 'Pacific/Apia'), '2011-12-29T23:00:00Z', '2011-12-30T10:00Z'],
] as const;

for (const [what, schedule, before, due] of CLOCK_CHANGES) {
  test(`${what} is due once, at the first instant that can stand for it`, () => {
    assert.equal(print(nextDueAt(schedule, at(before))), due);
  });
}

test('a time that occurs twice is not due a second time', () => {
  const next = nextDueAt(daily('02:30', 'Europe/Berlin'), at('2026-10-25T00:30:00Z'));

  assert.equal(print(next), '2026-10-26T01:30Z');
});

test('an interval is counted from the same instant by everybody', () => {
  const schedule: BackupSchedule = { kind: 'interval', everyMs: 6 * HOUR_MS };

  assert.equal(print(lastDueAt(schedule, at('2026-11-21T11:00:00Z'))), '2026-11-21T06:00Z');
  assert.equal(print(nextDueAt(schedule, at('2026-11-21T12:00:00Z'))), '2026-11-21T18:00Z');
});

test('however many were missed, one makes up for them', () => {
  const schedule = daily('02:00');
  const now = at('2026-11-21T09:00:00Z');

  assert.equal(isDue(schedule, at('2026-11-14T02:00:00Z'), now), true);
  assert.equal(isDue(schedule, lastDueAt(schedule, now), now), false);
});

test('a slot written down while the clock was years ahead does not keep us waiting', () => {
  assert.equal(isDue(daily('02:00'), at('2031-01-01T02:00:00Z'), at('2026-11-21T09:00:00Z')), true);
});

test('a clock set back by a second does not make a second backup', () => {
  assert.equal(isDue(daily('02:00'), at('2026-11-21T02:00:00Z'), at('2026-11-21T01:59:59.500Z')), false);
});

const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
const schedules: fc.Arbitrary<BackupSchedule> = fc.oneof(
  fc.record({ kind: fc.constant('daily' as const), minutes: fc.integer({ min: 0, max: 1439 }), zone: zones }),
  fc.record({
    kind: fc.constant('interval' as const),
    everyMs: fc.integer({ min: 15, max: 44_640 }).map((minutes) => minutes * MINUTE_MS),
  }),
);
const instants = fc.integer({ min: at('1990-01-01T00:00:00Z'), max: at('2036-12-31T00:00:00Z') });

test('in every zone now lies between the last and the next, and they are neighbours', () => {
  fc.assert(
    fc.property(schedules, instants, (schedule, now) => {
      const [last, next] = [lastDueAt(schedule, now), nextDueAt(schedule, now)];
      assert.ok(last <= now && now < next, `${print(last)} ${print(now)} ${print(next)}`);
      assert.equal(nextDueAt(schedule, last), next);
      assert.equal(lastDueAt(schedule, next), next);
      assert.equal(lastDueAt(schedule, next - 1), last);
    }),
    { numRuns: 300 },
  );
});

test('in every zone each day of a year has one backup, on that day or when it would have been [BAK-02/R]', () => {
  fc.assert(
    fc.property(zones, fc.integer({ min: 0, max: 1439 }), instants, (zone, minutes, from) => {
      const schedule: BackupSchedule = { kind: 'daily', minutes, zone };
      const dayOf = (instant: number) => Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
      let slot = nextDueAt(schedule, from);
      for (let day = 0; day < 366; day += 1) {
        const next = nextDueAt(schedule, slot);
        const days = dayOf(slot).toPlainDate().until(dayOf(next).toPlainDate()).days;
        // A zone that changes sides of the date line skips a day, or has one twice.
        assert.ok(days <= 2 && next - slot <= 2 * DAY_MS && next > slot, `${zone} ${print(slot)} ${print(next)}`);
        slot = next;
      }
    }),
    { numRuns: 25 },
  );
});
