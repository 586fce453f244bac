import type { BackupFacts, ProofLevel } from '../contracts/facts.ts';
import type { JobDefinition } from '../contracts/jobs.ts';
import type { ErrorKind } from '../kernel/errors.ts';
import type { BackupPlan } from './plan.ts';

/** Takes backups, proves them and answers about them: everything this area does, behind one door. */
export interface Backups {
  readonly facts: BackupFacts;
  /** For the process that runs jobs; one of them looks every minute for what is due. */
  readonly jobs: readonly JobDefinition[];
  /** From now on this is backed up. A source that is new and has no backup yet gets one at once. */
  apply(plan: BackupPlan): Promise<void>;
  /** Once jobs are taken: asks at once for what is due, rather than at the next full minute. */
  start(): Promise<void>;
  /** Newest first. */
  list(filter: { readonly service?: string; readonly limit: number }): Promise<readonly BackupNow[]>;
  /** Rejects with `BACKUP_UNKNOWN`. */
  find(id: string): Promise<BackupNow>;
  /** Asks for work; it is done by a process that runs jobs. Says which run to look at. */
  request(work: BackupWork): Promise<BackupRun>;
  /** Rejects with `BACKUP_RUN_UNKNOWN`. */
  run(id: string): Promise<BackupRun>;
}

export type BackupWork =
  /** Rejects with `BACKUP_SOURCE_UNKNOWN`; with a run that is under way already, when there is one. */
  | { readonly kind: 'backup'; readonly service: string }
  /** Reads a backup to its end, in every vault. */
  | { readonly kind: 'verify'; readonly backup: string }
  /** Restores it into a scratch database and asks the assertions. */
  | { readonly kind: 'prove'; readonly backup: string }
  /** Restores it into a new database beside the source, of this name. */
  | { readonly kind: 'restore'; readonly backup: string; readonly name: string };

export interface BackupNow {
  readonly id: string;
  readonly service: string;
  readonly engine: string;
  readonly takenAt: number;
  readonly tookMs: number;
  /** As stored, and as the engine wrote it. */
  readonly bytes: number;
  readonly plainBytes: number;
  readonly vaults: readonly string[];
  readonly level: ProofLevel;
  /** When it was last restored; null when it never was. */
  readonly provenAt: number | null;
}

export interface BackupRun {
  readonly id: string;
  readonly kind: BackupWork['kind'];
  readonly service: string;
  /** Null until a backup has its id. */
  readonly backup: string | null;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** What it is at, e.g. `reading`, for a progress line. */
  readonly phase: string | null;
  readonly bytes: number;
  readonly queuedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Whole sentences about what was found, e.g. `12 tables, 48,102 rows, all as they were.` */
  readonly findings: readonly string[];
  readonly error: BackupRunError | null;
}

export interface BackupRunError {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}
