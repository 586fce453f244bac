import type { Tx } from '../../contracts/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { AttemptEnd } from './attempt.ts';
import * as attemptStore from './attempt-store.ts';
import { type Claim, settle } from './claims.ts';
import { type Moment, type Verdict, verdictOn } from './verdict.ts';

export interface Ended {
  readonly claim: Claim;
  readonly end: AttemptEnd;
}

export interface Recorded {
  readonly claim: Claim;
  readonly verdict: Verdict;
  /** False when the lease was lost, and the word of this attempt with it. */
  readonly isOurs: boolean;
}

const INTERRUPTED = 'We were stopped before an answer came: it may have arrived, and is sent again with the same id.';

export interface RecordingDeps {
  readonly environment: string;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly chance: () => number;
}

/** Writes down how attempts ended, and what follows from it, unless somebody else has the message by now. */
export async function recordAll(
  tx: Tx,
  { environment, clock, chance }: RecordingDeps,
  ended: readonly Ended[],
): Promise<readonly Recorded[]> {
  const recorded: Recorded[] = [];
  for (const one of ended) recorded.push(await record(tx, environment, one, { now: clock.now(), chance: chance() }));
  return recorded;
}

async function record(tx: Tx, environment: string, { claim, end }: Ended, moment: Moment): Promise<Recorded> {
  const verdict = verdictOn(claim, end, moment);
  const { now } = moment;
  const isOver = verdict.state !== 'waiting';
  const settled = { state: verdict.state, due_at: isOver ? now : verdict.dueAt, ended_at: isOver ? now : null };
  if (!(await settle(tx, claim, settled))) return { claim, verdict, isOurs: false };
  await attemptStore.setEnd(tx, claim, written(end));
  const { id: message, channel, attempt: attempts } = claim;
  const event = { environment, message, channel, attempts, at: now };
  if (verdict.state === 'delivered') await tx.emit('message.delivered', event);
  if (verdict.state === 'dead') await tx.emit('message.given-up', { ...event, reason: verdict.reason });
  return { claim, verdict, isOurs: true };
}

function written(end: AttemptEnd): attemptStore.End {
  if (end.outcome === 'interrupted') return { outcome: 'unknown', detail: INTERRUPTED, tookMs: end.tookMs };
  return { outcome: end.outcome === 'delivered' ? 'delivered' : 'failed', detail: end.detail, tookMs: end.tookMs };
}

/** What somebody who looks after us should know of it. */
export function report({ claim, verdict, isOurs }: Recorded, log: Log): void {
  const { id, channel, attempt } = claim;
  if (!isOurs) {
    log.warn('An attempt ended after its lease did; somebody else sends the message.', { message: id, attempt });
  } else if (verdict.state === 'dead') {
    const data = { message: id, channel, attempts: attempt, reason: verdict.reason };
    log.error('A message was given up: see `evenkeel alert deliveries`.', data);
  }
}
