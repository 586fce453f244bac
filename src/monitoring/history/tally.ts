import type { Outcome } from '../state/confirmation.ts';
import { merged, type Sketch, sketchOf } from './sketch.ts';

/** What the checks of some time said, taken together. Tallies of parts add up to exactly the tally of the whole. */
export interface Tally {
  readonly up: number;
  readonly degraded: number;
  readonly down: number;
  /** Latencies of checks that were not down: how fast a failure was says nothing about how fast the answers are. */
  readonly answers: number;
  readonly sumUs: number;
  /** Null without an answer. */
  readonly minUs: number | null;
  readonly maxUs: number | null;
  readonly latencies: Sketch;
}

export interface Seen {
  readonly outcome: Outcome;
  readonly latencyUs: number | null;
}

const NO_CHECKS: Tally = {
  up: 0,
  degraded: 0,
  down: 0,
  answers: 0,
  sumUs: 0,
  minUs: null,
  maxUs: null,
  latencies: new Map(),
};

export function tallyOf(checks: readonly Seen[]): Tally {
  const said = (outcome: Outcome) => checks.filter((check) => check.outcome === outcome).length;
  const answers = checks.flatMap(({ outcome, latencyUs }) =>
    outcome === 'down' || latencyUs === null ? [] : [latencyUs],
  );
  const latency = answers.length === 0 ? NO_CHECKS : { minUs: smallest(answers), maxUs: largest(answers) };
  return {
    up: said('up'),
    degraded: said('degraded'),
    down: said('down'),
    answers: answers.length,
    sumUs: answers.reduce((sum, each) => sum + each, 0),
    minUs: latency.minUs,
    maxUs: latency.maxUs,
    latencies: sketchOf(answers),
  };
}

export function together(tallies: readonly Tally[]): Tally {
  const [first, ...others] = tallies;
  if (first === undefined || others.length === 0) return first ?? NO_CHECKS;
  const sum = (pick: (tally: Tally) => number) => tallies.reduce((total, tally) => total + pick(tally), 0);
  const fastest = tallies.flatMap(({ minUs }) => minUs ?? []);
  const slowest = tallies.flatMap(({ maxUs }) => maxUs ?? []);
  return {
    up: sum(({ up }) => up),
    degraded: sum(({ degraded }) => degraded),
    down: sum(({ down }) => down),
    answers: sum(({ answers }) => answers),
    sumUs: sum(({ sumUs }) => sumUs),
    minUs: fastest.length === 0 ? null : smallest(fastest),
    maxUs: slowest.length === 0 ? null : largest(slowest),
    latencies: merged(tallies.map(({ latencies }) => latencies)),
  };
}

export function checksIn({ up, degraded, down }: Tally): number {
  return up + degraded + down;
}

/** `Math.min(...values)` ends at some hundred thousand values. */
function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}
