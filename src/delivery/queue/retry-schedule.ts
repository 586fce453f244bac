import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';

/** After the first failure, after the second, and so on; the last one repeats. */
const DELAYS_MS = [
  SECOND_MS,
  2 * SECOND_MS,
  5 * SECOND_MS,
  10 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
] as const;

/** Who was to be told has heard of it otherwise by then. */
export const GIVEN_UP_AFTER_MS = 24 * HOUR_MS;
/** No receiver can ask for so much patience that a message is as good as lost. */
const RETRY_AFTER_MS_MAX = HOUR_MS;
/** What failed together must not come back together. */
const JITTER = 0.1;

export interface FailedAttempt {
  /** 1 for the first. */
  readonly attempt: number;
  readonly queuedAt: number;
  readonly now: number;
  /** What the receiver asked for. */
  readonly retryAfterMs?: number | undefined;
  /** From 0 to 1. */
  readonly chance: number;
}

/**
 * When to try again, never before the receiver asked for it; null when it is time to give up. A day alone is not enough
 * for that: we may have been away for most of it, and come back before the network does.
 */
export function nextAttemptAt({ attempt, queuedAt, now, retryAfterMs = 0, chance }: FailedAttempt): number | null {
  const planned = DELAYS_MS[Math.min(attempt, DELAYS_MS.length) - 1] ?? SECOND_MS;
  // What a header says may turn out to be no number.
  const askedMs = Math.min(retryAfterMs, RETRY_AFTER_MS_MAX) || 0;
  const waitMs = Math.max(planned, askedMs);
  const at = Math.ceil(now + waitMs * (1 + JITTER * chance));
  const isTooLate = at - queuedAt > GIVEN_UP_AFTER_MS;
  return isTooLate && attempt >= DELAYS_MS.length ? null : at;
}
