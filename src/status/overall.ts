import type { State } from '../contracts/state.ts';
import type { Cause, PublicComponent } from './view.ts';

/** The one thing a visitor came to learn. Names are display names, in the order of the page. */
export interface Overall {
  /** `partial`: something is down, something else works. `starting`: nothing was ever measured. */
  readonly level: 'working' | 'degraded' | 'partial' | 'down' | 'maintenance' | 'unknown' | 'starting' | 'empty';
  /** The components that give the level, e.g. those that are down. Empty when everything works. */
  readonly names: readonly string[];
  /** What else is not well, the worse first. */
  readonly others: readonly { readonly state: Exclude<State, 'up'>; readonly names: readonly string[] }[];
  /** Whether something works, so that it can be said. */
  readonly isRestWorking: boolean;
  /** Where the trouble of `names` comes from, each once; one of `names` may be the cause of the others. */
  readonly causes: readonly Cause[];
  /** Since when, epoch milliseconds; null when everything works or nobody knows. */
  readonly since: number | null;
}

const WORST_FIRST = ['down', 'degraded', 'unknown', 'maintenance'] as const;
const NOTHING_WRONG = { names: [], others: [], isRestWorking: false, causes: [], since: null };

export function overallOf(components: readonly PublicComponent[]): Overall {
  if (components.length === 0) return { level: 'empty', ...NOTHING_WRONG };
  // Something just added, or of a kind nobody can measure yet, says nothing about how the others are.
  const measured = components.filter(({ state, checkedAt }) => state !== 'unknown' || checkedAt !== null);
  if (measured.length === 0) {
    return { level: 'starting', ...NOTHING_WRONG, names: components.map(({ name }) => name) };
  }
  const [worst, ...others] = WORST_FIRST.map((state) => ({ state, members: inState(measured, state) })).filter(
    ({ members }) => members.length > 0,
  );
  if (worst === undefined) return { level: 'working', ...NOTHING_WRONG };

  const names = worst.members.map(({ name }) => name);
  return {
    level: levelOf(worst.state, worst.members.length === measured.length),
    names,
    others: others.map(({ state, members }) => ({ state, names: members.map(({ name }) => name) })),
    isRestWorking: measured.some(({ state }) => state === 'up'),
    causes: causesOf(worst.members),
    since: earliest(worst.members),
  };
}

function levelOf(worst: Exclude<State, 'up'>, isEverything: boolean): Overall['level'] {
  return worst === 'down' && !isEverything ? 'partial' : worst;
}

function inState(components: readonly PublicComponent[], state: State): readonly PublicComponent[] {
  return components.filter((component) => component.state === state);
}

function causesOf(members: readonly PublicComponent[]): readonly Cause[] {
  const byName = new Map<string | null, Cause>();
  for (const { cause } of members) {
    if (cause?.kind === 'internal') byName.set(null, cause);
    if (cause?.kind === 'component') byName.set(cause.name, cause);
  }
  return [...byName.values()];
}

function earliest(members: readonly PublicComponent[]): number | null {
  const known = members.map(({ since }) => since).filter((since) => since !== null);
  return known.length === 0 ? null : Math.min(...known);
}
