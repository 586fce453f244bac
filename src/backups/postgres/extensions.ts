import { errors } from '../engine-errors.ts';
import { type Connection, quoted } from './connection.ts';

/**
 * What only a superuser may create, and whose own functions give nobody a way out of the database that the owner of a
 * database does not have anyway. Extensions that PostgreSQL itself calls trusted are created by the dump.
 */
const MADE_BEFORE = new Set([
  'amcheck',
  'autoinc',
  'bloom',
  'dblink',
  'earthdistance',
  'insert_username',
  'intagg',
  'moddatetime',
  'pageinspect',
  'pg_buffercache',
  'pg_freespacemap',
  'pg_prewarm',
  'pg_stat_statements',
  'pg_visibility',
  'pgrowlocks',
  'pgstattuple',
  'postgis',
  'postgis_raster',
  'postgis_topology',
  'postgres_fdw',
  'refint',
  'sslinfo',
  'vector',
  'xml2',
]);

interface Wanted {
  readonly schema: string;
  readonly name: string;
}

/** By a superuser, in a database that is still empty. Returns the schemas that it made for that. */
export async function makeExtensions(
  connection: Connection,
  extensions: readonly string[],
  owner: string,
): Promise<readonly string[]> {
  const isTrusted = await available(connection);
  const schemas: string[] = [];
  for (const { schema, name } of extensions.map(parse)) {
    if (!isTrusted.has(name)) throw missing(name);
    if (isTrusted.get(name) === true) continue;
    if (!MADE_BEFORE.has(name)) throw unknown(name);
    if (schema !== 'public' && schema !== 'pg_catalog' && !schemas.includes(schema)) {
      await connection.query(`create schema ${quoted(schema)} authorization ${quoted(owner)}`);
      schemas.push(schema);
    }
    await connection.query(`create extension if not exists ${quoted(name)} schema ${quoted(schema)} cascade`);
  }
  return schemas;
}

function parse(extension: string): Wanted {
  const dot = extension.lastIndexOf('.');
  return { schema: dot === -1 ? 'public' : extension.slice(0, dot), name: extension.slice(dot + 1) };
}

async function available(connection: Connection): Promise<ReadonlyMap<string, boolean>> {
  const rows = await connection.query(
    'select name, bool_or(trusted) as trusted from pg_catalog.pg_available_extension_versions group by name',
  );
  return new Map(rows.map(({ name, trusted }) => [String(name), trusted === true]));
}

function missing(extension: string) {
  return errors.BACKUP_EXTENSION_MISSING({
    extension,
    cause: 'is not installed on this machine',
    remedy: 'Install its package beside the PostgreSQL of this machine, e.g. `apt-get install postgresql-contrib`.',
  });
}

function unknown(extension: string) {
  return errors.BACKUP_EXTENSION_MISSING({
    extension,
    cause: 'only a superuser may create, and Evenkeel does so only for those it knows',
    remedy: 'Restore this backup by hand as its RESTORE.md says, where such a superuser is at hand.',
  });
}
