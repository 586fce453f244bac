import type { MonitorView } from './contract.ts';

/** One component of what is watched, e.g. its database. */
export interface PartView {
  readonly name: string;
  readonly state: 'up' | 'degraded' | 'down' | 'unknown';
  readonly detail: string | null;
}

/** One call of a job. */
export interface PingView {
  readonly at: string;
  /** `log` says nothing of how it is. */
  readonly outcome: 'success' | 'failure' | 'started' | 'log';
  /** The id of the run, where runs may overlap. */
  readonly run: string | null;
  readonly exitStatus: number | null;
  readonly message: string | null;
  readonly latencyMs: number | null;
  /** Of the run that ended with it. */
  readonly durationMs: number | null;
  /** What was sent along, its first 10,000 characters; only the latest are kept. */
  readonly body: string | null;
}

/** What somebody said of a `manual` monitor, and how it is now. */
export interface MonitorSaidView {
  readonly isDryRun: boolean;
  readonly said: {
    readonly at: string;
    readonly state: 'up' | 'degraded' | 'down';
    readonly because: string | null;
  };
  readonly monitor: MonitorView;
}
