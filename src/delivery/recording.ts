import type { Db, Tx } from '../contracts/database.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { AttemptEnd } from './attempt.ts';
import * as attemptStore from './attempt-store.ts';
import { type Claim, settle } from './claims.ts';
import { type Verdict, verdictOn } from './verdict.ts';

export interface RecordingDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly environment: string;
}

/** Writes down how an attempt ended, and what follows from it, unless somebody else has the message by now. */
export function createRecording({ db, clock, ids, log, environment }: RecordingDeps) {
  return async (claim: Claim, end: AttemptEnd): Promise<void> => {
    const now = clock.now();
    const verdict = verdictOn(claim, end, { now, chance: chance(ids) });
    const isOurs = await db.tx((tx) => write(tx, environment, { claim, end, verdict, now }));
    const { id, channel, attempt } = claim;
    if (!isOurs) {
      log.warn('An attempt ended after its lease did; somebody else sends the message.', { message: id, attempt });
    } else if (verdict.state === 'dead') {
      const data = { message: id, channel, attempts: attempt, reason: verdict.reason };
      log.error('A message was given up: see `evenkeel alert deliveries`.', data);
    }
  };
}

interface Entry {
  readonly claim: Claim;
  readonly end: AttemptEnd;
  readonly verdict: Verdict;
  readonly now: number;
}

async function write(tx: Tx, environment: string, { claim, end, verdict, now }: Entry): Promise<boolean> {
  const isOver = verdict.state !== 'waiting';
  const settled = { state: verdict.state, due_at: isOver ? now : verdict.dueAt, ended_at: isOver ? now : null };
  if (!(await settle(tx, claim, settled))) return false;
  await attemptStore.setEnd(tx, claim, written(end));
  const { id: message, channel, attempt: attempts } = claim;
  const event = { environment, message, channel, attempts, at: now };
  if (verdict.state === 'delivered') await tx.emit('message.delivered', event);
  if (verdict.state === 'dead') await tx.emit('message.given-up', { ...event, reason: verdict.reason });
  return true;
}

const INTERRUPTED = 'We were stopped before an answer came: it may have arrived, and is sent again with the same id.';

function written(end: AttemptEnd): attemptStore.End {
  if (end.outcome === 'interrupted') return { outcome: 'unknown', detail: INTERRUPTED, tookMs: end.tookMs };
  return { outcome: end.outcome === 'delivered' ? 'delivered' : 'failed', detail: end.detail, tookMs: end.tookMs };
}

const CHANCE_BYTES = 4;

/** From 0 to 1. */
function chance(ids: Ids): number {
  const bytes = Buffer.from(ids.secret(CHANCE_BYTES), 'base64url');
  return bytes.readUInt32BE() / 2 ** (8 * CHANCE_BYTES);
}
