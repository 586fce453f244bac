import type { Db, Tx } from '../../contracts/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Exec } from '../../kernel/exec.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { Secret } from '../../kernel/secret.ts';
import type { BackupEngine } from '../engine.ts';
import type { SigningKey } from '../format/signing.ts';
import type { BackupPlan, PlannedVault } from '../plan.ts';
import type { Progress } from '../progress.ts';
import type { Vault } from '../vault.ts';
import type { StoredRun } from './run-store.ts';

/** The private halves, read anew for each run, so that a key that was exchanged counts at once. */
export interface BackupKeys {
  /** age keys; none on a server that only makes backups. */
  identities(): Promise<readonly Secret[]>;
  /** Null when nobody gave us one. */
  signingKey(): Promise<SigningKey | null>;
}

/** What a run works with. */
export interface WorkDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly exec: Exec;
  readonly environment: string;
  /** Our own version. */
  readonly version: string;
  readonly keys: BackupKeys;
  readonly engineOf: (type: string) => BackupEngine;
  readonly openVault: (vault: PlannedVault) => Vault;
}

export interface Work {
  readonly run: StoredRun;
  readonly plan: BackupPlan;
  readonly progress: RunProgress;
  readonly signal: AbortSignal;
}

export interface RunProgress extends Progress {
  /** A backup has its id now. */
  name(backup: string): void;
}

/** What a run came to. */
export interface WorkResult {
  readonly findings: readonly string[];
  /** What it found to be wrong; the run counts as failed. */
  readonly failure?: unknown;
  /** What is written down, and announced, together with its end. */
  commit(tx: Tx, at: number): Promise<void>;
  /** Takes back what is not to be, when somebody has declared the run dead meanwhile. */
  undo?(): Promise<void>;
  /** Follows once the end is written down; its failure is not that of the run. */
  afterwards?(): Promise<void>;
}
