import type { Db, Migration, Tx } from '../../contracts/database.ts';
import type { HandWindow } from './hand-window.ts';

/** Windows that somebody opened, pauses among them. `monitors` is a JSON list of names; null means everything. */
export const windowMigration: Migration = {
  id: 'monitoring/2026-11-21-maintenance-window',
  up: [
    `create table maintenance_window (
       id text primary key, environment text not null, title text not null, monitors text, from_at bigint not null,
       until_at bigint, pauses_checks integer not null, started_by text not null, ended_at bigint, reason text)`,
    'create index maintenance_window_end on maintenance_window (environment, ended_at)',
  ],
  down: ['drop table maintenance_window'],
};

interface WindowRow {
  id: string;
  environment: string;
  title: string;
  monitors: string | null;
  from_at: number;
  until_at: number | null;
  pauses_checks: number;
  started_by: string;
  ended_at: number | null;
  reason: string | null;
}

interface WindowTables {
  maintenance_window: WindowRow;
}

export async function insert(tx: Tx, environment: string, window: HandWindow): Promise<void> {
  await tx
    .of<WindowTables>()
    .insertInto('maintenance_window')
    .values({
      id: window.id,
      environment,
      title: window.title,
      monitors: window.monitors === null ? null : JSON.stringify(window.monitors),
      from_at: window.from,
      until_at: window.until,
      pauses_checks: window.pausesChecks ? 1 : 0,
      started_by: window.startedBy,
      ended_at: window.endedAt,
      reason: window.reason,
    })
    .execute();
}

/** Those that were not over at this instant, in the order in which they began. */
export async function listOpenSince(db: Db, environment: string, since: number): Promise<readonly HandWindow[]> {
  const query = db.of<WindowTables>().selectFrom('maintenance_window').selectAll();
  const rows = await query
    .where('environment', '=', environment)
    .where(({ or, eb }) => or([eb('ended_at', 'is', null), eb('ended_at', '>', since)]))
    .where(({ or, eb }) => or([eb('until_at', 'is', null), eb('until_at', '>', since)]))
    .orderBy('from_at')
    .orderBy('id')
    .execute();
  return rows.map(fromRow);
}

export async function find(db: Db, environment: string, id: string): Promise<HandWindow | undefined> {
  const query = db.of<WindowTables>().selectFrom('maintenance_window').selectAll();
  const row = await query.where('environment', '=', environment).where('id', '=', id).executeTakeFirst();
  return row && fromRow(row);
}

/** Compare-and-set: false when somebody else has ended it, or its time was over before. */
export async function end(tx: Tx, id: string, at: number): Promise<boolean> {
  const query = tx.of<WindowTables>().updateTable('maintenance_window').set({ ended_at: at });
  const { numUpdatedRows } = await query
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .where(({ or, eb }) => or([eb('until_at', 'is', null), eb('until_at', '>', at)]))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

function fromRow(row: WindowRow): HandWindow {
  return {
    id: row.id,
    title: row.title,
    monitors: row.monitors === null ? null : namesIn(row.monitors),
    from: row.from_at,
    until: row.until_at,
    pausesChecks: row.pauses_checks === 1,
    startedBy: row.started_by,
    endedAt: row.ended_at,
    reason: row.reason,
  };
}

function namesIn(text: string): readonly string[] {
  const names: unknown = JSON.parse(text);
  return Array.isArray(names) ? names.map(String) : [];
}
