import * as z from 'zod';
import { DAY_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { duration } from '../../kernel/duration.ts';
import { secretText } from '../../kernel/secret-text.ts';
import { isTimeZone, overdueSince, parseSchedule, printSchedule } from '../heartbeats/heartbeat-schedule.ts';
import { type CheckResult, defineMonitor, type Ping, type ProbeIo } from '../monitor-type.ts';

const GRACE_MS = MINUTE_MS;
/** A UUID, a token, or the key of a project and a name in it: the secret part of an address that jobs call already. */
const KEY = /^[\w-]{8,100}(?:\/[\w-]{1,100})?$/;

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
  key: secretText(z.string().regex(KEY, 'Expected 8 to 100 letters, digits, - and _, as in an address for pings.'))
    .optional()
    .describe('The secret part of an address that the job calls already; it works beside the one we make.'),
});
type HeartbeatSettings = z.output<typeof HeartbeatSettings>;

export const heartbeat = defineMonitor({
  type: 'heartbeat',
  summary: 'Waits for a ping from a job, and complains when it does not come or reports a failure.',
  example: 'nightly: { heartbeat: "0 3 * * *", grace: 30m, zone: Europe/Berlin }',
  testedAgainst: 'croner 11',
  settings: HeartbeatSettings,
  isPush: true,
  takesPings: true,
  ownPingKey: ({ key }) => key,
  target: ({ heartbeat: schedule, zone }) => printSchedule(schedule, zone),
  check: async (settings, io) => judge(settings, io),
});

function judge(settings: HeartbeatSettings, io: ProbeIo): CheckResult | undefined {
  const { heartbeat: schedule, grace: graceMs, zone } = settings;
  const ping = io.lastPing();
  const now = io.clock.now();
  const measured = ping === null ? {} : measuredOf(ping);
  const complaint = ping === null ? undefined : complaintAfter(ping, io, settings);
  if (complaint !== undefined) return { ...measured, state: 'down', reason: complaint };

  const lastPingAt = ping?.at ?? null;
  const dueAt = overdueSince({ schedule, zone, graceMs, lastPingAt, watchedSince: io.watchedSince }, now);
  // A job that has never been heard of, and was not due yet, is neither good nor bad.
  if (dueAt === undefined) return lastPingAt === null ? undefined : { ...measured, state: 'up' };
  const last = lastPingAt === null ? 'none ever came' : `the last one came at ${print(lastPingAt, zone)}`;
  return { state: 'down', reason: `A ping was due at ${print(dueAt, zone)} and did not come; ${last}.` };
}

function measuredOf({ latencyMs, durationMs }: Ping): Pick<CheckResult, 'latencyMs' | 'readings'> {
  return {
    ...(latencyMs !== undefined && { latencyMs }),
    ...(durationMs !== undefined && { readings: { duration: durationMs } }),
  };
}

/** What is wrong by what was told, the latest first. */
function complaintAfter(ping: Ping, io: ProbeIo, settings: HeartbeatSettings): string | undefined {
  const now = io.clock.now();
  return complaintOf(ping, settings, now) ?? failedBefore(io, settings, now) ?? lostRun(io, settings, now);
}

/** What the job itself said is wrong. */
function complaintOf(ping: Ping, { grace, zone }: HeartbeatSettings, now: number): string | undefined {
  const { at, outcome, exitStatus, message } = ping;
  if (outcome === 'failure') {
    const what = exitStatus === undefined ? 'The job reported a failure' : `The job ended with status ${exitStatus}`;
    return `${what} at ${print(at, zone)}${message === undefined ? '.' : `: ${message.replace(/\.+$/, '')}.`}`;
  }
  if (outcome === 'success' || now <= at + grace) return undefined;
  return `The job started at ${print(at, zone)} and has not reported its end.`;
}

/** To begin again mends nothing: what failed last has failed until a run ends well. */
function failedBefore(io: ProbeIo, settings: HeartbeatSettings, now: number): string | undefined {
  const ended = io.lastEnd();
  return ended?.outcome === 'failure' ? complaintOf(ended, settings, now) : undefined;
}

/** A run that did not end in time counts until another one has ended well since. */
function lostRun(io: ProbeIo, { grace, zone }: HeartbeatSettings, now: number): string | undefined {
  const last = io.lastPing();
  const wellAt = last?.outcome === 'success' ? last.at : 0;
  const lost = io.openRuns().find((startedAt) => now > startedAt + grace && wellAt <= startedAt + grace);
  return lost === undefined ? undefined : `A run that started at ${print(lost, zone)} has not reported its end.`;
}

/** As a person in that zone reads it, e.g. `2026-11-20 03:00 Europe/Berlin`; with seconds where there are any. */
function print(ms: number, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDateTime();
  return `${local.toString({ smallestUnit: local.second === 0 ? 'minute' : 'second' }).replace('T', ' ')} ${zone}`;
}
