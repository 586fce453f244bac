import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import type { RestoreTarget, Source } from '../../../src/backups/engine.ts';
import { postgres } from '../../../src/backups/engines/postgres.ts';
import { postgresAddressOf } from '../../../src/backups/postgres/address.ts';
import { connect } from '../../../src/backups/postgres/connection.ts';
import { codeOf, EvenkeelError } from '../../../src/kernel/errors.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import { createExec } from '../../../src/platform/exec/exec.ts';
import { backupEngineIo, programsIn, programsOfOurs } from '../../support/backup-engine-io.ts';
import { eventually } from '../../support/eventually.ts';
import { database, dumped, filled, PASSWORD, restoredFrom, streamOf } from '../../support/postgres-backups.ts';
import { rootTest } from '../../support/root.ts';
import { startPostgres } from '../../support/servers/postgres.ts';

/** One for the file, on which everybody needs the password. */
const server = startPostgres({ after }, { password: PASSWORD });

const LARGE = `
  create table branches (bid int primary key, bbalance int, filler char(88));
  create table accounts (aid int primary key, bid int references branches, abalance int, filler char(84));
  create table history (tid int, aid int, delta int, mtime timestamptz);
  create view rich as select * from accounts where abalance > 900;
  insert into branches select i, 0, '' from generate_series(1, 8) i;
  insert into accounts select i, i % 8 + 1, i * 7 % 1000, '' from generate_series(1, 800000) i;
  insert into history select i % 80, i, i % 13, '2026-11-21' from generate_series(1, 5000) i`;
const CHECKSUM = "select md5(string_agg(md5(a::text), '' order by aid)) from accounts a";

test('more than 100 MB are dumped and restored: all rows are counted, and all are the same', async (t) => {
  const io = await backupEngineIo(t);
  const { source, query } = await database(t, await server, LARGE);
  const [{ bytes } = { bytes: 0 }] = await query('select pg_database_size(current_database())::int as bytes');
  assert.ok(bytes > 100_000_000, `only ${bytes} bytes`);

  const { bytes: dump, facts } = await dumped(source, io);
  await postgres.readThrough(streamOf(dump), io);
  const restored = await restoredFrom(dump, facts, io);

  const tables = [
    { name: 'public.accounts', rows: 800_000 },
    { name: 'public.branches', rows: 8 },
    { name: 'public.history', rows: 5_000 },
  ];
  assert.deepEqual(facts.tables, tables);
  assert.deepEqual(await restored.tables(), tables);
  const [{ md5 } = { md5: '' }] = await query(CHECKSUM);
  assert.deepEqual(await restored.ask(`select (${CHECKSUM}) = '${md5}'`, 30_000), { outcome: 'true' });
  assert.match(facts.server, /^PostgreSQL \d+\.\d+$/);
  assert.match(facts.tool, /^pg_dump \d+\.\d+$/);
  assert.match(restored.where, /^a scratch database of PostgreSQL \d+/);
  await restored.close();
});

test('a dump that was cut or is none is found by reading it through, and by restoring it', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(t, await server, filled('orders', 20_000));
  const { bytes, facts } = await dumped(source, io);
  const flipped = Buffer.from(bytes);
  flipped[2] = 0;

  const spoilt = [
    bytes.subarray(0, bytes.length >> 1),
    bytes.subarray(0, -1),
    bytes.subarray(0, 100),
    flipped,
    Buffer.alloc(0),
  ];
  for (const spoiltBytes of spoilt) {
    await assert.rejects(postgres.readThrough(streamOf(spoiltBytes), io), { code: 'BACKUP_DUMP_UNREADABLE' });
    await assert.rejects(restoredFrom(spoiltBytes, facts, io), (error: unknown) => {
      assert.match(codeOf(error), /^BACKUP_(?:DUMP_UNREADABLE|RESTORE_FAILED)$/);
      return true;
    });
  }
});

test('a stream that breaks is what a restore fails with, and even a break after the last table counts', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(t, await server, filled('orders', 20_000));
  const { bytes, facts } = await dumped(source, io);
  const breaking = (length: number) =>
    Readable.from(
      (async function* () {
        yield bytes.subarray(0, length);
        await new Promise((resolve) => setTimeout(resolve, 500));
        yield Buffer.from('what comes after the last table');
        throw new Error('the seal is broken');
      })(),
    );

  for (const length of [100, bytes.length >> 1, bytes.length]) {
    await assert.rejects(postgres.readThrough(breaking(length), io), /the seal is broken/);
    await assert.rejects(postgres.restore(breaking(length), { kind: 'scratch' }, facts, io), /the seal is broken/);
  }
});

test('questions may only read, one at a time, and answer with yes or with what they said instead', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(t, await server, filled('orders', 10));
  const { bytes, facts } = await dumped(source, io);
  const restored = await restoredFrom(bytes, facts, io);

  for (const query of [
    'select count(*) > 0 from orders',
    'select true;',
    'with few as (table orders) select count(*) = 10 from few -- all',
  ]) {
    assert.deepEqual(await restored.ask(query, 5_000), { outcome: 'true' }, query);
  }
  const others = {
    'select count(*) > 10 from orders': 'false',
    'select 1': '1',
    'select null': 'null',
    'select true, true': 'more than one column',
    'select true where false': 'no row',
    'select true from orders': 'more than one row',
    'select true from nowhere': 'relation "nowhere" does not exist',
    'select pg_sleep(60) is not null': 'no answer within 200ms',
    'delete from orders': 'syntax error at or near "from"',
    'select true; delete from orders': 'syntax error at or near ";"',
    'select true from orders where id = 1 for update': 'cannot execute SELECT FOR UPDATE in a read-only transaction',
  };
  for (const [query, detail] of Object.entries(others)) {
    assert.deepEqual(await restored.ask(query, 200), { outcome: 'false', detail }, query);
  }
  const long = await restored.ask("select repeat('x', 100000000)", 30_000);
  assert.ok(long.outcome === 'false' && long.detail.length === 200);
  await restored.close();
});

test('a scratch server goes away with the restore that is called off', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(t, await server, filled('orders', 200_000));
  const { bytes, facts } = await dumped(source, io);

  const restoring = restoredFrom(bytes, facts, io);
  await eventually(() => assert.ok(programsOfOurs().some(({ argv }) => argv.includes('postgres -D'))));
  io.abort();

  await assert.rejects(restoring, /given up by the test/);
});

/** What a killed process cannot do by itself any more. */
const VICTIM = `
  const [root, scratch, dump, facts] = process.argv.slice(1);
  const load = (file) => import(root + '/src/' + file);
  const [{ createExec }, { systemClock }, { createSystemIds }, { postgres }, { createReadStream }] = await Promise.all([
    load('platform/exec/exec.ts'), load('platform/system-clock.ts'), load('platform/system-ids.ts'),
    load('backups/engines/postgres.ts'), import('node:fs'),
  ]);
  const signal = new AbortController().signal;
  const io = { exec: createExec({ scratch }), clock: systemClock, ids: createSystemIds(systemClock), signal };
  const restored = await postgres.restore(createReadStream(dump), { kind: 'scratch' }, JSON.parse(facts), io);
  console.log('restored');
  await restored.ask('select pg_sleep(600) is not null', 600000);
`;

test('when we are killed in the middle of a restore its server ends, and what it left on disk is swept', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(t, await server, filled('orders', 10));
  const { bytes, facts } = await dumped(source, io);
  const folder = await mkdtemp(path.join(tmpdir(), 'evenkeel-killed-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'dump');
  await writeFile(file, bytes);

  const root = path.resolve(import.meta.dirname, '../../..');
  const argv = ['--input-type=module', '-e', VICTIM, root, io.scratch, file, JSON.stringify(facts)];
  const victim = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(victim.stdout, 'data');
  const ended = once(victim, 'exit');
  victim.kill('SIGKILL');

  // Until somebody has heard of its death, a process counts as alive.
  await ended;
  await eventually(() => assert.deepEqual(programsIn(io.scratch), []));
  assert.equal(await createExec({ scratch: io.scratch }).sweep(), 1);
});

rootTest('a scratch disk that is full is said, and nothing is left on it', async (t) => {
  const mount = await mkdtemp(path.join(tmpdir(), 'evenkeel-full-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=72m', 'tmpfs', mount]);
  const io = await backupEngineIo(t, path.join(mount));
  t.after(async () => {
    execFileSync('umount', [mount]);
    await rm(mount, { recursive: true, force: true });
  });
  const elsewhere = await backupEngineIo(t);
  const { source } = await database(
    t,
    await server,
    "create table orders as select i as id, repeat('x', 500) as note from generate_series(1, 100000) i",
  );
  const { bytes, facts } = await dumped(source, elsewhere);

  await assert.rejects(restoredFrom(bytes, facts, io), {
    code: 'BACKUP_RESTORE_FAILED',
    message: /No space left on device/,
  });

  await writeFile(path.join(mount, 'filler'), Buffer.alloc(60_000_000));
  await assert.rejects(restoredFrom(bytes, facts, io), {
    code: 'BACKUP_SCRATCH_FAILED',
    message: /No space left on device/,
  });
  await rm(path.join(mount, 'filler'));
});

test('a restore beside the source makes a new database, and only if it succeeds', async (t) => {
  const io = await backupEngineIo(t);
  const { source, query } = await database(t, await server, filled('orders', 10));
  const { bytes, facts } = await dumped(source, io);
  const name = `yesterday_${process.pid}`;
  const into: RestoreTarget = { kind: 'beside', source, name };

  await assert.rejects(postgres.restore(streamOf(bytes.subarray(0, -500)), into, facts, io), {
    code: 'BACKUP_RESTORE_FAILED',
  });
  const restored = await postgres.restore(streamOf(bytes), into, facts, io);
  await restored.close();

  assert.deepEqual(await restored.tables(), facts.tables);
  assert.match(restored.where, new RegExp(`^127\\.0\\.0\\.1:\\d+/${name}$`));
  const settings = 'select datcollate, datctype, encoding from pg_database where datname';
  assert.deepEqual(await query(`${settings} = '${name}'`), await query(`${settings} = current_database()`));
  await assert.rejects(postgres.restore(streamOf(bytes), into, facts, io), {
    code: 'BACKUP_TARGET_EXISTS',
    message: `There is a ${name} at 127.0.0.1:${(await server).port} already.`,
  });
  for (const bad of ['Shop', '1shop', 'a-b', 'a"b', '', 'a'.repeat(64)]) {
    await assert.rejects(postgres.restore(streamOf(bytes), { ...into, name: bad }, facts, io), {
      code: 'BACKUP_TARGET_NAME_INVALID',
    });
  }
});

test('a database beside the source has its name only once all is in it, and its name is not taken from another', async (t) => {
  const io = await backupEngineIo(t);
  const { source, query } = await database(t, await server, filled('orders', 20_000));
  const { bytes, facts } = await dumped(source, io);
  const name = `tomorrow_${process.pid}`;
  const isThere = async () => (await query('select 1 from pg_database where datname = $1', [name])).length === 1;
  const seen: boolean[] = [];
  const watched = (atHalf: () => Promise<unknown>) =>
    Readable.from(
      (async function* () {
        yield bytes.subarray(0, bytes.length >> 1);
        seen.push(await isThere());
        await atHalf();
        yield bytes.subarray(bytes.length >> 1);
      })(),
    );

  const into: RestoreTarget = { kind: 'beside', source, name };
  const quick = () => query(`create database ${name}`);
  await assert.rejects(postgres.restore(watched(quick), into, facts, io), { code: 'BACKUP_TARGET_EXISTS' });
  await query(`drop database ${name}`);
  const restored = await postgres.restore(watched(isThere), into, facts, io);
  await restored.close();

  assert.deepEqual([seen, await isThere()], [[false, false], true]);
  assert.deepEqual(await query("select datname from pg_database where datname like 'evenkeel_restoring_%'"), []);
  assert.deepEqual(await restored.tables(), facts.tables);
});

test('what a restore that died has left beside the source is told of, and not touched', async (t) => {
  const io = await backupEngineIo(t);
  const { source, query } = await database(t, await server, filled('orders', 10));
  const { bytes, facts } = await dumped(source, io);
  const [dead, alive] = ['evenkeel_restoring_0dead', 'evenkeel_restoring_0alive'];
  for (const name of [dead, alive, 'evenkeel_restoring']) await query(`create database ${name}`);
  const other = new URL(source.url.reveal());
  other.pathname = `/${alive}`;
  const working = await connect(postgresAddressOf(new Secret(other.href)), io.signal);

  const into: RestoreTarget = { kind: 'beside', source, name: `found_${process.pid}` };
  const restored = await postgres.restore(streamOf(bytes), into, facts, io);
  await restored.close();
  await working[Symbol.asyncDispose]();

  const where = `127.0.0.1:${(await server).port}`;
  assert.deepEqual(restored.notes, [
    `${where} has ${dead}, which a restore that died left half done and nobody uses. Remove it with \`drop database ${dead}\`.`,
  ]);
  assert.equal((await query('select 1 from pg_database where datname = $1', [dead])).length, 1);
  for (const name of [dead, alive, 'evenkeel_restoring']) await query(`drop database ${name} with (force)`);
});

test('a restore into a database that was named leaves it empty when it fails, and refuses one that is not', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(t, await server, filled('orders', 10));
  const { bytes, facts } = await dumped(source, io);
  const target = await database(t, await server, 'select 1');
  const into: RestoreTarget = { kind: 'at', url: target.source.url };

  await assert.rejects(postgres.restore(streamOf(bytes.subarray(0, -500)), into, facts, io), {
    code: 'BACKUP_RESTORE_FAILED',
  });
  const restored = await postgres.restore(streamOf(bytes), into, facts, io);
  assert.deepEqual(await restored.tables(), facts.tables);
  await assert.rejects(postgres.restore(streamOf(bytes), into, facts, io), {
    code: 'BACKUP_TARGET_NOT_EMPTY',
    message: /it has 1 tables/,
  });
});

test('what keeps us from a place to restore into is said in plain words, with what helps there', async (t) => {
  const io = await backupEngineIo(t);
  const { source, query } = await database(t, await server, filled('orders', 10));
  const { bytes, facts } = await dumped(source, io);
  const { url, port } = await server;
  const guest = `guest_${process.pid}`;
  await query(`create role "${guest}" login password 'guest'`);
  const at = (text: string): RestoreTarget => ({ kind: 'at', url: new Secret(text, '--to') });
  const byGuest = { ...source, url: new Secret(asGuest(source, guest), '${DATABASE_URL}') };
  const without = url.replace(`:${encodeURIComponent(PASSWORD)}`, '');

  const attempts = [
    [at(without), /postgres: it asks for a password, and none is set\./, /^Set PGPASSWORD, or PGPASSFILE to a file/],
    [
      at(url.replace(/\/postgres$/, '/dr1')),
      /\/dr1: there is no database dr1\./,
      new RegExp(`\`createdb -h 127\\.0\\.0\\.1 -p ${port} -U postgres dr1\``),
    ],
    [at('postgres://guest@127.0.0.1:1/dr1'), /ECONNREFUSED/, /Check the address behind `--to`/],
    [at('/data/shop.db'), /--to: it is not an address/, /Check the address behind `--to`/],
    [
      { kind: 'beside', source: byGuest, name: 'shop_yesterday' },
      new RegExp(`:${port}: the role ${guest} has no right to create a database there`),
      new RegExp(`\`alter role ${guest} createdb\``),
    ],
    [
      { kind: 'beside', source: { ...source, url: new Secret(without, 'url') }, name: 'shop_yesterday' },
      /it asks for a password, and none is set\./,
      /Check the `url` of the service/,
    ],
  ] as const;
  for (const [into, cause, hint] of attempts) {
    await assert.rejects(postgres.restore(streamOf(bytes), into, facts, io), (error: unknown) => {
      assert.ok(error instanceof EvenkeelError);
      assert.equal(error.code, 'BACKUP_TARGET_UNUSABLE');
      assert.match(error.message, cause);
      assert.match(error.hint, hint);
      assert.match(error.hint, /Then restore again\.$/);
      return true;
    });
  }
  await query(`drop role "${guest}"`);
});

function asGuest({ url }: Source, guest: string): string {
  const address = new URL(url.reveal());
  address.username = guest;
  address.password = 'guest';
  return address.href;
}

test('names that need quotes are dumped, counted and restored', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(
    t,
    await server,
    'create schema "a.b"; create table "a.b"."Order ""s""" as select 1 as "x y"',
  );
  const { bytes, facts } = await dumped(source, io);
  const restored = await restoredFrom(bytes, facts, io);

  assert.deepEqual(facts.tables, [{ name: 'a.b.Order "s"', rows: 1 }]);
  assert.deepEqual(await restored.tables(), facts.tables);
  await restored.close();
});
