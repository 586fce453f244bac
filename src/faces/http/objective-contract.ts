import type { Severity } from '../../contracts/outbound.ts';

/** The part of the contract about promises and their error budgets. */
export interface ObjectiveListView {
  /** In the order of the manifest. */
  readonly objectives: readonly ObjectiveView[];
}

export interface ObjectiveView {
  /** E.g. `api availability`. */
  readonly name: string;
  readonly monitor: string;
  /** `time`: share of time in which it works. `checks`: share of checks that are good. */
  readonly kind: 'time' | 'checks';
  /** What has to be reached, 0 to 1. */
  readonly target: number;
  /** In plain words, e.g. `99.9% of the time, over 30 days`. */
  readonly promise: string;
  /** The window that is counted now. One of a calendar ends in the future. */
  readonly from: string;
  readonly to: string;
  /** What was reached so far, 0 to 1; null while nothing is known. */
  readonly reached: number | null;
  /** Share of the window so far about which anything is known, 0 to 1. */
  readonly coverage: number;
  /** Share of the error budget that is left: 1 is untouched, below 0 is overspent; null while nothing is known. */
  readonly budgetLeft: number | null;
  /** The same in time that may still be lost (`time`), or in checks that may still fail (`checks`). */
  readonly budgetLeftMs: number | null;
  readonly budgetLeftChecks: number | null;
  /** How fast the budget is spent now; 1 spends exactly all of it. Null without enough traffic to tell. */
  readonly burnRate: number | null;
  /** When nothing will be left at this speed; null when it lasts. */
  readonly goneAt: string | null;
  readonly burn: readonly BurnView[];
  readonly isSpent: boolean;
  /** What a spent budget means for releases. */
  readonly whenSpent: 'allowed' | 'blocked';
}

/** One pair of windows: it burns when both are faster than `factor`. */
export interface BurnView {
  readonly severity: Severity;
  readonly longMs: number;
  readonly shortMs: number;
  readonly factor: number;
  readonly longRate: number | null;
  readonly shortRate: number | null;
  readonly isBurning: boolean;
}
