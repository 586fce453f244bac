import { migrations } from '../../src/app/migrations.ts';
import { Secret } from '../../src/kernel/secret.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { migrateUp } from '../../src/platform/sql/migrate.ts';
import { openPostgres } from '../../src/platform/sql/postgres.ts';
import { openSqlite } from '../../src/platform/sql/sqlite.ts';
import { silentLog } from '../support/silent-log.ts';
import { killMigration } from './kill-schema.ts';

const now = () => Date.now();

/** `where` is the URL of a PostgreSQL database or the path of a SQLite file. */
export async function openAt(where: string): Promise<Database> {
  const isPostgres = where.startsWith('postgres');
  return isPostgres
    ? openPostgres({ url: new Secret(where, 'test database'), log: silentLog, now })
    : openSqlite({ path: where, now });
}

/** As each life of a victim begins. */
export async function openMigrated(where: string): Promise<Database> {
  const db = await openAt(where);
  await migrateUp(db, [...migrations, killMigration], now());
  return db;
}
