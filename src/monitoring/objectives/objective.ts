import type { Severity } from '../../contracts/outbound.ts';
import type { Period } from './period.ts';

export const MEASURES = ['availability', 'p50', 'p95', 'p99'] as const;
/** What is promised: that it works, or that so many of a hundred answers come in time. */
export type Measure = (typeof MEASURES)[number];

/** What became of the budget in a long window, and whether it still goes on in a short one. */
export interface BurnPair {
  readonly severity: Severity;
  readonly longMs: number;
  readonly shortMs: number;
  /** It burns when both windows lose more than so many times what would spend the budget exactly. */
  readonly factor: number;
}

/** One promise about one monitor, with every default filled in. */
export interface Objective {
  /** E.g. `api availability`. */
  readonly name: string;
  readonly monitor: string;
  /** How often it is checked. */
  readonly intervalMs: number;
  /** How late a result may be, beyond two intervals. */
  readonly slackMs: number;
  readonly measure: Measure;
  /** How fast an answer must be to be good; null when only its working counts. */
  readonly limitMs: number | null;
  /** `time`: share of time in which it works. `checks`: share of checks that are good. */
  readonly kind: 'time' | 'checks';
  /** 0 to 1, neither of them included. */
  readonly target: number;
  readonly period: Period;
  /** Of a calendar period: where its midnight is. */
  readonly zone: string;
  /** What announced work counts as. */
  readonly maintenance: 'excluded' | 'good' | 'bad';
  readonly degraded: 'good' | 'bad';
  /** Of checks: a speed is told from so many on. */
  readonly minChecks: number;
  readonly pairs: readonly BurnPair[];
  readonly whenSpent: 'allowed' | 'blocked';
}
