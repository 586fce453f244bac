import type { Duplex } from 'node:stream';
import { SECOND_MS } from '../../kernel/clock.ts';
import type { Expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import type { CheckResult, Findings, ProbeIo } from '../monitor-type.ts';
import { downBecause, throwIfShutDown } from './failure.ts';

/** Why a conversation leads nowhere. The message, without secrets, completes a sentence that begins with the server. */
export class Complaint extends Error {}

/** The same of what was waited for until the deadline: it says more than that there was no answer. */
export class Missed extends Complaint {}

export interface Partner {
  /** What is asked, without anything secret. */
  readonly where: string;
  readonly expect: Expectations | undefined;
  /** A `Complaint` thrown by this counts as said after the connection was made. */
  readonly connect: () => Promise<Duplex>;
}

/** What came of a conversation that went well. */
export interface Learned extends Pick<Findings, 'readings'> {
  /** What is not as it should be though all works: whole sentences, the worst first. */
  readonly warnings: readonly string[];
  /** What [BODY] stands for. */
  readonly body?: string;
  /** What was said and may come back in `body`; see `Observed.secrets`. */
  readonly secrets?: readonly string[];
  /** When there was an answer, in ticks; else when the conversation ended. */
  readonly answeredAt?: number;
}

/** Connects, converses, judges. Whatever goes wrong at the other side is a result; the connection ends in any case. */
export async function converse(
  { where, expect, connect }: Partner,
  io: ProbeIo,
  talk: (socket: Duplex) => Promise<Learned>,
): Promise<CheckResult> {
  const startedAt = io.clock.ticks();
  let socket: Duplex;
  try {
    socket = await connect();
  } catch (error) {
    if (error instanceof Complaint) return withExpectations(expect, failed(error, io, where), { connected: true });
    return unreached(expect, downBecause(error, io, where), io.clock.ticks() - startedAt);
  }
  try {
    const { warnings, readings, body, secrets = [], answeredAt = io.clock.ticks() } = await talk(socket);
    const latencyMs = answeredAt - startedAt;
    const found = { latencyMs, ...(readings !== undefined && { readings }) };
    const own: CheckResult =
      warnings.length === 0 ? { ...found, state: 'up' } : { ...found, state: 'degraded', reason: warnings.join(' ') };
    const observed = { connected: true, responseTimeMs: latencyMs, ...(body !== undefined && { body }), secrets };
    return withExpectations(expect, own, observed);
  } catch (error) {
    return withExpectations(expect, failed(error, io, where), { connected: true });
  } finally {
    socket.destroy();
  }
}

/** Once the deadline has passed, what the other side said wrong no longer counts: it was cut short. */
function failed(error: unknown, io: ProbeIo, where: string): CheckResult {
  const isCutShort = io.signal.aborted && !(error instanceof Missed);
  if (!(error instanceof Complaint) || isCutShort) return downBecause(error, io, where);
  return { state: 'down', reason: `${where} ${error.message}.` };
}

const GOODBYE_MS = SECOND_MS;

/** Goodbyes are for the other side's log: whether it answers, and what, no longer matters. */
export async function sayGoodbye({ clock, signal }: ProbeIo, goodbye: () => Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const late = clock.sleep(GOODBYE_MS, AbortSignal.any([over.signal, signal]));
  await Promise.allSettled([Promise.race([late, goodbye().finally(() => over.abort())])]);
  over.abort();
  throwIfShutDown(signal);
}
