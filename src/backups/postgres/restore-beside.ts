import type { Readable } from 'node:stream';
import { MINUTE_MS } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';
import type { EngineIo, RestoredDatabase, Source } from '../engine.ts';
import { errors } from '../engine-errors.ts';
import { asNeighbour } from '../unusable-place.ts';
import { type PostgresAddress, postgresAddressOf, printAddress, printServer } from './address.ts';
import { type Connection, connect, literal, quoted } from './connection.ts';
import { load } from './load.ts';
import type { PostgresProgram } from './programs.ts';
import { restoredDatabase } from './restored-database.ts';
import { stateOf } from './trouble.ts';

const CLEANING_MS_MAX = MINUTE_MS;
/** Begins the name of a database until all is in it. */
const HALF_RESTORED = 'evenkeel_restoring';

interface Beside {
  readonly source: Source;
  readonly name: string;
}

/** On the same server roles are the same, so that what they may do is restored, too. */
export async function restoreBeside(
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
  const fresh = { ...original, database: io.ids.next(HALF_RESTORED) };
  const notes = await createBeside(original, { fresh: fresh.database, target }, io);
  try {
    // Two databases must not both receive what a publisher sends.
    await load(dump, { tool, target: fresh, where, user: 'us', args: ['--no-subscriptions'] }, io);
    await rename(original, { fresh: fresh.database, target }, io);
  } catch (error) {
    await drop(original, fresh.database, io);
    throw error;
  }
  return restoredDatabase({ target, where, notes, close: async () => undefined }, io);
}

interface NewDatabase {
  /** Its name until all is in it. */
  readonly fresh: string;
  readonly target: PostgresAddress;
}

/** Tells what others have left there. */
async function createBeside(
  original: PostgresAddress,
  { fresh, target }: NewDatabase,
  io: EngineIo,
): Promise<readonly string[]> {
  await using connection = await connect(original, io.signal, asNeighbour);
  const [existing] = await connection.query(
    `select 1 from pg_catalog.pg_database where datname = ${literal(target.database)}`,
  );
  if (existing !== undefined) throw exists(target);
  const left = await leftBehind(connection);
  const likeOriginal = await localeOf(connection);
  try {
    await connection.query(`create database ${quoted(fresh)} template template0 ${likeOriginal}`);
  } catch (error) {
    throw stateOf(error) === NOT_ALLOWED ? mayNotCreate(original, error) : failure(target, error);
  }
  return left.map((name) => sayLeftBehind(name, original));
}

/** Whose restore runs is connected to its database; one without anybody was left by a process that died. */
async function leftBehind(connection: Connection): Promise<readonly string[]> {
  const rows = await connection.query(`
    select datname as name from pg_catalog.pg_database d
    where datname ~ '^${HALF_RESTORED}_[0-9a-z]+$'
      and not exists (select 1 from pg_catalog.pg_stat_activity a where a.datid = d.oid)
    order by datname`);
  return rows.map(({ name }) => String(name));
}

/** It is not ours to drop: somebody may want to look at it, and nothing proves that it is not another's. */
function sayLeftBehind(name: string, original: PostgresAddress): string {
  const what = `${printServer(original)} has ${name}, which a restore that died left half done and nobody uses.`;
  return `${what} Remove it with \`drop database ${name}\`.`;
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
