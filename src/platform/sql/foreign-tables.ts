import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { codeOf } from '../../kernel/errors.ts';

const MAGIC = 'SQLite format 3\0';
const BUSY_MS_MAX = 5_000;

type Row = Readonly<Record<string, unknown>>;

/** Somebody else's SQLite database. */
export interface ForeignTables extends Disposable {
  names(): readonly string[];
  rows(table: string, where?: Readonly<Record<string, string | number>>): Iterable<Row>;
}

/**
 * Opens it to read, and changes nothing. One that is in use, or was copied with its log beside it, is read with the log;
 * any other is read without a trace, so that a folder which cannot be written will do. Undefined when the file is none.
 */
export async function openForeignTables(file: string): Promise<ForeignTables | undefined> {
  if (!(await isSqlite(file))) return undefined;
  const url = pathToFileURL(file);
  if (!existsSync(`${file}-wal`)) url.searchParams.set('immutable', '1');
  const db = new DatabaseSync(url, { readOnly: true, timeout: BUSY_MS_MAX });
  const names = db
    .prepare("select name from sqlite_schema where type = 'table'")
    .all()
    .map(({ name }) => String(name));
  return {
    names: () => names,
    rows(table, where = {}) {
      const columns = names.includes(table) ? columnsOf(db, table) : [];
      const asked = Object.keys(where);
      if (columns.length === 0 || asked.some((column) => !columns.includes(column))) return [];
      const order = ['timestamp', 'time', 'id'].find((column) => columns.includes(column)) ?? columns[0] ?? '';
      const filter = asked.length === 0 ? '' : ` where ${asked.map((column) => `${quoted(column)} = ?`).join(' and ')}`;
      const query = db.prepare(`select * from ${quoted(table)}${filter} order by ${quoted(order)}`);
      return query.iterate(...Object.values(where));
    },
    [Symbol.dispose]: () => db.close(),
  };
}

async function isSqlite(file: string): Promise<boolean> {
  try {
    await using handle = await open(file, 'r');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
    return buffer.toString('latin1', 0, bytesRead) === MAGIC;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error))) return false;
    throw error;
  }
}

function columnsOf(db: DatabaseSync, table: string): readonly string[] {
  return db
    .prepare('select name from pragma_table_info(?)')
    .all(table)
    .map(({ name }) => String(name));
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
