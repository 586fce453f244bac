import { access } from 'node:fs/promises';
import { sql } from 'kysely';
import type { DatabaseFacts } from '../faces/cli/context.ts';
import { messageOf } from '../kernel/errors.ts';
import { createLog } from '../platform/log/pino-log.ts';
import { listSteps } from '../platform/sql/migrate.ts';
import { systemClock } from '../platform/system-clock.ts';
import type { Config } from './config.ts';
import { migrations } from './migrations.ts';
import { databaseFile, databaseName, openDatabase } from './open-database.ts';

/** Whether the database answers, and what its schema lacks. One that is not there yet is not made. */
export async function lookAtDatabase(config: Config): Promise<DatabaseFacts> {
  const facts = { engine: config.databaseUrl === null ? 'sqlite' : 'postgres', where: databaseName(config) } as const;
  const isNew =
    facts.engine === 'sqlite' &&
    !(await access(databaseFile(config)).then(
      () => true,
      () => false,
    ));
  if (isNew) return { ...facts, cause: null, pendingSteps: migrations.length, now: null };
  try {
    const log = createLog({ level: 'error', format: 'text', write: () => undefined });
    const db = await openDatabase(config, { clock: systemClock, log });
    try {
      const steps = await listSteps(db, migrations);
      const pendingSteps = steps.filter(({ isApplied }) => !isApplied).length;
      return { ...facts, cause: null, pendingSteps, now: db.engine === 'postgres' ? await timeOf(db) : null };
    } finally {
      await db.close();
    }
  } catch (error) {
    return { ...facts, cause: messageOf(error), pendingSteps: 0, now: null };
  }
}

async function timeOf(db: Awaited<ReturnType<typeof openDatabase>>): Promise<number | null> {
  const query = sql<{ now: number }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`;
  return (await query.execute(db.of())).rows[0]?.now ?? null;
}
