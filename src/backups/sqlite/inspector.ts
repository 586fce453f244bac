import process from 'node:process';
import { constants, DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import type { Answer } from '../engine.ts';
import type { TableCount } from '../format/backup-manifest.ts';
import type { Inspection } from './inspection.ts';

// A program of its own: SQLite reads while everything else waits, a hostile file is read without our rights where that
// is possible, and what takes too long can be ended. Asked in JSON on standard input, it answers so on standard output.

const DETAIL_CHARS_MAX = 200;
const READING_PRAGMA =
  /_(?:check|list|x?info)$|^(?:application_id|data_version|page_count|page_size|schema_version|user_version)$/;

// oxlint-disable-next-line evenkeel/no-ambient -- a process of its own, too short-lived for a clock to be handed in
const ticks = () => performance.now();
const inspection: Inspection = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(inspect(inspection)));

function inspect(wanted: Inspection): unknown {
  if (wanted.task === 'check') return check(wanted.file);
  using db = open(wanted.file);
  return wanted.task === 'count' ? count(db, wanted.budgetMs) : ask(db, wanted.query);
}

/** Nobody writes to it, so that it needs no journal; and what its schema would have done by itself is not trusted. */
function open(file: string): DatabaseSync {
  const db = new DatabaseSync(`${pathToFileURL(file).href}?immutable=1`, {
    readOnly: true,
    allowExtension: false,
    defensive: true,
    readBigInts: true,
    enableForeignKeyConstraints: false,
  });
  db.exec('pragma trusted_schema = off; pragma cell_size_check = on; pragma query_only = on');
  return db;
}

function check(file: string): string | null {
  try {
    using db = open(file);
    const problem = db.prepare('pragma integrity_check(1)').get()?.['integrity_check'];
    return problem === 'ok' ? null : String(problem);
  } catch (error) {
    return messageOf(error);
  }
}

/** Virtual tables have no page of their own; what they hold is in other tables. */
function count(db: DatabaseSync, budgetMs: number): readonly TableCount[] {
  const giveUpAt = ticks() + budgetMs;
  const tables = db
    .prepare(
      "select name from sqlite_schema where type = 'table' and rootpage > 0 and name not like 'sqlite\\_%' escape '\\'",
    )
    .all()
    .map(({ name }) => String(name))
    .toSorted();
  return tables.map((name) => ({ name, rows: ticks() > giveUpAt ? null : rowsOf(db, name) }));
}

function rowsOf(db: DatabaseSync, table: string): number {
  const row = db.prepare(`select count(*) as rows from "${table.replaceAll('"', '""')}"`).get();
  return Number(row?.['rows']);
}

function ask(db: DatabaseSync, query: string): Answer {
  try {
    db.setAuthorizer((action, name) => (mayBeDone(action, name) ? constants.SQLITE_OK : constants.SQLITE_DENY));
    const statement = db.prepare(query);
    statement.setReturnArrays(true);
    const columns = statement.columns().length;
    if (columns !== 1) return no(columns === 0 ? 'not a query' : 'more than one column');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- asked for in the line above
    const rows = statement.iterate() as unknown as IteratorObject<readonly unknown[]>;
    const [first, second] = rows.take(2).toArray();
    if (first === undefined) return no('no row');
    if (second !== undefined) return no('more than one row');
    return first[0] === 1n ? { outcome: 'true' } : no(shown(first[0]));
  } catch (error) {
    return no(messageOf(error));
  }
}

/** The file itself cannot be written to; this is about other files, and about settings. */
function mayBeDone(action: number, name: string | null): boolean {
  if (action === constants.SQLITE_PRAGMA) return READING_PRAGMA.test(name ?? '');
  return action !== constants.SQLITE_ATTACH && action !== constants.SQLITE_DETACH;
}

function shown(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value === 'string' ? JSON.stringify(value.slice(0, DETAIL_CHARS_MAX)) : String(value);
}

function no(detail: string): Answer {
  return { outcome: 'false', detail };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
