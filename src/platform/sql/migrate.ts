import { sql } from 'kysely';
import type { Migration, Statements, Tx } from '../../contracts/database.ts';
import type { Database } from './database.ts';
import { errors } from './errors.ts';

interface MigrationTables {
  migration: { id: string; position: number; applied_at: number };
}

/** Any number, the same in every process: whoever holds this PostgreSQL lock may change the schema. */
const SCHEMA_LOCK = 7_373_001;

export interface SchemaStep {
  readonly id: string;
  readonly isApplied: boolean;
}

/** Which steps there are and which of them this database has; unknown ones of a newer version come last. */
export async function listSteps(db: Database, migrations: readonly Migration[]): Promise<readonly SchemaStep[]> {
  const applied = await db.quiet('reads its own table', async (tx) => {
    await prepare(tx);
    return appliedIds(tx);
  });
  const known = migrations.map(({ id }) => ({ id, isApplied: applied.includes(id) }));
  const ids = new Set<string>(migrations.map(({ id }) => id));
  return [...known, ...applied.filter((id) => !ids.has(id)).map((id) => ({ id, isApplied: true }))];
}

/** Applies what is missing, each step in a transaction of its own; returns the ids applied. */
export async function migrateUp(
  db: Database,
  migrations: readonly Migration[],
  at: number,
): Promise<readonly string[]> {
  const done: string[] = [];
  for (const migration of migrations) {
    const isNew = await db.quiet('the schema is not an event', async (tx) => {
      await prepare(tx);
      const applied = await appliedIds(tx);
      assertNothingNewer(applied, migrations);
      if (applied.includes(migration.id)) return false;
      await run(tx, migration.up);
      const row = { id: migration.id, position: applied.length + 1, applied_at: at };
      await tx.of<MigrationTables>().insertInto('migration').values(row).execute();
      return true;
    });
    if (isNew) done.push(migration.id);
  }
  return done;
}

/** Takes back every step applied after `downTo`, newest first; `downTo` itself stays. Returns the ids taken back. */
export async function migrateDown(
  db: Database,
  migrations: readonly Migration[],
  downTo: string,
): Promise<readonly string[]> {
  return db.quiet('the schema is not an event', async (tx) => {
    await prepare(tx);
    const applied = await appliedIds(tx);
    assertNothingNewer(applied, migrations);
    const keep = applied.indexOf(downTo);
    if (keep === -1) throw new Error(`There is no applied step ${downTo}.`);
    const undone = applied.slice(keep + 1).toReversed();
    for (const id of undone) {
      const migration = migrations.find((candidate) => candidate.id === id);
      if (migration !== undefined) await run(tx, migration.down);
      await tx.of<MigrationTables>().deleteFrom('migration').where('id', '=', id).execute();
    }
    return undone;
  });
}

async function prepare(tx: Tx): Promise<void> {
  if (tx.engine === 'postgres') await sql`select pg_advisory_xact_lock(${SCHEMA_LOCK})`.execute(tx.of());
  const create = sql`
    create table if not exists migration (id text primary key, position integer not null, applied_at bigint not null)`;
  await create.execute(tx.of());
}

async function appliedIds(tx: Tx): Promise<readonly string[]> {
  const rows = await tx.of<MigrationTables>().selectFrom('migration').select('id').orderBy('position').execute();
  return rows.map(({ id }) => id);
}

/** A newer version may have changed the meaning of our tables: working on would be worse than stopping. */
function assertNothingNewer(applied: readonly string[], migrations: readonly Migration[]): void {
  const ids = new Set<string>(migrations.map(({ id }) => id));
  const newer = applied.filter((id) => !ids.has(id));
  const newest = newer.at(-1);
  if (newest !== undefined) throw errors.SQL_SCHEMA_NEWER({ count: newer.length, newest });
}

async function run(tx: Tx, statements: Statements): Promise<void> {
  const texts = 'sqlite' in statements ? statements[tx.engine] : statements;
  for (const text of texts) await sql.raw(text).execute(tx.of());
}
