import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Database, type Query, TABLES } from './database.ts';

/** One file, no server. Good for one process, which is what the api is. */
export function openSqlite(folder: string): Database {
  mkdirSync(folder, { recursive: true });
  const sqlite = new DatabaseSync(path.join(folder, 'shop.db'));
  sqlite.exec('pragma journal_mode = wal; pragma busy_timeout = 2000; pragma foreign_keys = on');
  for (const table of TABLES) sqlite.exec(table);

  const query: Query = async (sql, parameters = []) => {
    const named = Object.fromEntries(parameters.map((value, index) => [`$${index + 1}`, value]));
    return sqlite.prepare(sql).all(named);
  };

  // There is one connection: whatever ran beside a transaction would become a part of it.
  let last: Promise<unknown> = Promise.resolve();
  function alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  }

  return {
    query: (sql, parameters) => alone(() => query(sql, parameters)),
    transaction: (work) =>
      alone(async () => {
        sqlite.exec('begin immediate');
        try {
          const result = await work(query);
          sqlite.exec('commit');
          return result;
        } catch (error) {
          sqlite.exec('rollback');
          throw error;
        }
      }),
    close: () => alone(async () => sqlite.close()),
  };
}
