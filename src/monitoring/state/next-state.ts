import type { State } from '../../contracts/state.ts';
import { type Confirmed, isWorse } from './confirmation.ts';

/** Announced work, as far as it concerns one monitor. */
export interface Rest {
  /** What people call it. */
  readonly title: string;
  readonly from: number;
  /** Null: until somebody ends it. */
  readonly until: number | null;
  /** What the work is on, when it is not on the monitor itself but on something it depends on. */
  readonly dependency: string | null;
}

/** Everything that decides which state a monitor is in. */
export interface Situation {
  readonly state: State;
  readonly since: number;
  /** Which state checks have confirmed, seen from a given one; undefined when they do not suffice. */
  readonly evidence: (from: State) => Confirmed | undefined;
  /** The work that is going on now. */
  readonly rest: Rest | null;
  /** The work that was going on before, with its end where that is known. */
  readonly restBefore: Rest | null;
  /** Until when anything was known of it at all. */
  readonly knownUntil: number;
  readonly now: number;
}

export interface NextState {
  readonly state: State;
  readonly since: number;
  /** What explains the state by itself; undefined leaves it to the checks. */
  readonly because?: Rest | 'work is over';
}

/**
 * The state that follows, or undefined while it stays as it is. Work on the monitor itself goes before everything that
 * checks say. Work on something it depends on explains a failure, and only that. When the work is over, what the checks
 * say counts from that moment on, and until they say enough nothing is known. A failure is looked at once more before
 * it counts: checks may have seen nothing but the work.
 */
export function nextState(situation: Situation): NextState | undefined {
  const { rest, state } = situation;
  if (rest?.dependency === null) {
    return state === 'maintenance'
      ? undefined
      : dated(situation, { state: 'maintenance', since: rest.from, because: rest });
  }
  if (state === 'maintenance') return outOfRest(situation);
  const found = situation.evidence(state);
  if (found === undefined || found.state === state) return undefined;
  const isExplained = rest !== null && found.state !== 'up' && isWorse(found.state, state);
  return dated(situation, isExplained ? { state: 'maintenance', since: found.since, because: rest } : found);
}

function outOfRest(situation: Situation): NextState | undefined {
  const { rest, restBefore } = situation;
  const found = situation.evidence('unknown');
  // What it needs is still being worked on: only success is news.
  const isOver = rest === null || (restBefore?.dependency === null && found?.state === 'up');
  if (!isOver) return found?.state === 'up' ? dated(situation, found) : undefined;
  const endedAt = endOfRest(situation);
  if (found?.state !== 'up') return dated(situation, { state: 'unknown', since: endedAt, because: 'work is over' });
  return dated(situation, { ...found, since: Math.max(found.since, endedAt) });
}

/** We were away when it ended, or somebody has just ended it, or it ended when it should. */
function endOfRest({ restBefore, knownUntil, now }: Situation): number {
  return Math.min(now, restBefore === null ? knownUntil : (restBefore.until ?? now));
}

/** History never runs backwards. */
function dated({ since }: Situation, next: NextState): NextState {
  return { ...next, since: Math.max(next.since, since) };
}
