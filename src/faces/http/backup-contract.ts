import type { ProofLevel } from '../../contracts/facts.ts';
import type { ErrorKind } from '../../kernel/errors.ts';

/** The part of the contract about backups and what they are worth. */
export interface BackupListView {
  /** Newest first. */
  readonly backups: readonly BackupView[];
}

export interface BackupView {
  readonly id: string;
  readonly service: string;
  readonly engine: string;
  readonly takenAt: string;
  readonly tookMs: number;
  /** As stored. */
  readonly bytes: number;
  /** As the database's own tool wrote it, before it was packed and encrypted. */
  readonly plainBytes: number;
  /** Names of the vaults that hold it. */
  readonly vaults: readonly string[];
  /** What was done with it: `stored` < `readable` < `restored`. */
  readonly level: ProofLevel;
  /** When it was last restored; null when it never was. */
  readonly provenAt: string | null;
}

export interface BackupSourceListView {
  /** Everything that is backed up, in the order of the manifest. */
  readonly sources: readonly BackupSourceView[];
}

/** How ready we are to lose this service. */
export interface BackupSourceView {
  readonly service: string;
  readonly engine: string;
  /** What data it holds, in words of the trade. */
  readonly holds: readonly string[];
  readonly lastBackup: { readonly id: string; readonly takenAt: string; readonly bytes: number } | null;
  /** The newest backup that was restored; not always the newest backup. */
  readonly lastProof: ProofView | null;
  /** Of the newest backup. */
  readonly level: ProofLevel;
  readonly nextAt: string | null;
  /** The newest attempt, when it failed. */
  readonly lastFailure: { readonly at: string; readonly code: string; readonly reason: string } | null;
  /** What is being done right now; null while nothing is. */
  readonly underWay: UnderWayView | null;
}

/** Of the run with this id `GET /api/v1/backups/runs/:id` tells more. */
export interface UnderWayView extends Pick<BackupRunView, 'kind' | 'phase' | 'bytes'> {
  readonly run: string;
  readonly startedAt: string;
}

export interface ProofView {
  /** The backup that was restored. */
  readonly backup: string;
  /** When it was restored. */
  readonly at: string;
  /** When that backup had been taken: what would be left after a loss. */
  readonly takenAt: string;
  /** How long the restore took. */
  readonly tookMs: number;
  readonly tables: number;
  readonly rows: number;
  readonly assertions: number;
}

/** The answer to every request for work on backups: the work is done by a process that runs jobs. */
export interface BackupRequestedView {
  readonly isDryRun: boolean;
  /** What it is about; null when the manifest backs it up no longer. */
  readonly source: BackupSourceView | null;
  /** The backup that is verified or restored; null when one is being taken. */
  readonly backup: BackupView | null;
  /** Look at it until it has ended: `GET /api/v1/backups/runs/:id`. Null on a dry run. */
  readonly run: BackupRunView | null;
}

export interface BackupRunView {
  readonly id: string;
  readonly kind: 'backup' | 'verify' | 'prove' | 'restore';
  readonly service: string;
  /** Null until a backup has its id. */
  readonly backup: string | null;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** What it is at, e.g. `reading`. */
  readonly phase: string | null;
  /** Read so far. */
  readonly bytes: number;
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Whole sentences about what was found. */
  readonly findings: readonly string[];
  /** Why it failed; null unless it did. */
  readonly error: {
    readonly kind: ErrorKind;
    readonly code: string;
    readonly message: string;
    readonly hint: string;
  } | null;
}
