import type { Kysely } from 'kysely';
import pg from 'pg';
import { codeOf } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { Secret } from '../../kernel/secret.ts';
import { createAnnouncements } from './announcements.ts';
import type { Database } from './database.ts';
import { errors } from './errors.ts';
import { kyselyOver } from './kysely-over.ts';
import { BEGIN, BEGIN_SOON, createUnitOfWork, storable, toResult } from './postgres-tx.ts';
import { createTxMark } from './tx-mark.ts';

export interface PostgresOptions {
  readonly url: Secret;
  readonly log: Log;
  /** Stamps events. */
  readonly now: () => number;
  readonly connectionsMax?: number;
  /** How long to wait for an answer of a server that says nothing at all. */
  readonly silenceMsMax?: number;
}

const CONNECTIONS_MAX = 20;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** The server ends a slow statement by itself. One that has vanished says nothing, and nobody may wait for it. */
const SILENCE_MS_MAX = STATEMENT_TIMEOUT_MS + 5_000;

const INT8_OID = 20;
/** Our integers are times and counts, far below 2^53; the driver's default of text would leak into every store. */
const types = new pg.TypeOverrides();
types.setTypeParser(INT8_OID, Number);

export async function openPostgres({
  url,
  log,
  now,
  connectionsMax = CONNECTIONS_MAX,
  silenceMsMax = SILENCE_MS_MAX,
}: PostgresOptions): Promise<Database> {
  const settings = {
    connectionString: url.reveal(),
    types,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    query_timeout: silenceMsMax,
    application_name: 'evenkeel',
  };
  const pool = new pg.Pool({ ...settings, max: connectionsMax, statement_timeout: STATEMENT_TIMEOUT_MS });
  // Without a listener an idle connection that breaks would end the process.
  pool.on('error', (error) => log.warn('An idle database connection was lost.', { error }));
  await assertReachable(pool, url);

  const mark = createTxMark();
  const announcements = createAnnouncements({ connect: () => connectAlone(settings), log });
  const unitOfWork = createUnitOfWork({ pool, mark, now, announce: announcements.announce });
  const reads = kyselyOver('postgres', async (query) => {
    mark.refuseInside();
    return toResult(await pool.query(query.sql, query.parameters.map(storable)));
  });

  return {
    engine: 'postgres',
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an area names its own tables; migrations made them
    of: <Tables>() => reads as Kysely<Tables>,
    tx: (work) => unitOfWork(work, BEGIN),
    quiet: (_reason, work) => unitOfWork(work, BEGIN),
    soon: (_reason, work) => unitOfWork(work, BEGIN_SOON),
    onAnnounced: announcements.onAnnounced,
    async ping() {
      await pool.query('select 1');
    },
    async close() {
      await announcements.close();
      await pool.end();
    },
  };
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
