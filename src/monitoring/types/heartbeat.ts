import * as z from 'zod';
import { DAY_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { duration } from '../../kernel/duration.ts';
import { isTimeZone, overdueSince, parseSchedule, printSchedule } from '../heartbeats/heartbeat-schedule.ts';
import { type CheckResult, defineMonitor, type Ping, type ProbeIo } from '../monitor-type.ts';

const GRACE_MS = MINUTE_MS;

const HeartbeatSettings = z.strictObject({
  heartbeat: z
    .string()
    .transform((text, context) => {
      const schedule = parseSchedule(text);
      if (schedule !== undefined) return schedule;
      context.addIssue({
        code: 'custom',
        message: 'Expected how often a ping comes, such as 5m, or a cron line such as "0 3 * * *".',
      });
      return z.NEVER;
    })
    .describe('When pings are due: an interval such as "5m", or a cron line such as "0 3 * * *".'),
  grace: duration({ maxMs: 7 * DAY_MS })
    .default(GRACE_MS)
    .describe('How late a ping may be, and how long a job may run that says when it starts. Default 1m.'),
  zone: z
    .string()
    .refine(isTimeZone, 'Expected a time zone, such as Europe/Berlin.')
    .default('UTC')
    .describe('Time zone of the cron line, e.g. Europe/Berlin. Default UTC.'),
});
type HeartbeatSettings = z.output<typeof HeartbeatSettings>;

export const heartbeat = defineMonitor({
  type: 'heartbeat',
  summary: 'Waits for a ping from a job, and complains when it does not come or reports a failure.',
  example: 'nightly: { heartbeat: "0 3 * * *", grace: 30m, zone: Europe/Berlin }',
  testedAgainst: 'croner 11',
  settings: HeartbeatSettings,
  isPush: true,
  target: ({ heartbeat: schedule, zone }) => printSchedule(schedule, zone),
  check: async (settings, io) => judge(settings, io),
});

function judge(settings: HeartbeatSettings, io: ProbeIo): CheckResult | undefined {
  const { heartbeat: schedule, grace: graceMs, zone } = settings;
  const ping = io.lastPing();
  const now = io.clock.now();
  const complaint = ping === null ? undefined : complaintOf(ping, settings, now);
  if (complaint !== undefined) return { state: 'down', reason: complaint };

  const lastPingAt = ping?.at ?? null;
  const dueAt = overdueSince({ schedule, zone, graceMs, lastPingAt, watchedSince: io.watchedSince }, now);
  // A job that has never been heard of, and was not due yet, is neither good nor bad.
  if (dueAt === undefined) return lastPingAt === null ? undefined : { state: 'up' };
  const last = lastPingAt === null ? 'none ever came' : `the last one came at ${print(lastPingAt, zone)}`;
  return { state: 'down', reason: `A ping was due at ${print(dueAt, zone)} and did not come; ${last}.` };
}

/** What the job itself said is wrong. */
function complaintOf({ at, outcome }: Ping, { grace, zone }: HeartbeatSettings, now: number): string | undefined {
  if (outcome === 'failure') return `The job reported a failure at ${print(at, zone)}.`;
  if (outcome === 'success' || now <= at + grace) return undefined;
  return `The job started at ${print(at, zone)} and has not reported its end.`;
}

/** As a person in that zone reads it, e.g. `2026-11-20 03:00 Europe/Berlin`; with seconds where there are any. */
function print(ms: number, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDateTime();
  return `${local.toString({ smallestUnit: local.second === 0 ? 'minute' : 'second' }).replace('T', ' ')} ${zone}`;
}
