/** What other floors may use of backups. Everything else in this folder is private to it. */
import type { Migration } from '../contracts/database.ts';
import { catalogueMigration } from './catalogue.ts';
import { sourceMigration } from './runs/run-life.ts';
import { runMigration } from './runs/run-store.ts';

export type { BackupNow, BackupRun, Backups, BackupWork } from './backups.ts';
export { type BackupsDeps, createBackups } from './create-backups.ts';
export { backupEngines } from './engines/index.ts';
export { readIdentities } from './format/age/keys.ts';
export { KEY_FILES, type KeyFile, keysSection, makeKeys, type PublicHalf, publicHalfOf } from './format/keys.ts';
export { readSigningKey } from './format/signing.ts';
export {
  createOfflineBackups,
  type OfflineBackups,
  type OfflineOptions,
  openDirectoryVault,
} from './offline.ts';
export type { BackupPlan, PlannedSource } from './plan.ts';
export { type BackupNote, type BackupSettings, backupPlanOf } from './plan-of.ts';
export { programsOf } from './postgres/programs.ts';
export type { BackupKeys } from './runs/run-work.ts';
export { backupsSection } from './section.ts';
export { vaultTypes } from './vaults/index.ts';

export const backupMigrations: readonly Migration[] = [catalogueMigration, runMigration, sourceMigration];
