import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../kernel/clock.ts';
import { codeOf } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import type { Database } from '../platform/sql/database.ts';
import { errors } from '../platform/sql/errors.ts';
import { openSqlite } from '../platform/sql/sqlite.ts';
import type { Config } from './config.ts';

/** PostgreSQL where the configuration names one, else the file in the data folder. */
export async function openDatabase(config: Config, { clock, log }: { clock: Clock; log: Log }): Promise<Database> {
  const now = () => clock.now();
  if (config.databaseUrl === null) {
    const file = databaseFile(config);
    await makePrivate(file);
    return openSqlite({ path: file, now });
  }
  // Its driver is loaded only where it is used.
  const { openPostgres } = await import('../platform/sql/postgres.ts');
  return openPostgres({ url: config.databaseUrl, log, now });
}

/** Only this user may read it, and what SQLite puts beside it. The system says best why a file cannot be written. */
async function makePrivate(file: string): Promise<void> {
  try {
    await (await open(file, 'a', 0o600)).close();
  } catch (cause) {
    throw errors.SQL_FILE_UNUSABLE({ where: file, cause: codeOf(cause) }, { cause });
  }
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
