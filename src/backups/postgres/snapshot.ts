import type { EngineIo } from '../engine.ts';
import type { PostgresAddress } from './address.ts';
import { type Connection, connect } from './connection.ts';

/** One instant of a database, which `pg_dump` and everybody else who is told its id sees as long as it is held. */
export interface Snapshot extends AsyncDisposable {
  readonly id: string;
  readonly connection: Connection;
  /** Of the server, e.g. `15.14`. */
  readonly version: string;
  /** With their schemas, when these are not the usual one. */
  readonly extensions: readonly string[];
}

/** Somebody may have set limits for sessions that do nothing, or for roles; and row-level security must not hide rows. */
const SETTINGS = `
  set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set lock_timeout = '60s';
  set search_path = ''; set row_security = off`;

const EXTENSIONS = `
  select case n.nspname when 'public' then e.extname else n.nspname || '.' || e.extname end as name
  from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
  where e.extname <> 'plpgsql' order by 1`;

export async function takeSnapshot(address: PostgresAddress, io: EngineIo): Promise<Snapshot> {
  const connection = await connect(address, io.signal);
  try {
    await connection.query(SETTINGS);
    await connection.query('begin isolation level repeatable read read only');
    const [row] = await connection.query(
      "select pg_catalog.pg_export_snapshot() as id, pg_catalog.current_setting('server_version') as version",
    );
    const extensions = await connection.query(EXTENSIONS);
    return {
      id: String(row?.['id']),
      connection,
      // Debian appends its own version.
      version: String(row?.['version']).split(' ')[0] ?? '',
      extensions: extensions.map(({ name }) => String(name)),
      [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
    };
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}
