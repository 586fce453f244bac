import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';

export interface TurnsDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** `isLatest` turns false as soon as a later turn begins, or everything ends. */
  readonly turn: (beganAt: number, isLatest: () => boolean) => Promise<void>;
}

/** Does something with the database once a second, and does not wait for an answer that never comes. */
export interface Turns {
  start(): void;
  stop(): Promise<void>;
  /** Whether the last turn failed. */
  isInTrouble(): boolean;
}

const EVERY_MS = SECOND_MS;
/** A server that has vanished says nothing; the next turn tries another connection. */
const TURN_MS_MAX = 2 * SECOND_MS;
/** Turns that got no answer may still hold a connection each. */
const UNANSWERED_MAX = 6;

export function createTurns({ clock, log, turn }: TurnsDeps): Turns {
  const stopping = new AbortController();
  let latest = 0;
  let unanswered = 0;
  let isInTrouble = false;
  let running: Promise<void> | undefined;

  return {
    start() {
      running ??= keepTurning();
    },
    async stop() {
      stopping.abort();
      latest += 1;
      await running;
    },
    isInTrouble: () => isInTrouble,
  };

  async function keepTurning(): Promise<void> {
    while (!stopping.signal.aborted) {
      const beganAt = clock.ticks();
      if (unanswered < UNANSWERED_MAX) await tryTurn(beganAt);
      const restMs = EVERY_MS - (clock.ticks() - beganAt);
      await clock.sleep(Math.max(0, restMs), stopping.signal).catch(() => undefined);
    }
  }

  async function tryTurn(beganAt: number): Promise<void> {
    latest += 1;
    unanswered += 1;
    const number = latest;
    const answered = turn(beganAt, () => number === latest).finally(() => {
      unanswered -= 1;
    });
    try {
      await withDeadline(answered, clock, TURN_MS_MAX);
      if (isInTrouble) log.info('The database answers again, and the work is shared.');
      isInTrouble = false;
    } catch (error) {
      if (!isInTrouble && !stopping.signal.aborted) log.warn('It cannot be settled who checks what.', { error });
      isInTrouble = true;
    }
  }
}

/** Rejects when it takes too long; what comes of it after that is dropped. */
export async function withDeadline(work: Promise<void>, clock: Clock, ms: number): Promise<void> {
  const settled = new AbortController();
  const late = clock.sleep(ms, settled.signal).then(() => {
    throw new Error(`The database did not answer within ${ms / SECOND_MS} s.`);
  });
  // Only one of the two is waited for.
  for (const other of [late, work]) other.catch(() => undefined);
  try {
    await Promise.race([work, late]);
  } finally {
    settled.abort();
  }
}
