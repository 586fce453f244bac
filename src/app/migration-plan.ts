import path from 'node:path';
import type { MigrationPlan } from '../faces/cli/context.ts';
import { createLog } from '../platform/log/pino-log.ts';
import type { Database } from '../platform/sql/database.ts';
import { listSteps, migrateDown, migrateUp } from '../platform/sql/migrate.ts';
import { systemClock } from '../platform/system-clock.ts';
import type { Config } from './config.ts';
import { claimDataFolder } from './data-folder.ts';
import { errors } from './errors.ts';
import { migrations } from './migrations.ts';
import { databaseName, openDatabase } from './open-database.ts';

/** What `migrate` with the same argument would do. */
export function planMigration(config: Config, downTo: string | undefined): Promise<MigrationPlan> {
  return withDatabase(config, async (db) => planOn(db, config, downTo));
}

/** Brings the schema up to this version, or takes every step after `downTo` back. Needs the server to be stopped. */
export function migrate(config: Config, downTo: string | undefined): Promise<MigrationPlan> {
  return withDatabase(config, async (db) => {
    const plan = await planOn(db, config, downTo);
    if (downTo === undefined) await migrateUp(db, migrations, systemClock.now());
    else await migrateDown(db, migrations, downTo);
    return plan;
  });
}

async function planOn(db: Database, config: Config, downTo: string | undefined): Promise<MigrationPlan> {
  const steps = await listSteps(db, migrations);
  const database = path.basename(databaseName(config));
  if (downTo === undefined) {
    return { database, direction: 'up', steps: steps.filter(({ isApplied }) => !isApplied).map(({ id }) => id) };
  }
  const applied = steps.filter(({ isApplied }) => isApplied).map(({ id }) => id);
  if (!applied.includes(downTo))
    throw errors.MIGRATION_STEP_UNKNOWN({ id: downTo, steps: applied.join(', ') || 'none' });
  return { database, direction: 'down', steps: applied.slice(applied.indexOf(downTo) + 1).toReversed() };
}

async function withDatabase<Result>(config: Config, work: (db: Database) => Promise<Result>): Promise<Result> {
  await claimDataFolder(config.dataDir);
  const log = createLog({ level: 'error', format: 'text', write: (line) => void process.stderr.write(line) });
  const db = await openDatabase(config, { clock: systemClock, log });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
