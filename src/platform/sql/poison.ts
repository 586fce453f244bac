import type { Position } from '../../contracts/events.ts';
import { MINUTE_MS } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';

/** Remembers how often the handling of one event has failed in the same way. */
export interface Poison {
  /** The handling of this event has just failed. */
  failed(position: Position, error: unknown, at: number): void;
  /** Why it is to be put aside now; undefined while it should be tried again. */
  verdict(position: Position, at: number): unknown;
  clear(): void;
}

const TIMES_MIN = 5;
/** A database that is being restarted fails in the same way for a while, and then does not. */
const LASTS_MS = MINUTE_MS;

export function createPoison(): Poison {
  let failing: { position: Position; message: string; error: unknown; since: number; times: number } | undefined;
  return {
    failed(position, error, at) {
      const message = messageOf(error);
      if (failing?.position === position && failing.message === message) failing.times += 1;
      else failing = { position, message, error, since: at, times: 1 };
    },
    verdict(position, at) {
      if (failing?.position !== position) return undefined;
      const isLasting = failing.times >= TIMES_MIN && at - failing.since >= LASTS_MS;
      return isLasting ? failing.error : undefined;
    },
    clear() {
      failing = undefined;
    },
  };
}
