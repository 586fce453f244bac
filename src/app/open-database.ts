import path from 'node:path';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Database } from '../platform/sql/database.ts';
import { openSqlite } from '../platform/sql/sqlite.ts';
import type { Config } from './config.ts';

/** PostgreSQL where the configuration names one, else the file in the data folder. */
export async function openDatabase(config: Config, { clock, log }: { clock: Clock; log: Log }): Promise<Database> {
  const now = () => clock.now();
  if (config.databaseUrl === null) return openSqlite({ path: databaseFile(config), now });
  // Its driver is loaded only where it is used.
  const { openPostgres } = await import('../platform/sql/postgres.ts');
  return openPostgres({ url: config.databaseUrl, log, now });
}

export function databaseFile({ dataDir }: Pick<Config, 'dataDir'>): string {
  return path.join(dataDir, 'evenkeel.db');
}

/** What people call the database: never with a user or a password. */
export function databaseName(config: Config): string {
  if (config.databaseUrl === null) return databaseFile(config);
  const { host, pathname } = new URL(config.databaseUrl.reveal());
  return `${host}${pathname}`;
}
