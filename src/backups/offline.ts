import type { ProofLevel } from '../contracts/facts.ts';
import type { Secret } from '../kernel/secret.ts';
import type { EngineIo, RestoreTarget } from './engine.ts';
import type { BackupChoice, OfflineBackup, OfflineListing } from './offline-listing.ts';
import type { Phase } from './progress.ts';
import type { Vault, VaultIo } from './vault.ts';
import { vaultTypes } from './vaults/index.ts';

/** What a folder with backups holds, without a database that knows of it: for the day on which there is none. */
export interface OfflineBackups {
  list(service?: string): Promise<OfflineListing>;
  /** Reads one to its end; `isProof` restores it into a scratch database too. */
  verify(choice: BackupChoice, options: OfflineOptions & { readonly isProof: boolean }): Promise<OfflineVerification>;
  /** Restores one to a place that is empty. */
  restore(choice: BackupChoice, to: OfflineTarget, options: OfflineOptions): Promise<OfflineRestoration>;
  /** Looks one up and checks who signed it, and reads no more. */
  find(choice: BackupChoice): Promise<OfflineBackup>;
  /** As a restore that stops before anything is written. */
  rehearse(choice: BackupChoice, to: OfflineTarget, options: OfflineOptions): Promise<OfflineRestoration>;
}

export type OfflineTarget = Extract<RestoreTarget, { kind: 'at' }>;

export interface OfflineOptions {
  /** Private age keys; without any a backup can be checked, but not opened. */
  readonly identities: readonly Secret[];
  readonly signal: AbortSignal;
  readonly onProgress: (step: { readonly phase: Phase; readonly bytes: number }) => void;
}

export interface OfflineVerification {
  readonly backup: OfflineBackup;
  readonly level: ProofLevel;
  readonly findings: readonly string[];
}

export interface OfflineRestoration {
  readonly backup: OfflineBackup;
  readonly where: string;
  readonly findings: readonly string[];
}

export interface OfflineDeps extends Pick<EngineIo, 'exec' | 'clock' | 'ids'> {
  readonly vault: Vault;
  /** Public keys whose signatures are believed. */
  readonly signers: readonly string[];
}

/** A folder that is named on the command line. */
export function openDirectoryVault(folder: string, io: VaultIo): Vault {
  const directory = vaultTypes.get('directory');
  return directory.open('vault', directory.settingsOf(folder, '/'), io);
}

/** A running server never asks for any of this, and so does not load it. */
export function createOfflineBackups(deps: OfflineDeps): OfflineBackups {
  const work = async () => (await import('./offline-work.ts')).createOfflineWork(deps);
  return {
    list: async (service) => (await work()).list(service),
    find: async (choice) => (await work()).find(choice),
    verify: async (choice, options) => (await work()).verify(choice, options),
    rehearse: async (choice, to, options) => (await work()).rehearse(choice, to, options),
    restore: async (choice, to, options) => (await work()).restore(choice, to, options),
  };
}
