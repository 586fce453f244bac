import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { CompiledQuery, QueryResult } from 'kysely';
import type { SqlRow, SqlValue } from '../../contracts/database.ts';

const STATEMENTS_MAX = 256;
/** How long a statement waits for another process, e.g. somebody's backup of the file. It blocks us, so not long. */
const BUSY_TIMEOUT_MS = 2_000;

/**
 * Of a database with a write-ahead log: `full` waits at each commit until the disk has it, so it survives a power cut
 * too; `normal` leaves that to a later one, and the file is whole all the same.
 */
export type Synchronous = 'full' | 'normal';

/** One open handle of the file, with its prepared statements. Everything is synchronous. */
export class SqliteConnection {
  readonly #handle: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #synchronous: Synchronous | undefined;

  constructor(path: string, { isReadOnly = false }: { readonly isReadOnly?: boolean } = {}) {
    this.#handle = new DatabaseSync(path, { readOnly: isReadOnly, timeout: BUSY_TIMEOUT_MS });
    if (isReadOnly) return;
    this.#handle.exec('pragma journal_mode = wal; pragma foreign_keys = on');
    this.setSynchronous('full');
  }

  execute(query: Pick<CompiledQuery, 'sql' | 'parameters'>): QueryResult<unknown> {
    const statement = this.#prepare(query.sql);
    const values = query.parameters.map(toSqlite);
    if (statement.columns().length > 0) {
      // Rows of node:sqlite have no prototype; callers compare and spread them like any other object.
      return { rows: statement.all(...values).map((row) => ({ ...row })) };
    }
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  /** Runs one statement once per row, without building anything per row. */
  executeMany(sql: string, rows: readonly SqlRow[]): void {
    if (rows.length === 0) return;
    const statement = this.#prepare(sql);
    for (const row of rows) statement.run(...row);
  }

  /** What the next transaction waits for. */
  setSynchronous(wanted: Synchronous): void {
    if (this.#synchronous === wanted) return;
    this.#handle.exec(`pragma synchronous = ${wanted}`);
    this.#synchronous = wanted;
  }

  /** One or more statements without values. */
  script(sql: string): void {
    this.#handle.exec(sql);
  }

  close(): void {
    this.#statements.clear();
    this.#handle.close();
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const [oldest] = this.#statements.keys();
    if (this.#statements.size >= STATEMENTS_MAX && oldest !== undefined) this.#statements.delete(oldest);
    const statement = this.#handle.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function toSqlite(value: unknown): SqlValue {
  if (value === null || typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  throw new Error(`A ${typeof value} cannot be stored; store text, integers or null.`);
}
