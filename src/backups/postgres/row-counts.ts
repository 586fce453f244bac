import type { TableCount } from '../format/backup-manifest.ts';
import { type Connection, quoted } from './connection.ts';
import { stateOf } from './trouble.ts';

interface Table {
  readonly schema: string;
  readonly name: string;
}

/** Tables with rows of their own; those of extensions are not in a dump. */
const TABLES = `
  select n.nspname as schema, c.relname as name
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and c.relpersistence <> 't'
    and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%'
    and not exists (
      select from pg_catalog.pg_depend d
      where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
    )`;

/** Within a transaction. `leftMs` says how long may still be counted; what is not counted by then has null rows. */
export async function countRows(connection: Connection, leftMs: () => number): Promise<readonly TableCount[]> {
  const counts: TableCount[] = [];
  for (const table of await tablesOf(connection)) {
    const rows = await countWithin(connection, table, Math.ceil(leftMs()));
    counts.push({ name: `${table.schema}.${table.name}`, rows });
  }
  return counts.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

async function tablesOf(connection: Connection): Promise<readonly Table[]> {
  const rows = await connection.query(TABLES);
  return rows.map(({ schema, name }) => ({ schema: String(schema), name: String(name) }));
}

async function countWithin(connection: Connection, { schema, name }: Table, ms: number): Promise<number | null> {
  if (ms <= 0) return null;
  await connection.query(`savepoint counting; set local statement_timeout = ${ms}`);
  try {
    const [row] = await connection.query(`select count(*) as rows from only ${quoted(schema)}.${quoted(name)}`);
    await connection.query('release savepoint counting');
    return Number(row?.['rows']);
  } catch (error) {
    if (stateOf(error) === undefined) throw error;
    await connection.query('rollback to savepoint counting; release savepoint counting');
    return null;
  }
}
