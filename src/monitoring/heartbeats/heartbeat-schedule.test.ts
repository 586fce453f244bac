import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTimeZone, overdueSince, parseSchedule, printSchedule } from './heartbeat-schedule.ts';

const NEVER_WATCHED_BEFORE = Date.parse('2026-01-01T00:00:00Z');

interface Case {
  readonly name: string;
  readonly every: string;
  readonly zone?: string;
  readonly grace?: number;
  readonly ping: string | null;
  readonly since?: string;
  readonly now: string;
  readonly overdueSince: string | undefined;
}

const MINUTE = 60_000;

const cases: readonly Case[] = [
  {
    name: 'not yet due',
    every: '5m',
    ping: '2026-02-01T10:00:00Z',
    now: '2026-02-01T10:05:00Z',
    overdueSince: undefined,
  },
  {
    name: 'late, but within the grace',
    every: '5m',
    grace: MINUTE,
    ping: '2026-02-01T10:00:00Z',
    now: '2026-02-01T10:06:00Z',
    overdueSince: undefined,
  },
  {
    name: 'late beyond the grace',
    every: '5m',
    grace: MINUTE,
    ping: '2026-02-01T10:00:00Z',
    now: '2026-02-01T10:06:00.001Z',
    overdueSince: '2026-02-01T10:05:00Z',
  },
  {
    name: 'a short interval is not swallowed by the tolerance for clocks',
    every: '1s',
    ping: '2026-02-01T10:00:00Z',
    now: '2026-02-01T10:00:01.001Z',
    overdueSince: '2026-02-01T10:00:01Z',
  },
  {
    name: 'never heard of, due one interval after watching began',
    every: '5m',
    ping: null,
    since: '2026-02-01T10:00:00Z',
    now: '2026-02-01T10:05:01Z',
    overdueSince: '2026-02-01T10:05:00Z',
  },
  {
    name: 'last heard of long before watching began',
    every: '5m',
    ping: '2026-01-01T00:00:00Z',
    since: '2026-02-01T10:00:00Z',
    now: '2026-02-01T10:04:00Z',
    overdueSince: undefined,
  },
  {
    name: 'nothing was due by the calendar before watching began',
    every: '0 3 * * *',
    ping: null,
    since: '2026-02-01T04:00:00Z',
    now: '2026-02-02T02:59:00Z',
    overdueSince: undefined,
  },
  {
    name: 'the first time of the calendar was missed',
    every: '0 3 * * *',
    grace: MINUTE,
    ping: null,
    since: '2026-02-01T04:00:00Z',
    now: '2026-02-02T03:01:01Z',
    overdueSince: '2026-02-02T03:00:00Z',
  },
  {
    name: 'yesterday was heard of, today is still within the grace',
    every: '0 3 * * *',
    grace: 30 * MINUTE,
    ping: '2026-02-01T03:10:00Z',
    now: '2026-02-02T03:29:00Z',
    overdueSince: undefined,
  },
  {
    name: 'yesterday was heard of, today is late',
    every: '0 3 * * *',
    grace: 30 * MINUTE,
    ping: '2026-02-01T03:10:00Z',
    now: '2026-02-02T03:30:01Z',
    overdueSince: '2026-02-02T03:00:00Z',
  },
  {
    name: 'a job whose clock is a little fast',
    every: '0 3 * * *',
    ping: '2026-02-02T02:59:58Z',
    now: '2026-02-02T04:00:00Z',
    overdueSince: undefined,
  },
  {
    name: 'a ping of an hour before does not count for this time',
    every: '0 3 * * *',
    ping: '2026-02-02T02:00:00Z',
    now: '2026-02-02T04:00:00Z',
    overdueSince: '2026-02-02T03:00:00Z',
  },
  {
    name: 'the zone decides when three in the morning is',
    every: '0 3 * * *',
    zone: 'Europe/Berlin',
    ping: null,
    now: '2026-07-01T01:00:01Z',
    overdueSince: '2026-07-01T01:00:00Z',
  },
  {
    name: 'a time that the change to summer skips is due when the clocks have changed',
    every: '30 2 * * *',
    zone: 'Europe/Berlin',
    ping: '2026-03-28T01:30:00Z',
    now: '2026-03-29T01:00:01Z',
    overdueSince: '2026-03-29T01:00:00Z',
  },
  {
    name: 'a time that the change to winter repeats is due once, the first time',
    every: '30 2 * * *',
    zone: 'Europe/Berlin',
    ping: '2026-10-25T00:30:10Z',
    now: '2026-10-25T02:00:00Z',
    overdueSince: undefined,
  },
  {
    name: 'every half hour goes on through the change to winter',
    every: '*/30 * * * *',
    zone: 'Europe/Berlin',
    ping: '2026-10-25T00:30:00Z',
    now: '2026-10-25T01:00:30Z',
    overdueSince: '2026-10-25T01:00:00Z',
  },
];

for (const each of cases) {
  test(`heartbeat ${each.every}: ${each.name}`, () => {
    const schedule = parseSchedule(each.every);
    assert.ok(schedule);
    const expected = {
      schedule,
      zone: each.zone ?? 'UTC',
      graceMs: each.grace ?? 0,
      lastPingAt: each.ping === null ? null : Date.parse(each.ping),
      watchedSince: each.since === undefined ? NEVER_WATCHED_BEFORE : Date.parse(each.since),
    };

    const since = overdueSince(expected, Date.parse(each.now));

    assert.equal(since, each.overdueSince === undefined ? undefined : Date.parse(each.overdueSince));
  });
}

for (const text of ['', 'daily', '0s', '500ms', '0 3 * *', '0 0 3 * * *', '61 * * * *', '0 0 31 2 *', '-5m', '5']) {
  test(`"${text}" is no schedule`, () => assert.equal(parseSchedule(text), undefined));
}

test('a schedule is shown as it is meant', () => {
  const shown = ['90s', '0 3 * * 1-5'].map((text) => {
    const schedule = parseSchedule(text);
    return schedule && printSchedule(schedule, 'Europe/Berlin');
  });
  assert.deepEqual(shown, ['every 1m30s', '0 3 * * 1-5 (Europe/Berlin)']);
});

test('a time zone is one that this machine knows', () => {
  assert.deepEqual(['UTC', 'Europe/Berlin', 'Mars/Olympus', ''].map(isTimeZone), [true, true, false, false]);
});
