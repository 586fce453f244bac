import type { Readable } from 'node:stream';
import { MINUTE_MS } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';
import type { Secret } from '../../kernel/secret.ts';
import type { EngineIo, RestoredDatabase, RestoreTarget, Source } from '../engine.ts';
import { errors } from '../engine-errors.ts';
import type { DumpFacts } from '../format/backup-manifest.ts';
import { asNeighbour, asTarget } from '../unusable-place.ts';
import { type PostgresAddress, postgresAddressOf, printAddress, printServer } from './address.ts';
import { type Connection, connect, literal, quoted } from './connection.ts';
import { contentsOf, loadable } from './contents.ts';
import { load } from './load.ts';
import { majorIn, type PostgresProgram, postgresProgram } from './programs.ts';
import { restoredDatabase } from './restored-database.ts';
import { startScratchServer } from './scratch-server.ts';
import { stateOf } from './trouble.ts';

const CLEANING_MS_MAX = MINUTE_MS;

export async function restorePostgres(
  dump: Readable,
  into: RestoreTarget,
  facts: DumpFacts,
  io: EngineIo,
): Promise<RestoredDatabase> {
  try {
    const tool = await postgresProgram('pg_restore', { major: majorIn(facts.tool), purpose: 'a restore' }, io);
    if (into.kind === 'scratch') return await intoScratch(dump, tool, facts, io);
    if (into.kind === 'beside') return await beside(dump, tool, into, io);
    return await at(dump, tool, into.url, io);
  } catch (error) {
    dump.destroy();
    throw error;
  }
}

/** Loaded as another user of the machine, by a role that owns this one database and is nobody's superior. */
async function intoScratch(
  dump: Readable,
  tool: PostgresProgram,
  facts: DumpFacts,
  io: EngineIo,
): Promise<RestoredDatabase> {
  await using stack = new AsyncDisposableStack();
  const contents = await contentsOf(dump, { tool, user: 'nobody' }, io);
  const options = { major: majorIn(facts.server), extensions: facts.extensions };
  const { target, schemas, server } = stack.use(await startScratchServer(options, io));
  const where = `a scratch database of ${server}`;
  const list = loadable(contents.lines, schemas);
  await load(contents.dump, { tool, target, where, user: 'nobody', args: [], list }, io);
  const held = stack.move();
  return restoredDatabase({ target, where, close: () => held.disposeAsync() }, io);
}

interface Beside {
  readonly source: Source;
  readonly name: string;
}

/** On the same server roles are the same, so that what they may do is restored, too. */
async function beside(
  dump: Readable,
  tool: PostgresProgram,
  { source, name }: Beside,
  io: EngineIo,
): Promise<RestoredDatabase> {
  if (!/^[a-z][a-z\d_]{0,62}$/.test(name)) throw errors.BACKUP_TARGET_NAME_INVALID({ name });
  const original = postgresAddressOf(source.url, asNeighbour);
  const target = { ...original, database: name };
  const where = printAddress(target);
  // It has its name only once all is in it: even a SIGKILL leaves nothing that somebody takes for a restored database.
  const fresh = { ...original, database: io.ids.next('evenkeel_restoring') };
  await createBeside(original, { fresh: fresh.database, target }, io);
  try {
    // Two databases must not both receive what a publisher sends.
    await load(dump, { tool, target: fresh, where, user: 'us', args: ['--no-subscriptions'] }, io);
    await rename(original, { fresh: fresh.database, target }, io);
  } catch (error) {
    await drop(original, fresh.database, io);
    throw error;
  }
  return restoredDatabase({ target, where, close: async () => undefined }, io);
}

interface NewDatabase {
  /** Its name until all is in it. */
  readonly fresh: string;
  readonly target: PostgresAddress;
}

async function createBeside(original: PostgresAddress, { fresh, target }: NewDatabase, io: EngineIo): Promise<void> {
  await using connection = await connect(original, io.signal, asNeighbour);
  const [existing] = await connection.query(
    `select 1 from pg_catalog.pg_database where datname = ${literal(target.database)}`,
  );
  if (existing !== undefined) throw exists(target);
  const likeOriginal = await localeOf(connection);
  try {
    await connection.query(`create database ${quoted(fresh)} template template0 ${likeOriginal}`);
  } catch (error) {
    throw stateOf(error) === NOT_ALLOWED ? mayNotCreate(original, error) : failure(target, error);
  }
}

const NOT_ALLOWED = '42501';
const DUPLICATE = '42P04';

function mayNotCreate(original: PostgresAddress, error: unknown): Error {
  const { user } = original;
  const role = /^[a-z_][a-z\d_]*$/.test(user) ? user : quoted(user);
  const cause = `the role ${user} has no right to create a database there`;
  const remedy = `Give it that right, as an administrator of the server: \`alter role ${role} createdb\`.`;
  return errors.BACKUP_TARGET_UNUSABLE({ where: printServer(original), cause, remedy }, { cause: error });
}

function failure(target: PostgresAddress, error: unknown): Error {
  return errors.BACKUP_RESTORE_FAILED({ where: printAddress(target), cause: messageOf(error) }, { cause: error });
}

async function rename(original: PostgresAddress, { fresh, target }: NewDatabase, io: EngineIo): Promise<void> {
  await using connection = await connect(original, io.signal, asNeighbour);
  try {
    await connection.query(`alter database ${quoted(fresh)} rename to ${quoted(target.database)}`);
  } catch (error) {
    if (stateOf(error) === DUPLICATE) throw exists(target);
    throw failure(target, error);
  }
}

function exists(target: PostgresAddress): Error {
  return errors.BACKUP_TARGET_EXISTS({ name: target.database, where: printServer(target) });
}

/** Text sorts as it does in the original; what is there depends on the version. */
async function localeOf(connection: Connection): Promise<string> {
  const [row] = await connection.query(`
    select pg_catalog.pg_encoding_to_char(encoding) as encoding, datcollate, datctype,
      pg_catalog.to_jsonb(d) ->> 'datlocprovider' as provider,
      coalesce(pg_catalog.to_jsonb(d) ->> 'daticulocale', pg_catalog.to_jsonb(d) ->> 'datlocale') as locale
    from pg_catalog.pg_database d where datname = pg_catalog.current_database()`);
  const text = (column: string) => literal(String(row?.[column]));
  const common = `encoding ${text('encoding')} lc_collate ${text('datcollate')} lc_ctype ${text('datctype')}`;
  return row?.['provider'] === 'i' ? `${common} locale_provider icu icu_locale ${text('locale')}` : common;
}

/** Also when the restore was given up: then the signal of the restore would forbid it. */
async function drop(original: PostgresAddress, name: string, io: EngineIo): Promise<void> {
  await using connection = await connect(original, io.clock.timeout(CLEANING_MS_MAX));
  await connection.query(`drop database if exists ${quoted(name)} with (force)`);
}

const OBJECTS = `
  select count(*) as objects
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
    and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%'`;

/** In one transaction, so that nothing is left in somebody's database when it fails. Roles may be others here. */
async function at(dump: Readable, tool: PostgresProgram, url: Secret, io: EngineIo): Promise<RestoredDatabase> {
  const target = postgresAddressOf(url, asTarget);
  const where = printAddress(target);
  {
    await using connection = await connect(target, io.signal, asTarget);
    const [row] = await connection.query(OBJECTS);
    const count = Number(row?.['objects']);
    if (count > 0) throw errors.BACKUP_TARGET_NOT_EMPTY({ where, count });
  }
  const args = ['--single-transaction', '--no-privileges', '--no-subscriptions'];
  await load(dump, { tool, target, where, user: 'us', args }, io);
  return restoredDatabase({ target, where, close: async () => undefined }, io);
}
