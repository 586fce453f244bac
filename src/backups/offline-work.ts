import { sayComparison } from './comparison.ts';
import { backupEngines } from './engines/index.ts';
import type { OfflineBackups, OfflineDeps, OfflineOptions } from './offline.ts';
import { type BackupChoice, chooseFolder, describeOffline, listOffline } from './offline-listing.ts';
import { type OpenedBackup, openBackup } from './open-backup.ts';
import type { Phase } from './progress.ts';
import { proveBackup, restoreBackup } from './restore-backup.ts';
import { type ReadTools, verifyBackup } from './verify-backup.ts';

export function createOfflineWork({ vault, signers, ...io }: OfflineDeps): OfflineBackups {
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
