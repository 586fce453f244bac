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
