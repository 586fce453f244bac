import type { Migration } from '../contracts/database.ts';

export type { BackupNow, BackupRun, Backups, BackupWork } from './backups.ts';
export { backupEngines } from './engines/index.ts';
export type { BackupPlan, PlannedSource } from './plan.ts';
export { backupPlanOf } from './plan-of.ts';
export { KEY_FILES, type KeyFile, keysSection, makeKeys, type PublicHalf, publicHalfOf } from './keys.ts';
export { backupsSection } from './section.ts';

export const backupMigrations: readonly Migration[] = [];
