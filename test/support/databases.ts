import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { migrations } from '../../src/app/migrations.ts';
import { Secret } from '../../src/kernel/secret.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { migrateUp } from '../../src/platform/sql/migrate.ts';
import { openPostgres } from '../../src/platform/sql/postgres.ts';
import { openSqlite } from '../../src/platform/sql/sqlite.ts';
import { freshDatabase, sharedPostgres } from './servers/postgres.ts';
import { silentLog } from './silent-log.ts';

const now = () => Date.now();

/** The default store is also the fake: in memory it is as fast as one, and it cannot drift. */
export async function memoryDatabase(t: Pick<TestContext, 'after'>): Promise<Database> {
  const db = openSqlite({ path: ':memory:', now });
  t.after(() => db.close());
  await migrateUp(db, migrations, now());
  return db;
}

/** SQLite as it runs for people: a file, with a writer and a reader. */
export async function fileDatabase(t: Pick<TestContext, 'after'>): Promise<Database> {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-db-'));
  const db = openSqlite({ path: path.join(folder, 'evenkeel.db'), now });
  t.after(async () => {
    await db.close();
    rmSync(folder, { recursive: true });
  });
  await migrateUp(db, migrations, now());
  return db;
}

/** A new, empty database on a real server, which is started once for each test file. */
async function postgresDatabase(t: Pick<TestContext, 'after'>): Promise<Database> {
  const url = await freshDatabase(await sharedPostgres());
  const db = await openPostgres({ url: new Secret(url, 'test database'), log: silentLog, now });
  t.after(() => db.close());
  await migrateUp(db, migrations, now());
  return db;
}

/** Every store's suite runs once for each of them. */
export const ENGINES = [
  { engine: 'SQLite', open: fileDatabase },
  { engine: 'PostgreSQL', open: postgresDatabase },
] as const;
