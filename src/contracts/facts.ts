import type { Lane, Severity } from './outbound.ts';
import type { State } from './state.ts';

/** What other areas may ask of monitoring. */
export interface MonitoringFacts {
  /** Everything that is watched now, in the order of the manifest. */
  monitors(): Promise<readonly MonitorNow[]>;
  /** The last `days` UTC days including today, for every monitor named. Unknown names are left out. */
  history(monitors: readonly string[], days: number): Promise<ReadonlyMap<string, MonitorHistory>>;
}

export interface MonitorNow {
  readonly name: string;
  /** The monitor type, e.g. `http`. */
  readonly type: string;
  /** One line for visitors, from the manifest. */
  readonly description: string | null;
  /** What is watched, without anything secret: a host, or `host:port`. Private: not for the public page. */
  readonly target: string;
  readonly state: State;
  /** Since when it has been in that state, epoch milliseconds; null while nothing is known yet. */
  readonly since: number | null;
  readonly reason: string | null;
  readonly lastCheckedAt: number | null;
  /** What the latest check found wrong, while too few checks agree for the state to say so; null otherwise. */
  readonly unconfirmed: string | null;
  /** Of the latest answer; null when there was none. */
  readonly latencyMs: number | null;
  readonly intervalMs: number;
  readonly dependsOn: readonly string[];
  /** The failing monitor this one's failure comes from; null while it is not failing. */
  readonly rootCause: string | null;
  /** What each place it is checked from is sure of; empty for one that is checked from here alone. */
  readonly locations: readonly LocationNow[];
  /**
   * What its latest check measured, by name; shares are 0 to 1, times milliseconds. Empty where nothing is measured, and
   * in a process that leaves the checking to others.
   */
  readonly readings: Readonly<Record<string, number>>;
}

export interface LocationNow {
  readonly name: string;
  /** What its own checks are sure of; `unknown` while they are not, and when they are too old. */
  readonly state: State;
  readonly lastCheckedAt: number | null;
}

export interface MonitorHistory {
  readonly availability: Availability;
  /** Oldest first, exactly one for each day asked for. */
  readonly days: readonly DayHistory[];
  /** Everything that was not up, newest first; the running one has `endedAt: null`. */
  readonly troubles: readonly Trouble[];
}

/** Time-weighted. The classes add up to the length of the window. */
export interface Availability {
  /** Share of known time (without maintenance) in which it worked, 0 to 1; null when nothing is known. */
  readonly ratio: number | null;
  /** Share of the window about which anything is known, 0 to 1. */
  readonly coverage: number;
  readonly ms: Readonly<Record<State, number>>;
}

export interface DayHistory {
  /** Midnight UTC, epoch milliseconds. */
  readonly startsAt: number;
  /** The worst class that day; `unknown` only when nothing at all is known. */
  readonly worst: State;
  readonly ms: Readonly<Record<State, number>>;
}

export interface Trouble {
  readonly state: Exclude<State, 'up' | 'unknown'>;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly reason: string | null;
}

/** What other areas may ask about objectives and their error budgets. */
export interface ObjectiveFacts {
  /** In the order of the manifest. */
  objectives(): Promise<readonly ObjectiveNow[]>;
}

export interface ObjectiveNow {
  /** E.g. `api availability`, `api p95`. */
  readonly name: string;
  /** The service or monitor it is about. */
  readonly monitor: string;
  /** `time`: share of time in which it works. `checks`: share of checks that are good. */
  readonly kind: 'time' | 'checks';
  /** What has to be reached, 0 to 1. */
  readonly target: number;
  /** In plain words, e.g. `99.9% of the time, over 30 days`. */
  readonly promise: string;
  /** The window that is counted now, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** What was reached so far, 0 to 1; null while nothing is known. */
  readonly reached: number | null;
  /** Share of the window about which anything is known, 0 to 1. */
  readonly coverage: number;
  /** Share of the error budget that is left: 1 is untouched, below 0 is overspent; null while nothing is known. */
  readonly budgetLeft: number | null;
  /** The same in time that may still be lost, or in checks that may still fail. */
  readonly budgetLeftMs: number | null;
  readonly budgetLeftChecks: number | null;
  /** How fast the budget is spent now, 1 spends it exactly: over the shortest long window of `burn`. */
  readonly burnRate: number | null;
  /** When nothing will be left at this speed, epoch milliseconds; null when it lasts. */
  readonly goneAt: number | null;
  readonly burn: readonly BurnNow[];
  readonly isSpent: boolean;
  /** What a spent budget means for releases. */
  readonly whenSpent: 'allowed' | 'blocked';
}

/** One pair of windows: it burns when both are faster than `factor`. */
export interface BurnNow {
  readonly severity: Severity;
  readonly longMs: number;
  readonly shortMs: number;
  readonly factor: number;
  /** Times the speed that would spend the budget exactly; null without enough traffic to tell. */
  readonly longRate: number | null;
  readonly shortRate: number | null;
  readonly isBurning: boolean;
}

/** What other areas may ask about thresholds. */
export interface ThresholdFacts {
  /** Those that are crossed now, the longest first. */
  crossed(): Promise<readonly ThresholdNow[]>;
}

export interface ThresholdNow {
  readonly rule: string;
  readonly monitor: string;
  readonly reading: string;
  readonly level: 'warning' | 'critical';
  readonly reason: string;
  readonly runbook: string;
  readonly since: number;
}

/** What other areas may ask about announced work. */
export interface MaintenanceFacts {
  /** Windows that are open now or begin within `aheadMs`, by their beginning. */
  windows(aheadMs: number): Promise<readonly MaintenanceNow[]>;
}

export interface MaintenanceNow {
  /** Its name in the manifest, or the id of one that was started by hand. */
  readonly window: string;
  readonly title: string;
  readonly monitors: readonly string[];
  readonly startsAt: number;
  /** Null when somebody ends it by hand. */
  readonly endsAt: number | null;
  /** Whether checks rest too: nothing is asked of the target. */
  readonly pausesChecks: boolean;
  readonly isOpen: boolean;
}

/** What other areas may ask of alerting. */
export interface AlertingFacts {
  /** Open ones first, then those that are over, newest first. */
  alerts(limit: number): Promise<readonly AlertNow[]>;
}

/** One problem that people were told of, however many monitors it shows itself in. */
export interface AlertNow {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly state: 'open' | 'resolved';
  /** The monitor it comes from, or `backup of NAME`. */
  readonly cause: string;
  /** Everything that failed because of it, the first one first. */
  readonly affected: readonly string[];
  readonly reason: string | null;
  readonly openedAt: number;
  readonly resolvedAt: number | null;
  /** The channels it was sent to; empty when there was nobody to tell. */
  readonly toldTo: readonly string[];
}

/** What other areas may ask of delivery. */
export interface DeliveryFacts {
  /** Newest first. */
  deliveries(limit: number): Promise<readonly DeliveryNow[]>;
}

export interface DeliveryNow {
  readonly id: string;
  readonly lane: Lane;
  readonly channel: string;
  /** The kind of channel, e.g. `slack`; null when the manifest has no such channel any more. */
  readonly type: string | null;
  readonly title: string;
  /** What it is about, e.g. the id of an alert. */
  readonly thread: string;
  /** `waiting` for its first or next attempt; `dead` is never tried again. */
  readonly state: 'waiting' | 'sending' | 'delivered' | 'dead';
  /** When we were sure of what it tells of. */
  readonly knownAt: number;
  readonly queuedAt: number;
  readonly deliveredAt: number | null;
  /** Of a waiting message; epoch milliseconds. */
  readonly nextAttemptAt: number | null;
  /** How often it was tried. */
  readonly attemptCount: number;
  /** The newest of them, oldest first: a day of failures has hundreds. */
  readonly attempts: readonly DeliveryAttempt[];
}

export interface DeliveryAttempt {
  readonly at: number;
  readonly tookMs: number;
  /** `unknown`: we were stopped in the middle, so it may have arrived. */
  readonly outcome: 'delivered' | 'failed' | 'unknown';
  /** What the receiver answered or why there was no answer; never a secret. */
  readonly detail: string;
}

/** What other areas may ask of backups. */
export interface BackupFacts {
  /** Everything that is backed up, in the order of the manifest. */
  sources(): Promise<readonly BackupSourceNow[]>;
}

/** Ascending: each level includes the one before. */
export const PROOF_LEVELS = ['none', 'stored', 'readable', 'restored'] as const;
export type ProofLevel = (typeof PROOF_LEVELS)[number];

export interface BackupSourceNow {
  readonly service: string;
  readonly engine: string;
  /** What data it holds, in words of the trade. */
  readonly holds: readonly string[];
  readonly lastBackup: { readonly id: string; readonly takenAt: number; readonly bytes: number } | null;
  /** The newest backup that was restored; not always the newest backup. */
  readonly lastProof: {
    readonly backup: string;
    /** When it was restored, epoch milliseconds. */
    readonly at: number;
    /** When the backup that was restored had been taken: what would be left after a loss. */
    readonly takenAt: number;
    readonly tookMs: number;
    readonly tables: number;
    readonly rows: number;
    readonly assertions: number;
  } | null;
  /** Of the newest backup. */
  readonly level: ProofLevel;
  readonly nextAt: number | null;
  /** The newest attempt, when it failed. */
  readonly lastFailure: { readonly at: number; readonly code: string; readonly reason: string } | null;
  /** What is being done right now; null while nothing is. */
  readonly underWay: {
    readonly run: string;
    readonly kind: 'backup' | 'verify' | 'prove' | 'restore';
    /** What it is at, e.g. `reading`. */
    readonly phase: string | null;
    /** Read so far. */
    readonly bytes: number;
    readonly startedAt: number;
  } | null;
}
