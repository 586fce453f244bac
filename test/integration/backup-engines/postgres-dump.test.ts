import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import type { Source } from '../../../src/backups/engine.ts';
import { postgres } from '../../../src/backups/engines/postgres.ts';
import { codeOf, EvenkeelError } from '../../../src/kernel/errors.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import { backupEngineIo, programsOfOurs } from '../../support/backup-engine-io.ts';
import { eventually } from '../../support/eventually.ts';
import { database, dumped, filled, PASSWORD, restoredFrom } from '../../support/postgres-backups.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { startPostgres } from '../../support/servers/postgres.ts';

/** One for the file, on which everybody needs the password. */
const server = startPostgres({ after }, { password: PASSWORD });

test('rows are counted at the very instant that is dumped, whatever is written meanwhile', async (t) => {
  const io = await backupEngineIo(t);
  const { source, query } = await database(t, await server, filled('orders', 200_000));

  const dump = await postgres.dump(source, io);
  await query('insert into orders select i from generate_series(1, 50) i; delete from orders where id > 199000');
  const bytes = await buffer(dump.stream);
  const facts = await dump.finished;
  const restored = await restoredFrom(bytes, facts, io);

  assert.deepEqual(facts.tables, [{ name: 'public.orders', rows: 200_000 }]);
  assert.deepEqual(await restored.tables(), facts.tables);
  await restored.close();
});

test('the password is in no argument and in no environment, and its file is gone afterwards', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(t, await server, filled('orders', 200_000));

  const dump = await postgres.dump(source, io);
  const running = programsOfOurs();
  assert.equal(running.length, 1);
  for (const { argv, environment } of running) {
    assert.ok(argv.includes('pg_dump'));
    for (const text of [argv, environment]) {
      assert.ok(!text.includes(PASSWORD) && !text.includes(encodeURIComponent(PASSWORD)), text);
    }
  }
  dump.stream.resume();
  const facts = await dump.finished;

  assert.ok(!JSON.stringify(facts).includes('cret'));
});

test('a pg_dump that is killed half-way fails the dump, though its output ends as if nothing were wrong', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(t, await server, filled('orders', 200_000));

  const dump = await postgres.dump(source, io);
  const [pgDump] = programsOfOurs();
  process.kill(pgDump?.pid ?? 0, 'SIGKILL');
  const bytes = await buffer(dump.stream);

  assert.ok(bytes.length < 20_000_000);
  await assert.rejects(dump.finished, {
    code: 'BACKUP_DUMP_FAILED',
    message: /^db could not be read out: SIGKILL ended it/,
  });
});

test('a server that goes away half-way fails the dump', async (t) => {
  const io = await backupEngineIo(t);
  const own = await startPostgres(t, { password: PASSWORD });
  const { source } = await database(t, own, filled('orders', 200_000));

  const dump = await postgres.dump(source, io);
  await own.stop();
  dump.stream.resume();

  await assert.rejects(dump.finished, { code: 'BACKUP_DUMP_FAILED' });
});

test('a reader that gives up ends pg_dump and the dump', async (t) => {
  const io = await backupEngineIo(t);
  const { source, query } = await database(t, await server, filled('orders', 200_000));

  const dump = await postgres.dump(source, io);
  dump.stream.destroy();

  await assert.rejects(dump.finished, { code: 'BACKUP_DUMP_FAILED' });
  await eventually(async () => {
    const [{ count } = { count: -1 }] = await query(
      "select count(*)::int from pg_stat_activity where application_name = 'evenkeel' and datname = current_database()",
    );
    assert.equal(count, 0);
  });
});

test('a dump that is called off ends with the reason it was called off for', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(t, await server, filled('orders', 200_000));

  const dump = await postgres.dump(source, io);
  io.abort();

  await assert.rejects(dump.finished, /given up by the test/);
});

test('what keeps us from reading the source is said in plain words, and without the password', async (t) => {
  const io = await backupEngineIo(t);
  const { url } = await server;
  const attempts = [
    [url.replace(encodeURIComponent(PASSWORD), 'wr0ng'), /password authentication failed/],
    [
      url.replace(/\/postgres$/, '/nowhere'),
      /127\.0\.0\.1:\d+\/nowhere cannot be used: there is no database nowhere\./,
    ],
    [url.replace(`:${encodeURIComponent(PASSWORD)}`, ''), /it asks for a password, and none is set\./],
    ['postgres://app@127.0.0.1:1/shop', /ECONNREFUSED/],
    [`${url}?sslmode=require`, /does not support SSL/],
    [`${url}?sslmode=sometimes`, /no sslmode "sometimes"/],
    ['shop.db', /not an address/],
  ] as const;

  for (const [address, cause] of attempts) {
    const source = { service: 'db', url: new Secret(address, '${DATABASE_URL}') };
    await assert.rejects(postgres.dump(source, io), (error: unknown) => {
      assert.equal(codeOf(error), 'BACKUP_SOURCE_UNUSABLE');
      assert.match(String(error), cause);
      assert.doesNotMatch(String(error), /wr0ng|cret/);
      return true;
    });
  }
});

test('a role that may not read everything gets no dump that looks whole', async (t) => {
  const io = await backupEngineIo(t);
  const { source, query } = await database(t, await server, `${filled('orders', 10)}; ${filled('secrets', 10)}`);
  await query(`
    drop role if exists reader; create role reader login password 'reader';
    grant usage on schema public to reader; grant select on orders to reader`);
  const asReader = { ...source, url: as(source, 'reader', 'reader') };
  await assert.rejects(dumped(asReader, io), {
    code: 'BACKUP_DUMP_FAILED',
    message: /permission denied for table secrets/,
  });

  await query(`
    grant select on secrets to reader; alter table secrets enable row level security;
    create policy own on secrets to reader using (id < 5)`);
  await assert.rejects(dumped(asReader, io), { code: 'BACKUP_DUMP_FAILED', message: /row-level security/ });
  await query('drop owned by reader; drop role reader');
});

test('a program that is missing or too old is named, with the command that installs it', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(t, await server, filled('orders', 10));
  const folder = await mkdtemp(path.join(tmpdir(), 'evenkeel-old-'));
  t.after(() => rm(folder, { recursive: true }));
  const old = path.join(folder, 'pg_dump');
  await writeFile(old, '#!/bin/sh\necho "pg_dump (PostgreSQL) 9.6.24"\n', { mode: 0o755 });

  const without = { ...io, exec: { ...io.exec, find: async () => undefined } };
  await assert.rejects(postgres.dump(source, without), (error: unknown) => {
    assert.ok(error instanceof EvenkeelError);
    assert.equal(error.code, 'BACKUP_PROGRAM_MISSING');
    assert.match(error.hint, /apt-get install postgresql-client-\d+/);
    return true;
  });
  const outdated = { ...io, exec: { ...io.exec, find: async () => old } };
  await assert.rejects(postgres.dump(source, outdated), {
    code: 'BACKUP_PROGRAM_TOO_OLD',
    message: /pg_dump 9\.6\.24 is older than the PostgreSQL \d+/,
  });
});

test('TLS is used as the address asks for it, by us and by pg_dump', async (t) => {
  const io = await backupEngineIo(t);
  const [own, foreign] = [selfSigned(t), selfSigned(t)];
  const secured = await startPostgres(t, { password: PASSWORD, tls: own.files });
  const { source } = await database(t, secured, filled('orders', 10));
  const asking = (parameters: string): Source => ({
    ...source,
    url: new Secret(`${source.url.reveal()}?${parameters}`),
  });

  for (const parameters of ['sslmode=require', `sslmode=verify-full&sslrootcert=${own.files.certificate}`]) {
    assert.equal((await dumped(asking(parameters), io)).facts.tables.length, 1);
  }
  for (const parameters of ['sslmode=verify-full', `sslmode=verify-ca&sslrootcert=${foreign.files.certificate}`]) {
    await assert.rejects(postgres.dump(asking(parameters), io), { code: 'BACKUP_SOURCE_UNUSABLE' });
  }
});

function as({ url }: Source, user: string, password: string): Secret {
  const address = new URL(url.reveal());
  Object.assign(address, { username: user, password });
  return new Secret(address.href, '${DATABASE_URL}');
}
