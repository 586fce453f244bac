import type { Client } from 'pg';
import { roughly } from '../expectations/show.ts';
import { bodyOf, type Row } from './first-row.ts';

export interface Question {
  readonly query: string;
  /** The query ends on the server after so long, too. */
  readonly timeoutMs: number;
}

/** Types by their numbers (`select oid, typname from pg_type`); whatever is not here stays the text that came. */
const BOOLEAN = 16;
const NUMERIC: ReadonlySet<number> = new Set([20, 21, 23, 26, 700, 701, 1700]);

/** Runs one statement that cannot change anything; the answer is what [BODY] stands for. */
export async function ask(client: Client, { query, timeoutMs }: Question): Promise<string> {
  await client.query('begin transaction read only');
  await client.query(`set local statement_timeout = ${Math.ceil(timeoutMs)}`);
  // Extended: the server takes one statement only, so that none can leave the read-only transaction.
  const statement = { text: query, queryMode: 'extended', rowMode: 'array' as const, types: AS_SENT };
  const { rows, fields } = await client.query<unknown[]>(statement);
  const [first] = rows;
  const row: Row | undefined = first?.map((value, index) => [fields[index]?.name ?? '', value]);
  return bodyOf(row);
}

/** The parsers of pg make dates and trees of what they are sent; conditions want neither. */
const AS_SENT = {
  getTypeParser: (type: number) => (text: string | Buffer) => {
    if (type === BOOLEAN) return String(text) === 't';
    return NUMERIC.has(type) ? numberOf(String(text)) : String(text);
  },
};

/** As a text where a number would not be the same. */
function numberOf(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) || (Number.isFinite(number) && text.length <= 15) ? number : text;
}

export interface Look {
  readonly readings: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

/** How full the server is and, where that is asked for, how far behind. */
export async function lookAt(client: Client, where: string, lagMaxMs: number | undefined): Promise<Look> {
  const used = await valueOf(client, POOL);
  const pool = typeof used === 'number' && used >= 0 && used <= 1 ? { db_pool: used } : {};
  if (lagMaxMs === undefined) return { readings: pool, warnings: [] };

  const isReplica = await valueOf(client, 'select pg_is_in_recovery()');
  if (typeof isReplica !== 'boolean')
    return {
      readings: pool,
      warnings: [`${where} did not say whether it is a replica, which \`lag_max\` has to know.`],
    };
  if (!isReplica) return { readings: pool, warnings: [`${where} is no replica, but \`lag_max\` is set for it.`] };
  const behind = await valueOf(client, LAG);
  if (typeof behind !== 'number' || !Number.isFinite(behind))
    return { readings: pool, warnings: [`The replica ${where} does not say how far it is behind.`] };
  const lag = Math.max(0, behind);
  const warnings = lag > lagMaxMs ? [`${where} is ${roughly(lag)} behind, more than ${roughly(lagMaxMs)}.`] : [];
  return { readings: { ...pool, lag }, warnings };
}

/**
 * How full the server is. Anybody may read these numbers, unlike `pg_stat_activity`, of whose rows an ordinary user
 * sees the own ones only; where they are kept back all the same, the reading is missing and nothing else.
 */
const POOL = `select sum(numbackends)::float8 / current_setting('max_connections')::float8 as used from pg_stat_database`;

/** Milliseconds. Where nothing is written there is nothing to replay, and only a connection tells that from a broken one. */
const LAG = `
  select case
    when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() and exists (select from pg_stat_wal_receiver) then 0
    else extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000
  end::float8`;

/** Undefined where there was no answer. A savepoint of its own: one question that is refused must not spoil the next. */
async function valueOf(client: Client, sql: string): Promise<unknown> {
  try {
    await client.query('savepoint look');
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } catch {
    await client.query('rollback to savepoint look').catch(() => undefined);
    return undefined;
  }
}
