import * as z from 'zod';
import { formatDuration } from '../../kernel/duration.ts';
import { codeOf, EvenkeelError } from '../../kernel/errors.ts';
import type { IpFamily, Pong } from '../../kernel/net.ts';
import { expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { downBecause, throwIfShutDown } from '../protocols/failure.ts';

const PACKETS_MAX = 10;
/** Apart from each other, so that one hiccup does not take them all. */
const GAP_MS = 100;
const HOST = /^(?!-)[\w.-]{1,253}$|^[\da-fA-F:.]{2,45}$/;
/** What becomes of one packet, and says nothing about the next. */
const LOSSES: ReadonlySet<string> = new Set(['TimeoutError', 'ETIMEDOUT', 'EHOSTUNREACH']);

const PingSettings = z.strictObject({
  ping: z
    .string()
    .regex(HOST, 'Expected a host or an address without a port, such as shop.example or 192.0.2.1.')
    .describe('Host or address to send an echo request to, e.g. "router.example".'),
  packets: z
    .int()
    .min(1)
    .max(PACKETS_MAX)
    .default(1)
    .describe('How many echo requests to send, up to 10; when only some come back it is degraded. Default 1.'),
  ip: z
    .union([z.literal(4), z.literal(6)])
    .optional()
    .describe('Use only IPv4 or only IPv6, 4 or 6. Default: whichever the host has.'),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME', 'IP'])
    .optional()
    .describe('Conditions that must hold, or `{ down: […], degraded: […] }`. [RESPONSE_TIME] is the average.'),
});
type PingSettings = z.output<typeof PingSettings>;

export const ping = defineMonitor({
  type: 'ping',
  summary: 'Sends echo requests (ICMP) to a host, and measures how long they take and what share is lost (`loss`).',
  example: 'router: { ping: router.example, packets: 5, expect: { degraded: ["[RESPONSE_TIME] < 100ms"] } }',
  testedAgainst: 'iputils 20221126, Linux 6',
  settings: PingSettings,
  target: ({ ping: host }) => host,
  check,
});

async function check(settings: PingSettings, io: ProbeIo): Promise<CheckResult> {
  const { ping: host, packets, expect } = settings;
  const startedAt = io.clock.ticks();
  const outcomes = await sendAll(settings, io);
  throwIfShutDown(io.signal);
  const failure = outcomes.find(
    (outcome): outcome is Error => outcome instanceof Error && !LOSSES.has(codeOf(outcome)),
  );
  const pongs = outcomes.flatMap((outcome) => (outcome instanceof Error ? [] : outcome));
  const [first] = pongs;
  if (first === undefined) {
    const readings = { loss: 1 };
    const own = failure === undefined ? { ...silence(outcomes, host, io), readings } : refusal(failure, io, host);
    return unreached(expect, own, io.clock.ticks() - startedAt);
  }
  const latencyMs = pongs.reduce((sum, { roundTripMs }) => sum + roundTripMs, 0) / pongs.length;
  const loss = 1 - pongs.length / packets;
  const found = { latencyMs, readings: { loss } };
  const own: CheckResult =
    loss === 0
      ? { state: 'up', ...found }
      : { state: 'degraded', reason: `${host} answered ${pongs.length} of ${packets} echo requests.`, ...found };
  return withExpectations(expect, own, { connected: true, responseTimeMs: latencyMs, ip: first.address });
}

/** Where this machine lacks something, it is told what to do about it. */
function refusal(error: Error, io: ProbeIo, host: string): CheckResult {
  const isOurs = error instanceof EvenkeelError && error.code.startsWith('NET_PING_');
  return isOurs ? { state: 'down', reason: `${error.message} ${error.hint}` } : downBecause(error, io, host);
}

function silence(outcomes: readonly (Pong | Error)[], host: string, { timeoutMs }: ProbeIo): CheckResult {
  const isUnreachable = outcomes.every((outcome) => codeOf(outcome) === 'EHOSTUNREACH');
  if (isUnreachable) return { state: 'down', reason: `No way leads to ${host}.` };
  return { state: 'down', reason: `${host} did not answer within ${formatDuration(timeoutMs)}.` };
}

/** All are under way at once: waiting for one that is lost must not cost the others their time. */
function sendAll({ ping: host, packets, ip }: PingSettings, io: ProbeIo): Promise<readonly (Pong | Error)[]> {
  const family: { readonly family?: IpFamily } = ip === undefined ? {} : { family: ip };
  const gapMs = Math.min(GAP_MS, io.timeoutMs / (2 * packets));
  return Promise.all(
    Array.from({ length: packets }, async (_, index) => {
      try {
        if (index > 0) await io.clock.sleep(index * gapMs, io.signal);
        return await io.net.ping.send(host, { ...family, signal: io.signal });
      } catch (error) {
        return error instanceof Error ? error : new Error('Nothing came back.', { cause: error });
      }
    }),
  );
}
