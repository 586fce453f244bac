import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { Secret } from '../../src/kernel/secret.ts';
import { openPostgres } from '../../src/platform/sql/postgres.ts';
import { databaseProxy } from '../support/database-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase, sharedPostgres } from '../support/servers/postgres.ts';
import { setReadOnly } from '../support/servers/read-only.ts';
import { silentLog } from '../support/silent-log.ts';

// A listener without which the end of a connection would be the end of the process is missed here, too: the test
// runner counts an uncaught exception as a failure.

test('a connection that breaks in the middle of a transaction fails it, and nothing else', async (t) => {
  const { db, proxy } = await open(t);

  const broken = db.quiet('test', async (tx) => void (await sql`select pg_sleep(60)`.execute(tx.of())));
  await delay(200);
  proxy.cut();
  await assert.rejects(broken);
  proxy.mend();

  await db.quiet('test', async (tx) => void (await sql`select 1`.execute(tx.of())));
});

test('waits no longer than its patience for a database that has fallen silent, and then works again', async (t) => {
  const { db, proxy } = await open(t);
  const query = () => sql`select 1`.execute(db.of());
  const transaction = () => db.quiet('test', async (tx) => void (await sql`select 1`.execute(tx.of())));
  await Promise.all([query(), transaction()]);

  proxy.freeze();
  const startedAt = performance.now();
  const outcomes = await Promise.allSettled([query(), transaction()]);
  const waitedMs = performance.now() - startedAt;
  proxy.mend();

  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.ok(waitedMs < 5_000, `it waited ${waitedMs} ms`);
  await eventually(async () => void (await query()));
  await eventually(transaction);
});

test('writes again at once when the database can, though a connection begun before that never can', async (t) => {
  const { db, url } = await open(t);
  const write = () => db.quiet('test', async (tx) => void (await sql`create table written (id int)`.execute(tx.of())));
  await setReadOnly(url, true);
  await eventually(() => assert.rejects(write, /read-only/));
  await setReadOnly(url, false);

  await write();
});

test('wakes listeners again after the way to the database was closed', async (t) => {
  const { db, proxy } = await open(t);
  let woken = 0;
  db.onAnnounced(() => {
    woken += 1;
  });
  await eventually(() => assert.ok(woken > 0, 'it wakes them once it listens'));

  proxy.cut();
  await delay(100);
  proxy.mend();

  const before = woken;
  await eventually(() => assert.ok(woken > before, 'it wakes them once it listens again'));
});

async function open(t: TestContext) {
  const url = await freshDatabase(await sharedPostgres());
  const proxy = await databaseProxy(t, url);
  const options = { url: new Secret(proxy.url, 'test database'), log: silentLog, now: () => Date.now() };
  const db = await openPostgres({ ...options, silenceMsMax: 1_000 });
  t.after(() => db.close());
  return { db, proxy, url };
}
