import type { CompiledQuery, Kysely, QueryResult } from 'kysely';
import pg from 'pg';
import type { SqlRow, Tx } from '../../contracts/database.ts';
import { codeOf } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { Secret } from '../../kernel/secret.ts';
import { createAnnouncements } from './announcements.ts';
import type { Database } from './database.ts';
import { errors } from './errors.ts';
import { kyselyOver } from './kysely-over.ts';
import { openTx } from './open-tx.ts';
import { createTxMark } from './tx-mark.ts';

export interface PostgresOptions {
  readonly url: Secret;
  readonly log: Log;
  /** Stamps events. */
  readonly now: () => number;
  readonly connectionsMax?: number;
}

const CONNECTIONS_MAX = 20;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** Two transactions got in each other's way; the same work can simply be done again. */
const REPEATABLE = new Set(['40001', '40P01']);
const TRIES_MAX = 5;

const INT8_OID = 20;
/** Our integers are times and counts, far below 2^53; the driver's default of text would leak into every store. */
const types: pg.CustomTypesConfig = {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the driver's own overloads cannot be expressed here
  getTypeParser: ((oid: number, format: 'text') =>
    oid === INT8_OID ? Number : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
};

export async function openPostgres({
  url,
  log,
  now,
  connectionsMax = CONNECTIONS_MAX,
}: PostgresOptions): Promise<Database> {
  const settings = {
    connectionString: url.reveal(),
    types,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'evenkeel',
  };
  const pool = new pg.Pool({ ...settings, max: connectionsMax, statement_timeout: STATEMENT_TIMEOUT_MS });
  // Without a listener an idle connection that breaks would end the process.
  pool.on('error', (error) => log.warn('An idle database connection was lost.', { error }));
  await assertReachable(pool, url);

  const mark = createTxMark();
  const announcements = createAnnouncements({ connect: () => connectAlone(settings), log });
  const reads = kyselyOver('postgres', async (query) => {
    mark.refuseInside();
    return toResult(await pool.query(query.sql, [...query.parameters]));
  });

  return {
    engine: 'postgres',
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an area names its own tables; migrations made them
    of: <Tables>() => reads as Kysely<Tables>,
    tx: unitOfWork,
    quiet: (_reason, work) => unitOfWork(work),
    onAnnounced: announcements.onAnnounced,
    async ping() {
      await pool.query('select 1');
    },
    async close() {
      await announcements.close();
      await pool.end();
    },
  };

  async function unitOfWork<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    mark.refuseInside();
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { result, hasEmitted } = await mark.run(() => transact(work));
        if (hasEmitted) announcements.announce();
        return result;
      } catch (error) {
        if (attempt === TRIES_MAX || !REPEATABLE.has(codeOf(error))) throw error;
      }
    }
  }

  async function transact<Result>(work: (tx: Tx) => Promise<Result>) {
    const client = await pool.connect();
    const { tx, hasEmitted, end } = openTx({
      engine: 'postgres',
      execute: async (query: CompiledQuery) => toResult(await client.query(query.sql, [...query.parameters])),
      append: (table, columns, rows) => append(client, table, columns, rows),
      now,
    });
    let isBroken = false;
    try {
      await client.query('begin');
      const result = await work(tx);
      await client.query('commit');
      return { result, hasEmitted: hasEmitted() };
    } catch (error) {
      // A connection that cannot even roll back is thrown away; the first error is the one worth telling.
      isBroken = await client.query('rollback').then(
        () => false,
        () => true,
      );
      throw error;
    } finally {
      end();
      client.release(isBroken);
    }
  }
}

async function assertReachable(pool: pg.Pool, url: Secret): Promise<void> {
  try {
    await pool.query('select 1');
  } catch (cause) {
    await pool.end();
    throw errors.SQL_UNAVAILABLE({ where: whereOf(url), cause: codeOf(cause) }, { cause });
  }
}

async function connectAlone(settings: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(settings);
  await client.connect();
  return client;
}

/** Host, port and database: enough to recognise it, and never the password. */
function whereOf(url: Secret): string {
  if (!URL.canParse(url.reveal())) return url.toString();
  const { host, pathname } = new URL(url.reveal());
  return `${host}${pathname}`;
}

async function append(
  client: pg.PoolClient,
  table: string,
  columns: readonly string[],
  rows: readonly SqlRow[],
): Promise<void> {
  const names = columns.join(', ');
  const objects = rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
  await client.query(
    `insert into ${table} (${names}) select ${names} from json_populate_recordset(null::${table}, $1)
     on conflict do nothing`,
    [JSON.stringify(objects)],
  );
}

function toResult({ rows, rowCount, command }: pg.QueryResult): QueryResult<unknown> {
  return command === 'SELECT' ? { rows } : { rows, numAffectedRows: BigInt(rowCount ?? 0) };
}
