import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Engine } from '../../contracts/database.ts';

export type Execute = (query: CompiledQuery) => Promise<QueryResult<unknown>>;

/**
 * A query builder whose statements all go to one function. Transactions are ours, not Kysely's: whoever hands the
 * function in decides which connection it means and until when it may be used.
 */
export function kyselyOver(engine: Engine, execute: Execute): Kysely<unknown> {
  return new Kysely({ dialect: dialectOver(engine, execute) });
}

function dialectOver(engine: Engine, execute: Execute): Dialect {
  const isSqlite = engine === 'sqlite';
  return {
    createAdapter: () => (isSqlite ? new SqliteAdapter() : new PostgresAdapter()),
    createQueryCompiler: () => (isSqlite ? new SqliteQueryCompiler() : new PostgresQueryCompiler()),
    createIntrospector: (db) => (isSqlite ? new SqliteIntrospector(db) : new PostgresIntrospector(db)),
    createDriver: () => ({
      init: nothing,
      acquireConnection: async () => connectionOver(execute),
      releaseConnection: nothing,
      beginTransaction: refuse,
      commitTransaction: refuse,
      rollbackTransaction: refuse,
      destroy: nothing,
    }),
  };
}

function connectionOver(execute: Execute): DatabaseConnection {
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the query that was built names its row
    executeQuery: <Row>(query: CompiledQuery) => execute(query) as Promise<QueryResult<Row>>,
    streamQuery: () => {
      throw new Error('Streaming is not offered: read in pages.');
    },
  };
}

async function nothing(): Promise<void> {}

async function refuse(): Promise<void> {
  throw new Error('Use db.tx: a transaction of Kysely would not announce its events.');
}
