import type { Source } from './engine.ts';

/** What is backed up, how often and where to: the manifest's sections, made definite. */
export interface BackupPlan {
  /** The name of the application. */
  readonly app: string;
  readonly sources: readonly PlannedSource[];
  readonly vaults: readonly PlannedVault[];
  /** Public age keys; two at least when there are sources. */
  readonly recipients: readonly string[];
  /** Public keys, `ed25519:…`, whose signatures are believed; when there are none, that of this server. */
  readonly signers: readonly string[];
}

export interface PlannedSource extends Source {
  readonly engine: string;
  readonly holds: readonly string[];
  readonly schedule: BackupSchedule;
  readonly prove: ProofFrequency;
  readonly assertions: readonly string[];
  /** Names of vaults. */
  readonly vaults: readonly string[];
  readonly keep: KeepRule;
}

export type BackupSchedule =
  /** Minutes after midnight in this zone, every day. */
  | { readonly kind: 'daily'; readonly minutes: number; readonly zone: string }
  | { readonly kind: 'interval'; readonly everyMs: number };

export const PROOF_FREQUENCIES = ['always', 'daily', 'weekly', 'monthly'] as const;
export type ProofFrequency = (typeof PROOF_FREQUENCIES)[number];

/** Grandfather, father, son: how many of each are kept. */
export interface KeepRule {
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
  readonly yearly: number;
}

/** A week of days, a month of weeks, a year of months; years only for those who ask. */
export const KEEP_DEFAULTS: KeepRule = { daily: 7, weekly: 4, monthly: 12, yearly: 0 };

export interface PlannedVault {
  readonly name: string;
  readonly type: string;
  readonly settings: unknown;
}

export const EMPTY_PLAN: BackupPlan = { app: '', sources: [], vaults: [], recipients: [], signers: [] };
