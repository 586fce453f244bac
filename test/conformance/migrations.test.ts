import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { migrations } from '../../src/app/migrations.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { listSteps, migrateDown, migrateUp } from '../../src/platform/sql/migrate.ts';
import { ENGINES } from '../support/databases.ts';

const FIRST = migrations[0]?.id ?? '';

for (const { engine, open } of ENGINES) {
  describe(`migrations on ${engine}`, () => {
    test('are applied once', async (t) => {
      const db = await open(t);

      assert.deepEqual(await migrateUp(db, migrations, 1), []);
      assert.ok((await listSteps(db, migrations)).every(({ isApplied }) => isApplied));
    });

    test('go down to the first step and up again to the same schema', async (t) => {
      const db = await open(t);
      const before = await tablesOf(db);

      const undone = await migrateDown(db, migrations, FIRST);
      const between = await tablesOf(db);
      await migrateUp(db, migrations, 1);

      assert.deepEqual(
        undone,
        migrations
          .slice(1)
          .map(({ id }) => id)
          .toReversed(),
      );
      assert.deepEqual(between, ['migration', 'outbox', 'outbox_cursor']);
      assert.deepEqual(await tablesOf(db), before);
    });

    test('refuse a database that a newer version has changed', async (t) => {
      const db = await open(t);
      const newer = { id: 'monitoring/2030-01-01-newer', up: ['create table newer (id integer)'], down: [] } as const;
      await migrateUp(db, [...migrations, newer], 1);

      await assert.rejects(migrateUp(db, migrations, 1), { code: 'SQL_SCHEMA_NEWER' });
    });

    test('refuse to go down to a step nobody knows', async (t) => {
      const db = await open(t);

      await assert.rejects(migrateDown(db, migrations, 'nobody/knows'), /no applied step/);
    });

    test('leave nothing of a step that fails half-way', async (t) => {
      const db = await open(t);
      const broken = {
        id: 'platform/broken',
        up: ['create table half (id integer)', 'create table'],
        down: [],
      } as const;

      await assert.rejects(migrateUp(db, [...migrations, broken], 1), /syntax|incomplete/i);

      assert.ok(!(await tablesOf(db)).includes('half'));
    });
  });
}

test('two processes that start at once migrate a PostgreSQL database once', async (t) => {
  const postgres = ENGINES.find(({ engine }) => engine === 'PostgreSQL');
  assert.ok(postgres);
  const db = await postgres.open(t);
  await migrateDown(db, migrations, FIRST);

  const done = await Promise.all([migrateUp(db, migrations, 1), migrateUp(db, migrations, 1)]);

  assert.equal(done.flat().length, migrations.length - 1);
});

async function tablesOf(db: Database): Promise<string[]> {
  const query =
    db.engine === 'sqlite'
      ? sql<{ name: string }>`select name from sqlite_schema where name not like 'sqlite_%' order by name`
      : sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'public' order by tablename`;
  return (await query.execute(db.of())).rows.map(({ name }) => name);
}
