import * as z from 'zod';
import { DAY_MS, SECOND_MS } from '../../kernel/clock.ts';
import { duration, formatDuration } from '../../kernel/duration.ts';
import { codeOf } from '../../kernel/errors.ts';
import { expectations } from '../expectations/expectations.ts';
import { roughly } from '../expectations/show.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { downBecause } from '../protocols/failure.ts';
import type { NtpAnswer } from '../protocols/ntp.ts';
import { hostAndPort, printHostAndPort } from '../protocols/server-address.ts';

const PORT = 123;
const OFFSET_MS = SECOND_MS;
/** Each question gets so long: a question that is sent twice could not tell how long its answer took. */
const PATIENCE_MS = 900;
const NONCE_BYTES = 8;
const UNSET = 3;
const STRATUM_MAX = 15;

const NtpSettings = z.strictObject({
  ntp: hostAndPort({ defaultPort: PORT, example: 'a server such as time.example or time.example:123' }).describe(
    'Time server to ask, e.g. "time.example". Default port 123.',
  ),
  offset: duration({ minMs: 1, maxMs: DAY_MS })
    .default(OFFSET_MS)
    .describe('How far its clock and that of the machine may be apart before it is degraded. Default 1s.'),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME'])
    .optional()
    .describe('Conditions that must all hold, or `{ down: […], degraded: […] }`.'),
});
type NtpSettings = z.output<typeof NtpSettings>;

export const ntp = defineMonitor({
  type: 'ntp',
  summary: 'Asks a time server for the time, and measures how far the clock of this machine is off (`offset`, in ms).',
  example: 'time: { ntp: time.example, offset: 500ms }',
  testedAgainst: 'chrony 4.3, RFC 5905 by its bytes',
  settings: NtpSettings,
  target: ({ ntp: target }) => printHostAndPort(target),
  check,
});

async function check(settings: NtpSettings, io: ProbeIo): Promise<CheckResult> {
  const { ntp: target, expect } = settings;
  const where = printHostAndPort(target);
  const startedAt = io.clock.ticks();
  try {
    const { answer, offsetMs, tookMs } = await ask(settings, io);
    const own: CheckResult = { latencyMs: tookMs, ...judge(answer, offsetMs, settings, where) };
    return withExpectations(expect, own, { connected: true, responseTimeMs: tookMs });
  } catch (error) {
    return unreached(expect, downBecause(error, io, where), io.clock.ticks() - startedAt);
  }
}

interface Asked {
  readonly answer: NtpAnswer;
  readonly offsetMs: number;
  readonly tookMs: number;
}

/** Again and again until it answers: a datagram may get lost. */
async function ask({ ntp: target }: NtpSettings, io: ProbeIo): Promise<Asked> {
  const { decodeNtpAnswer, encodeNtpQuestion, isNtpAnswerTo, offsetOf } = await import('../protocols/ntp.ts');
  for (;;) {
    const nonce = Buffer.from(io.ids.secret(NONCE_BYTES), 'base64url');
    const patience = AbortSignal.any([io.clock.timeout(PATIENCE_MS), io.signal]);
    const isAnswer = (datagram: Uint8Array) => isNtpAnswerTo(nonce, datagram);
    const [askedAt, startedAt] = [io.clock.now(), io.clock.ticks()];
    try {
      const datagram = await io.net.udp.exchange(target, encodeNtpQuestion(nonce), isAnswer, patience);
      const tookMs = io.clock.ticks() - startedAt;
      const answer = decodeNtpAnswer(datagram, askedAt);
      return { answer, tookMs, offsetMs: offsetOf(answer, askedAt, askedAt + tookMs) };
    } catch (error) {
      if (io.signal.aborted || codeOf(error) !== 'TimeoutError') throw error;
    }
  }
}

function judge(
  { leap, stratum, code }: NtpAnswer,
  offsetMs: number,
  { offset }: NtpSettings,
  where: string,
): CheckResult {
  if (stratum === 0 && code !== '') return { state: 'down', reason: `${where} refuses to tell the time (${code}).` };
  if (leap === UNSET || stratum === 0 || stratum > STRATUM_MAX) {
    return { state: 'down', reason: `${where} does not know the time itself: its clock is set by nobody.` };
  }
  const readings = { offset: offsetMs };
  if (Math.abs(offsetMs) <= offset) return { state: 'up', readings };
  const side = offsetMs > 0 ? 'ahead of' : 'behind';
  const reason =
    `The clock of ${where} is ${roughly(Math.abs(offsetMs))} ${side} that of this machine, ` +
    `expected ${formatDuration(offset)} at most.`;
  return { state: 'degraded', reason, readings };
}
