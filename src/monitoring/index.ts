/** What other floors may use of monitoring. Everything else in this folder is private to it. */
import type { Migration } from '../contracts/database.ts';
import { coverageMigration } from './coverage/gap-store.ts';
import { pingDetailMigration, pingMigration } from './heartbeats/ping-store.ts';
import { runMigration } from './heartbeats/run-store.ts';
import { changeMigration } from './history/change-store.ts';
import { frozenMonthMigration } from './history/frozen-month.ts';
import { pastMigration } from './history/past-store.ts';
import { resultLocationMigration, resultMigration } from './history/result-store.ts';
import { rollupMigration } from './history/rollup-store.ts';
import { locationMigration } from './locations/location-store.ts';
import { tellingMigration } from './maintenance/telling.ts';
import { windowMigration } from './maintenance/window-store.ts';
import { saidMigration } from './manual/said-store.ts';
import { objectiveMigration } from './objectives/objective-store.ts';
import { partMigration } from './parts/part-store.ts';
import { shardMigration } from './shards/shard-store.ts';
import { monitorMigration } from './state/monitor-store.ts';
import { thresholdMigration } from './thresholds/threshold-store.ts';

export { FUNCTIONS, OPERATORS, PLACEHOLDERS } from './expectations/condition.ts';
export type { PingRecord, Told } from './heartbeats/told.ts';
export type { Past, PastAdded } from './history/imported-past.ts';
export { type AssignedMonitor, type WrittenManifest, writtenManifest } from './locations/assignment.ts';
export { LocationName } from './locations/location-names.ts';
export { createProbeDesk, type ProbeDesk, type TaggedAssignment } from './locations/probe-desk.ts';
export { createProbing, type Probing } from './locations/probing.ts';
export type { ProbeBatch, ProbeResult, Receipt } from './locations/reception.ts';
export type { MaintenanceCalendar, OpenWindow } from './maintenance/calendar.ts';
export type { MaintenanceDesk } from './maintenance/desk.ts';
export type { WindowNow } from './maintenance/window-now.ts';
export type { Monitor } from './monitor.ts';
export type { CheckResult, MonitorType, Part, Said } from './monitor-type.ts';
export { createMonitoring, type Monitoring } from './monitoring.ts';
export { monitorsOf, type WatchPlan } from './monitors-of.ts';
export type { Objective } from './objectives/objective.ts';
export { type MonitoringPlan, type MonitoringSettings, monitoringPlanOf, planFor } from './plan.ts';
export { type MonitorEntries, monitoringSection, monitorsSchema, type ServiceTiming } from './section.ts';
export { limitWords as thresholdLimitWords } from './thresholds/limit-words.ts';
export type { Rule as ThresholdRule } from './thresholds/rule.ts';
export { PRESETS as THRESHOLD_PRESETS } from './thresholds/standard.ts';
export { monitorTypes } from './types/index.ts';
export { loadTypesNamed } from './types-named.ts';

export const monitoringMigrations: readonly Migration[] = [
  monitorMigration,
  changeMigration,
  resultMigration,
  pingMigration,
  resultLocationMigration,
  rollupMigration,
  locationMigration,
  objectiveMigration,
  thresholdMigration,
  windowMigration,
  tellingMigration,
  coverageMigration,
  shardMigration,
  frozenMonthMigration,
  pastMigration,
  partMigration,
  pingDetailMigration,
  runMigration,
  saidMigration,
];
