import type { Kysely } from 'kysely';
import type { SqlRow, Tx } from '../../contracts/database.ts';
import { codeOf } from '../../kernel/errors.ts';
import type { Database } from './database.ts';
import { errors } from './errors.ts';
import { kyselyOver } from './kysely-over.ts';
import { openTx } from './open-tx.ts';
import { INSERT_ENTRY } from './outbox.ts';
import { SqliteConnection, type Synchronous } from './sqlite-connection.ts';
import { createTxMark } from './tx-mark.ts';

export interface SqliteOptions {
  /** A file, or `:memory:`. */
  readonly path: string;
  /** Stamps events. */
  readonly now: () => number;
}

/**
 * One writer and, for a file, one reader that sees what is committed. Units of work take turns on the writer: a
 * statement of another task waits for the open transaction instead of silently becoming a part of it.
 */
export function openSqlite({ path, now }: SqliteOptions): Database {
  const writer = connect(path);
  const reader = path === ':memory:' ? writer : connect(path, { isReadOnly: true });
  const mark = createTxMark();
  const listeners = new Set<() => void>();
  let lastTurn: Promise<unknown> = Promise.resolve();

  const reads = kyselyOver('sqlite', async (query) => {
    mark.refuseInside();
    // In memory there is one connection: a read would see what another task has not committed yet.
    return reader === writer ? takeTurn(async () => writer.execute(query)) : reader.execute(query);
  });

  return {
    engine: 'sqlite',
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an area names its own tables; migrations made them
    of: <Tables>() => reads as Kysely<Tables>,
    tx: (work) => unitOfWork(work, 'full'),
    quiet: (_reason, work) => unitOfWork(work, 'full'),
    soon: (_reason, work) => unitOfWork(work, 'normal'),
    onAnnounced(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async ping() {
      reader.execute({ sql: 'select count(*) from sqlite_schema', parameters: [] });
    },
    async close() {
      await lastTurn;
      if (reader !== writer) reader.close();
      writer.close();
    },
  };

  async function unitOfWork<Result>(work: (tx: Tx) => Promise<Result>, synchronous: Synchronous): Promise<Result> {
    mark.refuseInside();
    const { result, hasEmitted } = await takeTurn(() => mark.run(() => transact(work, synchronous)));
    if (hasEmitted) for (const listener of listeners) listener();
    return result;
  }

  async function transact<Result>(work: (tx: Tx) => Promise<Result>, synchronous: Synchronous) {
    const { tx, emitted, end } = openTx({
      engine: 'sqlite',
      execute: async (query) => writer.execute(query),
      append: async (table, columns, rows) => append(writer, table, columns, rows),
      now,
    });
    writer.setSynchronous(synchronous);
    writer.script('begin immediate');
    try {
      const result = await work(tx);
      writer.executeMany(`${INSERT_ENTRY} (?, ?, ?)`, emitted);
      writer.script('commit');
      return { result, hasEmitted: emitted.length > 0 };
    } catch (error) {
      rollback(writer);
      throw error;
    } finally {
      end();
    }
  }

  function takeTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = lastTurn.then(work);
    lastTurn = turn.catch(() => undefined);
    return turn;
  }
}

function connect(path: string, options: { readonly isReadOnly?: boolean } = {}): SqliteConnection {
  try {
    return new SqliteConnection(path, options);
  } catch (cause) {
    throw errors.SQL_FILE_UNUSABLE({ where: path, cause: codeOf(cause) }, { cause });
  }
}

function append(writer: SqliteConnection, table: string, columns: readonly string[], rows: readonly SqlRow[]): void {
  const values = columns.map(() => '?').join(', ');
  writer.executeMany(`insert into ${table} (${columns.join(', ')}) values (${values}) on conflict do nothing`, rows);
}

function rollback(writer: SqliteConnection): void {
  try {
    writer.script('rollback');
  } catch {
    // SQLite has rolled back by itself after some errors; the first error is the one worth telling.
  }
}
