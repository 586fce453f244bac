import type { State } from '../../contracts/state.ts';

/** What a single check can say. The other classes come from elsewhere: windows, silence, shutdown. */
export type Outcome = Extract<State, 'up' | 'degraded' | 'down'>;

/** How many checks in a row must agree before the state gets worse, and before it gets better. */
export interface Confirmation {
  readonly down: number;
  readonly up: number;
}

export interface Observation {
  readonly at: number;
  readonly outcome: Outcome;
}

export interface Confirmed {
  readonly state: Outcome;
  /** When it began: the first of the checks that agree, not the one that tipped the scale. */
  readonly since: number;
}

const BADNESS: Readonly<Record<Outcome, number>> = { up: 0, degraded: 1, down: 2 };

/** Whether a check found something worse than the state; next to nothing known, anything but `up` is. */
export function isWorse(outcome: Outcome, state: State): boolean {
  const known = state === 'maintenance' || state === 'unknown' ? 'up' : state;
  return BADNESS[outcome] > BADNESS[known];
}

/**
 * The next committed state, or undefined when the evidence does not suffice. It gets worse when the last `down` checks
 * were all worse than the state, and better when the last `up` checks were all better; it then moves as far as all of
 * them agree. A first good answer needs no confirmation: nobody is alarmed by it.
 */
export function confirm(
  state: State,
  recent: readonly Observation[],
  { down, up }: Confirmation,
): Confirmed | undefined {
  if (state === 'maintenance' || state === 'unknown') return firstKnowledge(recent, down);
  return agreement(state, recent, { count: down, sign: 1 }) ?? agreement(state, recent, { count: up, sign: -1 });
}

/** How many observations have to be kept so that `confirm` can decide. */
export function windowOf({ down, up }: Confirmation): number {
  return Math.max(down, up);
}

function firstKnowledge(recent: readonly Observation[], down: number): Confirmed | undefined {
  const firstUp = recent[recent.findLastIndex(({ outcome }) => outcome !== 'up') + 1];
  if (firstUp !== undefined) return { state: 'up', since: firstUp.at };
  return agreement('up', recent, { count: down, sign: 1 });
}

/** What the last `count` checks agree on in one direction: 1 is worse, -1 is better. */
function agreement(
  state: Outcome,
  recent: readonly Observation[],
  { count, sign }: { readonly count: number; readonly sign: 1 | -1 },
): Confirmed | undefined {
  const distance = ({ outcome }: Observation) => sign * (BADNESS[outcome] - BADNESS[state]);
  const last = recent.slice(-count);
  const reached = Math.min(...last.map(distance));
  const agreed = last.find((observation) => distance(observation) === reached);
  if (last.length < count || reached <= 0 || agreed === undefined) return undefined;

  const first = recent.findLastIndex((observation) => distance(observation) < reached) + 1;
  return { state: agreed.outcome, since: recent[first]?.at ?? agreed.at };
}
