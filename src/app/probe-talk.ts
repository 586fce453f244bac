import type { ApiClient } from '../faces/cli/api-client.ts';
import type { ProbeAssignmentBody } from '../faces/http/contract.ts';
import { type Clock, SECOND_MS } from '../kernel/clock.ts';
import { codeOf, messageOf } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import type { ProbeSpool } from './probe-spool.ts';

export interface ProbeTalkDeps {
  readonly api: Pick<ApiClient, 'call' | 'where'>;
  readonly spool: ProbeSpool;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly gaps: () => readonly { readonly monitor: string; readonly reason: string }[];
  readonly assigned: (assignment: ProbeAssignmentBody) => Promise<void>;
}

/** The line between a probe and its server: results go out, in order, and what is to be checked comes in. */
export interface ProbeTalk {
  /** The first word. Rejects when the server cannot be reached or does not let us in. */
  introduce(): Promise<void>;
  /** Tells what there is, and asks what is new, until it is stopped; whatever fails is tried again. */
  keepTalking(signal: AbortSignal): Promise<void>;
  /** Hands in everything that waits. Rejects when that fails. */
  drain(): Promise<void>;
}

const BATCH = 500;
const TELL_EVERY_MS = SECOND_MS;
/** With nothing to tell; the server misses us after a minute. */
const SIGN_OF_LIFE_EVERY_MS = 15 * SECOND_MS;
const RETRY_MS_MAX = 30 * SECOND_MS;

export function createProbeTalk(deps: ProbeTalkDeps): ProbeTalk {
  const { api, spool, clock, log, version, gaps, assigned } = deps;
  const told = { at: Number.NEGATIVE_INFINITY, hasSkew: false, dropped: 0 };
  let location = spool.note('location') ?? '';
  let tag = '';
  let failures = 0;

  return {
    introduce: ask,
    drain,
    async keepTalking(signal) {
      while (!signal.aborted) {
        const waitMs = await speak();
        await clock.sleep(waitMs, signal).catch(() => undefined);
      }
    },
  };

  /** Returns how long to wait before the next word. */
  async function speak(): Promise<number> {
    try {
      if (tag === '') await ask();
      if (spool.waiting() > 0 || clock.ticks() - told.at >= SIGN_OF_LIFE_EVERY_MS) await drain();
      if (failures > 0) log.info('The server answers again.', { server: api.where });
      failures = 0;
      return TELL_EVERY_MS;
    } catch (error) {
      failures += 1;
      const waitMs = Math.min(TELL_EVERY_MS * 2 ** (failures - 1), RETRY_MS_MAX);
      const facts = { server: api.where, code: codeOf(error), reason: messageOf(error), waiting: spool.waiting() };
      if (failures === 1) log.warn('The server does not take results; measuring goes on.', facts);
      else log.debug('The server still does not take results.', { ...facts, waitMs });
      return waitMs;
    }
  }

  async function ask(): Promise<void> {
    const answer = await api.call('GET /api/v1/probe/assignment', { version, ...(tag === '' ? {} : { tag }) });
    if (location === '') spool.setNote('location', answer.location);
    // What was measured elsewhere stays that: the server refuses it, in words.
    location = location === '' ? answer.location : location;
    if (answer.assignment !== null) await assigned(answer.assignment);
    tag = answer.tag;
    told.at = Number.NEGATIVE_INFINITY;
  }

  async function drain(): Promise<void> {
    for (;;) {
      const results = spool.oldest(BATCH);
      const batch = { location, version, spool: spool.id, now: clock.now(), gaps: gaps(), results };
      const receipt = await api.call('POST /api/v1/probe/results', batch);
      told.at = clock.ticks();
      spool.forget(receipt.storedSeq);
      notice(receipt);
      if (receipt.tag !== tag) await ask();
      if (results.length < BATCH) return;
    }
  }

  function notice({ skewMs, late, ignored }: { skewMs: number; late: number; ignored: number }): void {
    if (skewMs !== 0 && !told.hasSkew)
      log.warn('The clock of this machine is off; the server puts it right.', { skewMs });
    told.hasSkew = skewMs !== 0;
    if (late > 0) log.info('Results came late: they fill the history.', { late });
    if (ignored > 0) log.info('Results are of no use any more to the server.', { ignored });
    const dropped = spool.dropped();
    if (dropped > told.dropped) log.warn('Results were given up, because nobody took them for too long.', { dropped });
    told.dropped = dropped;
  }
}
