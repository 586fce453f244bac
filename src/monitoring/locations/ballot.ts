import type { Monitor } from '../monitor.ts';
import { confirm, type Observation, windowOf } from '../state/confirmation.ts';
import { patienceOf } from './punctuality.ts';
import type { Verdict } from './quorum.ts';

/** What one place saw of one monitor, and what it is sure of by now. */
export interface Ballot {
  readonly location: string;
  /** Null before the first check. */
  readonly lastAt: number | null;
  /** The latest checks, as many as a confirmation needs. */
  readonly recent: readonly Observation[];
  /** Null as long as its checks do not agree on anything. */
  readonly verdict: Verdict | null;
}

export interface Sighting extends Observation {
  readonly reason: string | null;
}

type Rules = Pick<Monitor, 'confirm' | 'intervalMs'>;

export function emptyBallot(location: string): Ballot {
  return { location, lastAt: null, recent: [], verdict: null };
}

/** After a silence the counting begins anew: what was sure before it says nothing about now. */
export function counted(ballot: Ballot, { reason, ...seen }: Sighting, rules: Rules): Ballot {
  if (ballot.lastAt !== null && seen.at <= ballot.lastAt) return ballot;
  const before = isFresh(ballot, rules, seen.at) ? ballot : emptyBallot(ballot.location);
  const recent = [...before.recent, seen].slice(-windowOf(rules.confirm));
  const confirmed = confirm(before.verdict?.state ?? 'unknown', recent, rules.confirm);
  const verdict = confirmed === undefined ? before.verdict : { location: ballot.location, ...confirmed, reason };
  return { location: ballot.location, lastAt: seen.at, recent, verdict };
}

export function isFresh({ lastAt }: Ballot, rules: Rules, now: number): boolean {
  return lastAt !== null && now - lastAt <= patienceOf(rules);
}
