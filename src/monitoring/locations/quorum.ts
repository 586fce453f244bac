import type { Outcome } from '../state/confirmation.ts';

/** What one location is sure of, by its own checks in a row. */
export interface Verdict {
  readonly location: string;
  readonly state: Outcome;
  /** Since when that location has been sure of it, epoch milliseconds. */
  readonly since: number;
  readonly reason: string | null;
}

/** What more than half of the locations say together. */
export interface Agreement {
  readonly state: Outcome;
  /** When the majority came about. */
  readonly since: number;
  /** The reason of the one that has known longest, with all the places it was seen from. */
  readonly reason: string | null;
  /** Those that agree, in the order of the verdicts. */
  readonly locations: readonly string[];
}

const BADNESS: Readonly<Record<Outcome, number>> = { up: 0, degraded: 1, down: 2 };

/**
 * The worst state that strictly more than half of the voters find it in, or in something worse. Half is not enough in
 * either direction: half "down" and half "up" is no agreement, and the state stays what it was. Only fresh verdicts may
 * be given; whoever has nothing to say has no vote.
 */
export function majority(verdicts: readonly Verdict[]): Agreement | undefined {
  const needed = Math.floor(verdicts.length / 2) + 1;
  for (const state of ['down', 'degraded', 'up'] as const) {
    const agreeing = verdicts.filter((verdict) => agrees(verdict, state));
    if (agreeing.length >= needed) return agreementOf(state, agreeing, { needed, isAlone: verdicts.length === 1 });
  }
  return undefined;
}

/** A place that finds it down agrees that it is not well; one that finds it degraded does not agree that it is up. */
function agrees(verdict: Verdict, state: Outcome): boolean {
  return state === 'up' ? verdict.state === 'up' : BADNESS[verdict.state] >= BADNESS[state];
}

function agreementOf(
  state: Outcome,
  agreeing: readonly Verdict[],
  { needed, isAlone }: { readonly needed: number; readonly isAlone: boolean },
): Agreement {
  const bySince = agreeing.toSorted((one, other) => one.since - other.since);
  const first = bySince.find((verdict) => verdict.state === state);
  const locations = agreeing.map(({ location }) => location);
  const reason = first?.reason ?? null;
  return {
    state,
    since: bySince[needed - 1]?.since ?? 0,
    reason: reason === null || isAlone ? reason : seenFrom(reason, locations),
    locations,
  };
}

function seenFrom(reason: string, locations: readonly string[]): string {
  const last = locations.at(-1) ?? '';
  const places = locations.length === 1 ? last : `${locations.slice(0, -1).join(', ')} and ${last}`;
  return `${reason.replace(/\.$/, '')} (from ${places}).`;
}
