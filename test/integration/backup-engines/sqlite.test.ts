import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import type { EngineIo, RestoredDatabase, Source } from '../../../src/backups/engine.ts';
import { sqlite } from '../../../src/backups/engines/sqlite.ts';
import type { DumpFacts } from '../../../src/backups/format/backup-manifest.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import { accountOf } from '../../../src/platform/exec/program-user.ts';
import { backupEngineIo, programsOfOurs } from '../../support/backup-engine-io.ts';
import { eventually } from '../../support/eventually.ts';
import { rootTest } from '../../support/root.ts';
import { watchSyncs } from '../../support/synced-folders.ts';

test('a database in use is copied as it is at one instant, with what is only in its journal so far', async (t) => {
  const io = await backupEngineIo(t);
  const { source, live } = await database(
    t,
    `${filled('orders', 50_000)}; create view all_orders as select * from orders`,
  );
  live.exec('pragma wal_autocheckpoint = 0; insert into orders select 60000 + id, filler from orders limit 10');

  const dump = await sqlite.dump(source, io);
  live.exec('delete from orders where id < 1000');
  const bytes = await buffer(dump.stream);
  const facts = await dump.finished;
  await sqlite.readThrough(streamOf(bytes), io);
  const restored = await restoredFrom(bytes, facts, io);

  assert.deepEqual(facts.tables, [{ name: 'orders', rows: 50_010 }]);
  assert.deepEqual(await restored.tables(), facts.tables);
  assert.deepEqual(
    await restored.ask('select count(*) = 50010 and sum(length(filler)) = 5001000 from all_orders', 10_000),
    {
      outcome: 'true',
    },
  );
  assert.match(facts.server, /^SQLite 3\.\d+/);
  assert.equal(facts.database, 'shop.db');
  await restored.close();
});

test('addresses of every usual form mean the same file', async (t) => {
  const io = await backupEngineIo(t);
  const { file } = await database(t, filled('orders', 10));

  for (const address of [file, `sqlite:${file}`, `sqlite://${file}`, `file:${file}?mode=rwc`, `file://${file}`]) {
    const { facts } = await dumped({ service: 'db', url: new Secret(address) }, io);
    assert.deepEqual(facts.tables, [{ name: 'orders', rows: 10 }], address);
  }
});

test('a file that is missing, empty, no database, or not named whole is refused, and nothing is made in its place', async (t) => {
  const io = await backupEngineIo(t);
  const folder = await temporaryFolder(t);
  await writeFile(path.join(folder, 'empty.db'), '');
  await writeFile(path.join(folder, 'text.db'), 'this is no database at all'.repeat(100));
  const dump = (address: string) => sqlite.dump({ service: 'db', url: new Secret(address, '${SHOP_DB}') }, io);

  await assert.rejects(dump(path.join(folder, 'missing.db')), {
    code: 'BACKUP_DUMP_FAILED',
    message: /no such file or directory/,
  });
  await assert.rejects(dump(path.join(folder, 'empty.db')), {
    code: 'BACKUP_DUMP_FAILED',
    message: /the file is empty/,
  });
  await assert.rejects(dump(path.join(folder, 'text.db')), {
    code: 'BACKUP_DUMP_FAILED',
    message: /file is not a database/,
  });
  await assert.rejects(dump('./shop.db'), { code: 'BACKUP_SOURCE_UNUSABLE', message: /^\$\{SHOP_DB\} cannot be used/ });
  assert.deepEqual((await readdir(folder)).toSorted(), ['empty.db', 'text.db']);
});

test('a reader that gives up, or a dump that is called off, fails the dump', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(t, filled('orders', 50_000));

  const first = await sqlite.dump(source, io);
  first.stream.destroy();
  await assert.rejects(first.finished, { code: 'BACKUP_DUMP_FAILED' });

  const second = await sqlite.dump(source, io);
  io.abort();
  await assert.rejects(second.finished, /given up by the test/);
});

test('a dump that was cut, is damaged or is none is found by reading it through, and by restoring it', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(t, filled('orders', 20_000));
  const { bytes, facts } = await dumped(source, io);
  const [header, page] = [Buffer.from(bytes), Buffer.from(bytes)];
  header[3] = 0;
  page.fill(0xff, 4096 * 10, 4096 * 10 + 100);

  const spoilt = [
    bytes.subarray(0, bytes.length >> 1),
    bytes.subarray(0, -4096),
    header,
    page,
    Buffer.alloc(0),
    Buffer.from('x'),
  ];
  for (const spoiltBytes of spoilt) {
    await assert.rejects(sqlite.readThrough(streamOf(spoiltBytes), io), { code: 'BACKUP_DUMP_UNREADABLE' });
    await assert.rejects(restoredFrom(spoiltBytes, facts, io), { code: 'BACKUP_DUMP_UNREADABLE' });
  }
});

test('a stream that breaks is what a restore fails with', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(t, filled('orders', 10));
  const { bytes, facts } = await dumped(source, io);
  const breaking = Readable.from(
    (async function* () {
      yield bytes;
      throw new Error('the seal is broken');
    })(),
  );

  await assert.rejects(sqlite.restore(breaking, { kind: 'scratch' }, facts, io), /the seal is broken/);
});

test('questions may only read, and answer with yes or with what they said instead', async (t) => {
  const io = await backupEngineIo(t);
  const { source, file } = await database(t, filled('orders', 10));
  const { bytes, facts } = await dumped(source, io);
  const restored = await restoredFrom(bytes, facts, io);

  for (const query of [
    'select count(*) > 0 from orders',
    'select 1;',
    'select count(*) = 0 from pragma_foreign_key_check',
  ]) {
    assert.deepEqual(await restored.ask(query, 20_000), { outcome: 'true' }, query);
  }
  const other = path.join(path.dirname(file), 'other.db');
  const others = {
    'select count(*) > 10 from orders': '0',
    "select 'yes'": '"yes"',
    'select null': 'null',
    "select x'00ff'": '2 bytes',
    'select 9223372036854775807': '9223372036854775807',
    'select 1, 1': 'more than one column',
    'select 1 where 0': 'no row',
    'select 1 from orders': 'more than one row',
    'select 1 from nowhere': 'no such table: nowhere',
    'delete from orders': 'not a query',
    'delete from orders returning 1': 'attempt to write a readonly database',
    [`attach '${other}' as other`]: 'not authorized',
    [`vacuum into '${other}'`]: 'not a query',
    'pragma query_only = off': 'not authorized',
    "select load_extension('/tmp/evil')": 'not authorized',
  };
  for (const [query, detail] of Object.entries(others)) {
    assert.deepEqual(await restored.ask(query, 20_000), { outcome: 'false', detail }, query);
  }
  const endless = 'with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n';
  assert.deepEqual(await restored.ask(endless, 1_000), { outcome: 'false', detail: 'no answer within 1s' });
  const long = await restored.ask("select printf('%.*c', 1000000, 'x')", 20_000);
  assert.ok(long.outcome === 'false' && long.detail.length === 200);
  assert.deepEqual(
    (await readdir(path.dirname(file))).filter((name) => name.startsWith('other')),
    [],
  );
  await restored.close();
});

rootTest('a restored file is looked into by another user where that user can reach our program', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(t, filled('orders', 10));
  const { bytes, facts } = await dumped(source, io);
  const restored = await restoredFrom(bytes, facts, io);

  const asking = restored.ask(
    'with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n',
    3_000,
  );
  await eventually(async () => {
    const inspector = programsOfOurs().find(({ argv }) => argv.includes('inspector'));
    assert.equal((await stat(`/proc/${inspector?.pid}`)).uid, accountOf('nobody')?.uid);
  });
  await asking;

  await restored.close();
});

test('a virtual table is asked, and not counted: what it holds is in tables of its own', async (t) => {
  const io = await backupEngineIo(t);
  const { source, live } = await database(t, 'create virtual table words using fts5(word)');
  live.exec("insert into words values ('planted')");
  const { bytes, facts } = await dumped(source, io);
  const restored = await restoredFrom(bytes, facts, io);

  assert.deepEqual(await restored.ask("select count(*) = 1 from words where words match 'planted'", 20_000), {
    outcome: 'true',
  });
  assert.ok(
    facts.tables.every(({ name }) => name !== 'words'),
    'a virtual table has no rows of its own',
  );
  assert.deepEqual(await restored.tables(), facts.tables);
  await restored.close();
});

test('everything else goes on while a large file is copied, checked and counted', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(t, filled('orders', 1_000_000));
  let longestMs = 0;
  let lastAt = performance.now();
  const timer = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - lastAt);
    lastAt = performance.now();
  }, 5);
  t.after(() => clearInterval(timer));

  const startedAt = performance.now();
  const dump = await sqlite.dump(source, io);
  const restored = await sqlite.restore(dump.stream, { kind: 'scratch' }, FACTS, io);
  const [tables, facts] = await Promise.all([restored.tables(), dump.finished]);
  const tookMs = performance.now() - startedAt;

  assert.deepEqual(tables, facts.tables);
  assert.ok(longestMs < Math.max(250, tookMs / 4), `nothing else ran for ${longestMs} of ${tookMs} ms`);
  await restored.close();
});

test('a restore beside the source is a new file of the same kind, which appears only when it is sound', async (t) => {
  const io = await backupEngineIo(t);
  const { source, file } = await database(t, filled('orders', 10));
  await chmod(file, 0o640);
  const { bytes, facts } = await dumped(source, io);
  const into = { kind: 'beside', source, name: 'yesterday' } as const;
  const folder = path.dirname(file);
  const before = await readdir(folder);

  await assert.rejects(sqlite.restore(streamOf(bytes.subarray(0, -4096)), into, facts, io), {
    code: 'BACKUP_DUMP_UNREADABLE',
  });
  assert.deepEqual(await readdir(folder), before);

  const synced = await watchSyncs(t);
  const restored = await sqlite.restore(streamOf(bytes), into, facts, io);
  await restored.close();
  assert.deepEqual(synced, [folder], 'its name outlives a power cut');
  assert.equal(restored.where, path.join(folder, 'yesterday.db'));
  assert.equal((await stat(restored.where)).mode & 0o777, 0o640);
  assert.deepEqual(await restored.tables(), facts.tables);
  assert.deepEqual((await readdir(folder)).toSorted(), [...before, 'yesterday.db'].toSorted());

  await assert.rejects(sqlite.restore(streamOf(bytes), into, facts, io), { code: 'BACKUP_TARGET_EXISTS' });
  for (const name of ['../escape', 'a/b', '.hidden', '']) {
    await assert.rejects(sqlite.restore(streamOf(bytes), { ...into, name }, facts, io), {
      code: 'BACKUP_TARGET_NAME_INVALID',
    });
  }
});

test('a restore to a path makes that file and overwrites none', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(t, filled('orders', 10));
  const { bytes, facts } = await dumped(source, io);
  const target = path.join(await temporaryFolder(t), 'fresh.sqlite');
  const into = { kind: 'at', url: new Secret(`sqlite:${target}`) } as const;

  await sqlite.restore(streamOf(bytes), into, facts, io);
  assert.ok((await readFile(target)).equals(bytes));
  await assert.rejects(sqlite.restore(streamOf(bytes), into, facts, io), { code: 'BACKUP_TARGET_EXISTS' });

  const nowhere = { kind: 'at', url: new Secret('/nowhere/at/all.db') } as const;
  await assert.rejects(sqlite.restore(streamOf(bytes), nowhere, facts, io), {
    code: 'BACKUP_RESTORE_FAILED',
    message: /ENOENT/,
  });
});

test('a journal that another database has left at that path would be played into ours, so that nothing is put beside it', async (t) => {
  const io = await backupEngineIo(t);
  const { source, file } = await database(t, filled('orders', 10));
  const { bytes, facts } = await dumped(source, io);
  const folder = await temporaryFolder(t);

  for (const left of ['shop.db-wal', 'shop.db-journal']) {
    await writeFile(path.join(folder, left), 'of the database that was lost');
    const into = { kind: 'at', url: new Secret(path.join(folder, 'shop.db')) } as const;
    await assert.rejects(sqlite.restore(streamOf(bytes), into, facts, io), {
      code: 'BACKUP_TARGET_EXISTS',
      message: `There is a ${left} at ${folder} already.`,
    });
    await rm(path.join(folder, left));
  }
  await writeFile(path.join(path.dirname(file), 'yesterday.db-wal'), '');
  const beside = { kind: 'beside', source, name: 'yesterday' } as const;
  await assert.rejects(sqlite.restore(streamOf(bytes), beside, facts, io), { code: 'BACKUP_TARGET_EXISTS' });
});

rootTest('a scratch disk that is full is said, and nothing is left on it', async (t) => {
  const mount = await temporaryFolder(t);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mount]);
  const [io, elsewhere] = [await backupEngineIo(t, mount), await backupEngineIo(t)];
  t.after(async () => void execFileSync('umount', [mount]));
  const { source } = await database(t, filled('orders', 20_000));
  const { bytes, facts } = await dumped(source, elsewhere);

  await assert.rejects(restoredFrom(bytes, facts, io), { code: 'BACKUP_SCRATCH_FAILED', message: /ENOSPC/ });
  await assert.rejects(sqlite.dump(source, io), { code: 'BACKUP_DUMP_FAILED', message: /full/ });
});

/** The engine needs none of them to restore. */
const FACTS: DumpFacts = { server: '', tool: '', command: [], database: '', tables: [], extensions: [] };

interface TestDatabase {
  readonly file: string;
  readonly source: Source;
  /** As the application has it open. */
  readonly live: DatabaseSync;
}

async function database(t: TestContext, sql: string): Promise<TestDatabase> {
  const file = path.join(await temporaryFolder(t), 'shop.db');
  const live = new DatabaseSync(file);
  t.after(() => live.close());
  live.exec(`pragma journal_mode = wal; pragma synchronous = off; ${sql}`);
  return { file, live, source: { service: 'db', url: new Secret(file, '${SHOP_DB}') } };
}

function filled(table: string, rows: number): string {
  return `
    create table ${table} (id integer primary key, filler text);
    with recursive n(i) as (select 1 union all select i + 1 from n limit ${rows})
    insert into ${table} select i, printf('%.100d', i) from n`;
}

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'evenkeel-sqlite-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }).catch(() => undefined));
  return folder;
}

async function dumped(source: Source, io: EngineIo): Promise<{ readonly bytes: Buffer; readonly facts: DumpFacts }> {
  const dump = await sqlite.dump(source, io);
  const bytes = await buffer(dump.stream);
  return { bytes, facts: await dump.finished };
}

function restoredFrom(bytes: Buffer, facts: DumpFacts, io: EngineIo): Promise<RestoredDatabase> {
  return sqlite.restore(streamOf(bytes), { kind: 'scratch' }, facts, io);
}

function streamOf(bytes: Buffer): Readable {
  return Readable.from([bytes]);
}
