import { HOUR_MS } from '../../kernel/clock.ts';
import type { AttemptEnd } from './attempt.ts';
import type { Claim } from './claims.ts';
import { GIVEN_UP_AFTER_MS, nextAttemptAt } from './retry-schedule.ts';

/** What follows from the end of an attempt. */
export type Verdict =
  | { readonly state: 'delivered' }
  | { readonly state: 'waiting'; readonly dueAt: number }
  | { readonly state: 'dead'; readonly reason: string };

export interface Moment {
  readonly now: number;
  /** From 0 to 1. */
  readonly chance: number;
}

export function verdictOn({ attempt, queuedAt }: Claim, end: AttemptEnd, { now, chance }: Moment): Verdict {
  if (end.outcome === 'delivered') return { state: 'delivered' };
  if (end.outcome === 'interrupted') return { state: 'waiting', dueAt: now };
  if (end.outcome === 'refused') return { state: 'dead', reason: end.detail };
  const dueAt = nextAttemptAt({ attempt, queuedAt, now, retryAfterMs: end.retryAfterMs, chance });
  if (dueAt !== null) return { state: 'waiting', dueAt };
  return {
    state: 'dead',
    reason: `It could not be delivered within ${GIVEN_UP_AFTER_MS / HOUR_MS} hours. ${end.detail}`,
  };
}
