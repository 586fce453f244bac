import type { CompiledQuery, QueryResult } from 'kysely';
import type pg from 'pg';
import type { SqlRow, Tx } from '../../contracts/database.ts';
import { codeOf } from '../../kernel/errors.ts';
import { errors } from './errors.ts';
import { openTx } from './open-tx.ts';
import { INSERT_ENTRY, type OutboxEntry } from './outbox.ts';
import type { TxMark } from './tx-mark.ts';

export interface UnitOfWorkDeps {
  readonly pool: pg.Pool;
  readonly mark: TxMark;
  readonly now: () => number;
  /** Told after a commit that emitted an event. */
  readonly announce: () => void;
}

/** `begin` is the statement it begins with. */
export type UnitOfWork = <Result>(work: (tx: Tx) => Promise<Result>, begin: string) => Promise<Result>;

export const BEGIN = 'begin';
/** The server answers before its disk has it. */
export const BEGIN_SOON = 'begin; set local synchronous_commit = off';

/** Two transactions got in each other's way; the same work can simply be done again. */
const REPEATABLE = new Set(['40001', '40P01']);
const TRIES_MAX = 5;
/** A connection that is read-only stays so, also when its server may be written to again or another one has taken over. */
const READ_ONLY = '25006';
/** Whoever does not answer within a second has not answered before either: the end of the connection does it too. */
const ROLLBACK = { text: 'rollback', query_timeout: 1_000 };

/** Runs work in a transaction on a connection of its own, again where PostgreSQL asks for that. */
export function createUnitOfWork({ pool, mark, now, announce }: UnitOfWorkDeps): UnitOfWork {
  return async (work, begin) => {
    mark.refuseInside();
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { result, hasEmitted } = await mark.run(() => transact(pool, work, { begin, now }));
        if (hasEmitted) announce();
        return result;
      } catch (error) {
        if (attempt === TRIES_MAX || !REPEATABLE.has(codeOf(error))) throw error;
      }
    }
  };
}

async function transact<Result>(
  pool: pg.Pool,
  work: (tx: Tx) => Promise<Result>,
  { begin, now }: { readonly begin: string; readonly now: () => number },
) {
  const client = await pool.connect();
  // A broken connection rejects the query at hand. It also says so here, and unheard that would end the process.
  client.on('error', alreadyTold);
  const { tx, emitted, end } = openTx({
    engine: 'postgres',
    execute: async (query: CompiledQuery) => toResult(await client.query(query.sql, query.parameters.map(storable))),
    append: (table, columns, rows) => append(client, table, columns, rows),
    now,
  });
  let isBroken = false;
  try {
    await client.query(begin);
    const result = await work(tx);
    await commit(client, emitted);
    return { result, hasEmitted: emitted.length > 0 };
  } catch (error) {
    // A connection that cannot even roll back, or never write, is thrown away; the first error is the one worth telling.
    isBroken = await client.query(ROLLBACK).then(
      () => codeOf(error) === READ_ONLY,
      () => true,
    );
    throw error;
  } finally {
    end();
    client.off('error', alreadyTold);
    client.release(isBroken);
  }
}

function alreadyTold(): void {}

/** Events and commit travel as one message: each one saved is a fifth of what a small transaction costs. */
async function commit(client: pg.PoolClient, emitted: readonly OutboxEntry[]): Promise<void> {
  const inserts = emitted.map(([name, payload, at]) => {
    return `${INSERT_ENTRY} (${client.escapeLiteral(name)}, ${client.escapeLiteral(payload)}, ${at});`;
  });
  const results = [await client.query(`${inserts.join('')}commit`)].flat();
  // PostgreSQL answers `commit` without an error when an earlier statement has spoilt the transaction.
  if (results.at(-1)?.command !== 'COMMIT') throw errors.SQL_TX_SPOILT({});
}

async function append(
  client: pg.PoolClient,
  table: string,
  columns: readonly string[],
  rows: readonly SqlRow[],
): Promise<void> {
  const names = columns.join(', ');
  const objects = rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, storable(row[index])])));
  await client.query(
    `insert into ${table} (${names}) select ${names} from json_populate_recordset(null::${table}, $1)
     on conflict do nothing`,
    [JSON.stringify(objects)],
  );
}

/**
 * Texts come from outside: what a server answered, cut off in the middle of a character. PostgreSQL refuses the two
 * things it cannot store, and one such text would hold up everything that is written together with it.
 */
export function storable(value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\uFFFD') : value;
}

export function toResult({ rows, rowCount, command }: pg.QueryResult): QueryResult<unknown> {
  return command === 'SELECT' ? { rows } : { rows, numAffectedRows: BigInt(rowCount ?? 0) };
}
