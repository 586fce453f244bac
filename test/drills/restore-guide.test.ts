import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { Client } from 'pg';
import { Secret } from '../../src/kernel/secret.ts';
import { testKeys } from '../support/backup-area.ts';
import { type DrillArea, drillArea } from '../support/drill-area.ts';
import { pastedFrom } from '../support/restore-guide.ts';
import { requireProgram } from '../support/servers/install.ts';
import { freshDatabase, startPostgres } from '../support/servers/postgres.ts';

/** Of every Linux there is. */
const COREUTILS = ['cat', 'cp', 'cut', 'grep', 'rm', 'sha256sum', 'sh'];
const POSTGRES = { packages: ['postgresql'], folders: ['/usr/lib/postgresql/*/bin'] };

test('RESTORE.md, followed to the letter with age, zstd, openssl and pg_restore, brings a PostgreSQL back [DRR-06/R] [BAK-15/R]', async (t) => {
  const server = await startPostgres(t);
  const url = await freshDatabase(server);
  await ask(url, `create table users as select i as id, 'user ' || i as name from generate_series(1, 5000) i`);
  await ask(url, `create table orders as select i as id, md5(i::text) as body from generate_series(1, 20000) i`);
  const before = await ask(url, CHECKSUM);
  const area = await drillArea(t, { source: { url: new Secret(url, '${DATABASE_URL}') } });
  await area.begin();
  const target = await freshDatabase(server);
  const programs = ['age', 'zstd', 'openssl', ['pg_restore', POSTGRES] as const];

  const output = await follow(t, area, { target, programs });

  assert.match(output, /Signature Verified Successfully/);
  assert.deepEqual(await ask(target, CHECKSUM), before);
});

test('RESTORE.md, followed to the letter with age, zstd, openssl and sqlite3, brings a SQLite back [DRR-06/R]', async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'shop.db');
  using db = new DatabaseSync(file);
  db.exec('pragma journal_mode = wal; create table orders (id integer primary key, body text)');
  db.exec(`with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)
    insert into orders select i, 'order ' || i from n`);
  const source = { engine: 'sqlite', url: new Secret(`sqlite:${file}`, 'its url') };
  const area = await drillArea(t, { source });
  await area.begin();
  const target = path.join(folder, 'restored.db');

  const output = await follow(t, area, { target, programs: ['age', 'zstd', 'openssl', 'sqlite3'] });

  assert.match(output, /Signature Verified Successfully/);
  using restored = new DatabaseSync(target, { readOnly: true });
  const sum = 'select count(*) as rows, sum(id) as ids, sum(length(body)) as chars from orders';
  assert.deepEqual(restored.prepare(sum).get(), db.prepare(sum).get());
});

test('RESTORE.md stops at a dump that somebody has exchanged, before anything is loaded', async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'shop.db');
  using db = new DatabaseSync(file);
  db.exec('create table orders (id integer primary key)');
  const area = await drillArea(t, { source: { engine: 'sqlite', url: new Secret(`sqlite:${file}`, 'its url') } });
  await area.begin();
  const dump = path.join(await onlyBackup(area), 'dump.zst.age');
  writeFileSync(dump, Buffer.concat([readFileSync(dump), Buffer.from('x')]));

  await assert.rejects(
    follow(t, area, { target: path.join(folder, 'out.db'), programs: ['age', 'zstd', 'openssl', 'sqlite3'] }),
    /dump.zst.age: FAILED/,
  );
});

const CHECKSUM = `
  select (select count(*) from users) as users, (select sum(hashtextextended(u::text, 1)) from users u) as users_sum,
    (select count(*) from orders) as orders, (select sum(hashtextextended(o::text, 1)) from orders o) as orders_sum`;

type Wanted =
  | string
  | readonly [name: string, where: { readonly packages: readonly string[]; readonly folders: readonly string[] }];

interface Drill {
  readonly target: string;
  readonly programs: readonly Wanted[];
}

/** In a shell that has these programs and nothing else: no Node, no Evenkeel, no variable. Gives what was printed. */
async function follow(t: TestContext, area: DrillArea, { target, programs }: Drill): Promise<string> {
  const folder = temporaryFolder(t);
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  for (const wanted of [...COREUTILS, ...programs]) {
    const [name, where] = typeof wanted === 'string' ? [wanted, { packages: [wanted] }] : wanted;
    symlinkSync(requireProgram({ name, ...where }), path.join(bin, name));
  }
  const key = path.join(folder, 'offline.agekey');
  writeFileSync(key, `${testKeys.offline.reveal()}\n`, { mode: 0o600 });
  const backup = await onlyBackup(area);
  const guide = readFileSync(path.join(backup, 'RESTORE.md'), 'utf8');
  const script = pastedFrom(guide, { KEY: key, TARGET: target, DUMP: path.join(folder, 'dump') });
  const { status, stdout, stderr } = spawnSync(path.join(bin, 'sh'), ['-eu', '-c', script], {
    cwd: backup,
    env: { PATH: bin },
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`It ended with ${status}:\n${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}

async function onlyBackup({ vault, folder, backups }: DrillArea): Promise<string> {
  const [source] = await backups.facts.sources();
  assert.equal(source?.lastFailure, null);
  const [manifest] = (await vault.list('')).filter((entry) => entry.path.endsWith('manifest.json'));
  return path.join(folder, path.dirname(manifest?.path ?? 'none'));
}

async function ask(url: string, query: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(query)).rows[0];
  } finally {
    await client.end();
  }
}

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-drill-'));
  chmodSync(folder, 0o755);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
