import type { ProofLevel } from '../contracts/facts.ts';
import type { Secret } from '../kernel/secret.ts';
import { sayComparison } from './comparison.ts';
import type { EngineIo, RestoreTarget } from './engine.ts';
import { backupEngines } from './engines/index.ts';
import {
  type BackupChoice,
  chooseFolder,
  describeOffline,
  listOffline,
  type OfflineBackup,
  type OfflineListing,
} from './offline-listing.ts';
import { type OpenedBackup, openBackup } from './open-backup.ts';
import type { Phase } from './progress.ts';
import { proveBackup, restoreBackup } from './restore-backup.ts';
import type { Vault, VaultIo } from './vault.ts';
import { vaultTypes } from './vaults/index.ts';
import { type ReadTools, verifyBackup } from './verify-backup.ts';

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

export function createOfflineBackups({ vault, signers, ...io }: OfflineDeps): OfflineBackups {
  return {
    list: (service) => listOffline(vault, signers, service),
    async find(choice) {
      const folder = await chooseFolder(vault, choice);
      const { manifest } = await openBackup(vault, folder, signers);
      return describeOffline(manifest, folder, true);
    },
    async verify(choice, { isProof, ...options }) {
      const { opened, backup, tools } = await open(choice, options);
      const engine = backupEngines.get(backup.engine);
      if (!isProof) {
        const level = await verifyBackup(opened, engine, tools);
        return { backup, level, findings: [sayLevel(level)] };
      }
      const { comparison } = await proveBackup(opened, engine, [], tools);
      return { backup, level: 'restored', findings: [sayComparison(comparison)] };
    },
    async rehearse(choice, to, options) {
      const { opened, backup, tools } = await open(choice, options);
      const level = await verifyBackup(opened, backupEngines.get(backup.engine), tools);
      return { backup, where: to.url.name, findings: [sayLevel(level)] };
    },
    async restore(choice, to, options) {
      const { opened, backup, tools } = await open(choice, options);
      const { where, comparison } = await restoreBackup(opened, backupEngines.get(backup.engine), to, tools);
      return { backup, where, findings: [sayComparison(comparison)] };
    },
  };

  async function open(choice: BackupChoice, { identities, signal, onProgress }: OfflineOptions) {
    const folder = await chooseFolder(vault, choice);
    const opened: OpenedBackup = await openBackup(vault, folder, signers);
    const tools: ReadTools = { ...io, signal, identities, progress: progressTo(onProgress) };
    return { opened, backup: describeOffline(opened.manifest, folder, true), tools };
  }
}

function progressTo(onProgress: OfflineOptions['onProgress']): ReadTools['progress'] {
  let now: { readonly phase: Phase; readonly bytes: number } = { phase: 'checking', bytes: 0 };
  return {
    enter: (phase) => onProgress((now = { phase, bytes: 0 })),
    add: (bytes) => onProgress((now = { ...now, bytes: now.bytes + bytes })),
  };
}

function sayLevel(level: 'stored' | 'readable'): string {
  if (level === 'readable') return 'It was read to its end, decrypted, unpacked and understood.';
  return 'It is, byte for byte, what was stored. There was no private key to open it with.';
}
