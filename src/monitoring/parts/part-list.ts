import type { Part } from '../monitor-type.ts';
import type { HealthAnswer } from './dialect.ts';
import { discreet } from './discreet.ts';

/** More parts than this nobody reads; those that are not well come first then. */
export const PARTS_MAX = 100;
/** A hostile answer may name any number of them. */
const SEEN_MAX = 1_000;

const BADNESS: Readonly<Record<Part['state'], number>> = { up: 0, unknown: 1, degraded: 2, down: 3 };

/** Gathers the parts that an answer names: bounded in number and length, each under a name of its own. */
export interface PartList {
  add(name: string, state: Part['state'], detail?: unknown): void;
  parts(): readonly Part[];
}

export function createPartList({ secrets }: Pick<HealthAnswer, 'secrets'>): PartList {
  const found = new Map<string, Part>();
  let seen = 0;
  return {
    add(name, state, detail) {
      seen += 1;
      if (seen > SEEN_MAX) return;
      const own = freeName(discreet(name, secrets) ?? 'unnamed', found);
      found.set(own, { name: own, state, detail: sayable(detail, secrets) });
    },
    parts() {
      const all = [...found.values()];
      if (all.length <= PARTS_MAX) return all;
      return all.toSorted((one, other) => BADNESS[other.state] - BADNESS[one.state]).slice(0, PARTS_MAX);
    },
  };
}

function sayable(detail: unknown, secrets: readonly string[]): string | null {
  if (typeof detail === 'number' || typeof detail === 'boolean') return String(detail);
  return typeof detail === 'string' ? discreet(detail, secrets) : null;
}

function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) {
    const next = `${name} #${number}`;
    if (!taken.has(next)) return next;
  }
}
