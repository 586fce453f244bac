import { alertingMigrations } from '../alerting/index.ts';
import { backupMigrations } from '../backups/index.ts';
import type { Migration } from '../contracts/database.ts';
import { deliveryMigrations } from '../delivery/index.ts';
import { identityMigrations } from '../identity/index.ts';
import { monitoringMigrations } from '../monitoring/index.ts';
import { jobMigration } from '../platform/jobs/job-store.ts';
import { outboxMigration } from '../platform/sql/outbox.ts';
import { parkedEventMigration } from '../platform/sql/parked-events.ts';

/** Every step of the schema, oldest first. A new step goes to the end: its place is part of its identity. */
export const migrations: readonly Migration[] = [
  outboxMigration,
  jobMigration,
  ...identityMigrations,
  ...monitoringMigrations,
  ...deliveryMigrations,
  ...alertingMigrations,
  ...backupMigrations,
  parkedEventMigration,
];
