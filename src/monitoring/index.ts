/** What other floors may use of monitoring. Everything else in this folder is private to it. */
import type { Migration } from '../contracts/database.ts';
import { changeMigration } from './change-store.ts';
import { monitorMigration } from './monitor-store.ts';
import { pingMigration } from './ping-store.ts';
import { resultMigration } from './result-store.ts';

export type { Monitor } from './monitor.ts';
export type { MonitorType } from './monitor-type.ts';
export { createMonitoring, type Monitoring } from './monitoring.ts';
export { type MonitoringSettings, monitorsOf, type WatchPlan } from './monitors-of.ts';
export { type MonitorEntries, monitoringSection, type ServiceTiming } from './section.ts';
export { monitorTypes } from './types/index.ts';

export const monitoringMigrations: readonly Migration[] = [
  monitorMigration,
  changeMigration,
  resultMigration,
  pingMigration,
];
