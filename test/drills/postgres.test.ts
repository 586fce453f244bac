import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from 'pg';
import { Secret } from '../../src/kernel/secret.ts';
import { type DrillArea, drillArea } from '../support/drill-area.ts';
import { freshDatabase, startPostgres } from '../support/servers/postgres.ts';

const MEGABYTES = 100;

const SHOP = `
  create table users (id bigint primary key, name text not null, password_hash text not null, joined timestamptz not null);
  create table orders (id bigint primary key, user_id bigint not null references users, body jsonb not null, note text);
  create sequence invoice start 4711;
  create view big_orders as select * from orders where (body ->> 'total')::int > 500;
  insert into users
    select i, 'Ada ' || i || ' ünï', md5(i::text) || md5((i + 1)::text), timestamptz '2026-01-01 00:00Z' + i * interval '1 minute'
    from generate_series(1, 60000) i;
  insert into orders
    select i, 1 + i % 60000, jsonb_build_object('total', i % 1000, 'items', array[md5(i::text), md5((i * 7)::text), md5((i * 13)::text)]),
      case when i % 9 = 0 then null else repeat(md5((i * 31)::text), 4) end
    from generate_series(1, 420000) i;
  create index on orders (user_id);
  select nextval('invoice');`;

/** One number for all that a table holds, whatever order its rows are in. */
const CHECKSUMS = `
  select (select count(*) from users) as users, (select count(*) from orders) as orders,
    (select sum(hashtextextended(u::text, 1)) from users u) as users_sum,
    (select sum(hashtextextended(o::text, 1)) from orders o) as orders_sum,
    (select count(*) from big_orders) as big_orders, (select last_value from invoice) as invoice`;

test(`a PostgreSQL of more than ${MEGABYTES} MB is backed up, proven and restored beside itself, with not a row changed [DRR-06/R] [BAK-08/R] [BAK-15/R]`, async (t) => {
  const server = await startPostgres(t);
  const url = await freshDatabase(server);
  await ask(url, SHOP);
  const before = await ask(url, CHECKSUMS);
  const assertions = ['select count(*) > 0 from orders', 'select max(id) = 420000 from orders'];
  const area = await drillArea(t, { source: { url: new Secret(url, '${DATABASE_URL}'), assertions } });

  const { source, backup } = await firstBackup(area);
  // What happens after the backup is not in it.
  await ask(url, "delete from orders where id % 2 = 0; update users set name = 'nobody'");
  const run = await area.done({ kind: 'restore', backup: backup.id, name: 'shop_yesterday' });

  assert.deepEqual([source.lastFailure, source.level, source.lastProof?.rows], [null, 'restored', 480_000]);
  assert.ok(backup.plainBytes > MEGABYTES * 1_000_000, `the dump has ${backup.plainBytes} bytes only`);
  assert.deepEqual([run.error, run.findings.at(-1)], [null, '2 tables, 480,000 rows, all as they were.']);
  assert.deepEqual(await ask(beside(url, 'shop_yesterday'), CHECKSUMS), before);
  t.diagnostic(
    `${backup.plainBytes} bytes dumped, ${backup.bytes} stored in ${backup.tookMs} ms, proven in ${source.lastProof?.tookMs} ms`,
  );
});

async function firstBackup(area: DrillArea) {
  await area.begin();
  const [source] = await area.backups.facts.sources();
  const [backup] = await area.backups.list({ limit: 1 });
  if (source === undefined || backup === undefined) throw new Error(`No backup: ${source?.lastFailure?.reason}`);
  return { source, backup };
}

async function ask(url: string, query: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // Several statements have several results.
    const [last] = [await client.query(query)].flat().slice(-1);
    return last?.rows[0];
  } finally {
    await client.end();
  }
}

function beside(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}
