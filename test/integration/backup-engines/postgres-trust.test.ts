import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { Client } from 'pg';
import { backupEngineIo } from '../../support/backup-engine-io.ts';
import { database, dumped, filled, PASSWORD, restoredFrom } from '../../support/postgres-backups.ts';
import { startPostgres } from '../../support/servers/postgres.ts';

/** One for the file, on which everybody needs the password. */
const server = startPostgres({ after }, { password: PASSWORD });

const ATTACK = `
  create table outcomes (attempt text, outcome text);
  create function attack(attempt text) returns boolean language plpgsql as $$
  begin
    if current_database() <> 'restored' then return true; end if;
    begin
      execute attempt;
      insert into public.outcomes values (attempt, 'done');
    exception when others then
      insert into public.outcomes values (attempt, 'refused');
    end;
    return true;
  end $$;
  create table attempts (attempt text check (attack(attempt)));
  create function at_every_change() returns event_trigger language plpgsql as
    $$ begin raise exception 'an event trigger ran'; end $$;
  create event trigger at_every_change on ddl_command_end execute function at_every_change();
  alter event trigger at_every_change disable`;

test('code in a dump cannot leave its database: nothing of it runs as a superuser', async (t) => {
  const io = await backupEngineIo(t);
  const { source, query } = await database(t, await server, `create extension dblink; ${ATTACK}`);
  const pwned = path.join(tmpdir(), `evenkeel-pwned-${process.pid}`);
  const attempts = [
    `copy (select 1) to program 'touch ${pwned}'`,
    `copy (select 1) to '${pwned}'`,
    `select lo_export(lo_from_bytea(0, 'x'), '${pwned}')`,
    "select pg_read_file('/etc/passwd')",
    'alter role evenkeel_loader superuser',
    'set role evenkeel_scratch',
    'set session authorization evenkeel_scratch',
    'create role other superuser',
    "create function evil(text) returns int language internal as 'byteain'",
    'create language plperlu',
    "alter system set archive_command = 'true'",
    "select dblink_connect(format('host=%s user=evenkeel_scratch dbname=postgres', current_setting('unix_socket_directories')))",
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'evenkeel_scratch' or 1 / (1 - 1) = 1",
  ];
  for (const attempt of attempts) await query('insert into attempts values ($1)', [attempt]);
  await query('alter event trigger at_every_change enable');

  const { bytes, facts } = await dumped(source, io);
  await query('drop event trigger at_every_change');
  const restored = await restoredFrom(bytes, facts, io);

  const all = `select count(*) filter (where outcome = 'refused') = ${attempts.length} from outcomes`;
  assert.deepEqual(await restored.ask(all, 5_000), { outcome: 'true' });
  assert.deepEqual(await restored.ask('select not rolsuper from pg_roles where rolname = current_user', 5_000), {
    outcome: 'true',
  });
  assert.ok(!existsSync(pwned));

  const files = await readdir(io.scratch, { recursive: true });
  const host = path.join(io.scratch, path.dirname(files.find((file) => file.endsWith('/.s.PGSQL.5432')) ?? ''));
  for (const [user, name] of [
    ['evenkeel_scratch', 'postgres'],
    ['evenkeel_loader', 'postgres'],
  ]) {
    const intruder = new Client({ host, user, database: name, password: 'guessed' });
    await assert.rejects(intruder.connect(), /password authentication failed|no pg_hba.conf entry/);
  }
  await restored.close();
});

test('what only a superuser could load fails the restore', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(
    t,
    await server,
    "create function same(text, text) returns bool language internal as 'texteq'",
  );
  const { bytes, facts } = await dumped(source, io);

  await assert.rejects(restoredFrom(bytes, facts, io), {
    code: 'BACKUP_RESTORE_FAILED',
    message: /permission denied for language internal/,
  });
});

test('extensions, policies, publications and large objects do not keep a backup from being proven', async (t) => {
  const io = await backupEngineIo(t);
  const { source, query } = await database(
    t,
    await server,
    `
    create schema ext; create extension citext schema ext; create extension pgstattuple schema ext;
    create extension pgcrypto; create extension postgres_fdw;
    create server other foreign data wrapper postgres_fdw options (host 'other.example');
    create foreign table elsewhere (id int) server other;
    create table orders (id int, note ext.citext);
    insert into orders select i, 'x' from generate_series(1, 10) i;
    select lo_from_bytea(0, 'large');
    create publication everything for all tables; comment on extension citext is 'text'; comment on table orders is 'o';
    drop role if exists tenant; create role tenant; grant select on orders to tenant;
    create policy own on orders to tenant using (id < 3);
    alter table orders enable row level security; alter table orders force row level security`,
  );
  const { bytes, facts } = await dumped(source, io);
  const restored = await restoredFrom(bytes, facts, io);

  assert.deepEqual(facts.extensions, ['ext.citext', 'ext.pgstattuple', 'pgcrypto', 'postgres_fdw']);
  assert.deepEqual(await restored.tables(), [{ name: 'public.orders', rows: 10 }]);
  assert.deepEqual(await restored.ask('select count(*) = 10 from orders', 5_000), { outcome: 'true' });
  await restored.close();
  await query('drop owned by tenant; drop role tenant');
});

test('an extension that is not installed, or that we would have to trust blindly, is named', async (t) => {
  const io = await backupEngineIo(t);
  const { source } = await database(t, await server, filled('orders', 10));
  const { bytes, facts } = await dumped(source, io);

  await assert.rejects(restoredFrom(bytes, { ...facts, extensions: ['timetravel'] }, io), {
    code: 'BACKUP_EXTENSION_MISSING',
    message: /timetravel, which is not installed/,
  });
  await assert.rejects(restoredFrom(bytes, { ...facts, extensions: ['file_fdw'] }, io), {
    code: 'BACKUP_EXTENSION_MISSING',
    message: /file_fdw, which only a superuser/,
  });
});
