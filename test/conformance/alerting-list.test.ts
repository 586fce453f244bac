import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CompiledQuery, type Kysely } from 'kysely';
import { type AlertTables, list } from '../../src/alerting/alert-store.ts';
import { kyselyOver } from '../../src/platform/sql/kysely-over.ts';
import { memoryDatabase } from '../support/databases.ts';

test('years of alerts cost those who ask for the newest nothing: an index has them in order', async (t) => {
  const db = await memoryDatabase(t);
  const asked: CompiledQuery[] = [];
  const reads = kyselyOver('sqlite', async (query) => {
    asked.push(query);
    return { rows: [] };
  });
  await list(reads as never as ReturnType<typeof db.of<AlertTables>>, 'live', 10);
  const [query] = asked;
  assert.ok(query);

  const plan = CompiledQuery.raw(`explain query plan ${query.sql}`, [...query.parameters]);
  const { rows } = await (db.of() as unknown as Kysely<unknown>).executeQuery<{ detail: string }>(plan);

  const steps = rows.map(({ detail }) => detail).join('; ');
  assert.match(steps, /SEARCH alert USING INDEX/);
  assert.doesNotMatch(steps, /TEMP B-TREE/);
});
