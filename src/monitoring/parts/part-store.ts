import type { Db, Migration, Tx } from '../../contracts/database.ts';
import type { Part } from '../monitor-type.ts';
import type { MonitorTables } from '../state/monitor-store.ts';

/** What each monitor's target said of its own parts when it was last asked: one row for all of them, as JSON. */
export const partMigration: Migration = {
  id: 'monitoring/2026-11-23-monitor-part',
  up: [
    `create table monitor_part (
       monitor_id integer primary key references monitor (id), at bigint not null, parts text not null)`,
  ],
  down: ['drop table monitor_part'],
};

interface PartTables extends MonitorTables {
  monitor_part: { monitor_id: number; at: number; parts: string };
}

export interface StoredParts {
  readonly monitorId: number;
  /** When they were found to be so for the first time. */
  readonly at: number;
  /** As `textOf` writes them. */
  readonly text: string;
}

export async function list(db: Db, environment: string): Promise<readonly StoredParts[]> {
  const query = db.of<PartTables>().selectFrom('monitor_part').innerJoin('monitor', 'monitor.id', 'monitor_id');
  const rows = await query.where('environment', '=', environment).select(['monitor_id', 'at', 'parts']).execute();
  return rows.map((row) => ({ monitorId: row.monitor_id, at: row.at, text: row.parts }));
}

export async function find(db: Db, monitorId: number): Promise<readonly Part[]> {
  const query = db.of<PartTables>().selectFrom('monitor_part').select('parts').where('monitor_id', '=', monitorId);
  const row = await query.executeTakeFirst();
  return row === undefined ? [] : partsOf(row.parts);
}

export function textOf(parts: readonly Part[]): string {
  return JSON.stringify(parts);
}

export function partsOf(text: string): readonly Part[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `textOf` alone
  return JSON.parse(text) as readonly Part[];
}

export async function set(tx: Tx, { monitorId, at, text }: StoredParts): Promise<void> {
  await tx
    .of<PartTables>()
    .insertInto('monitor_part')
    .values({ monitor_id: monitorId, at, parts: text })
    .onConflict((conflict) => conflict.column('monitor_id').doUpdateSet({ at, parts: text }))
    .execute();
}

export async function remove(tx: Tx, monitorId: number): Promise<void> {
  await tx.of<PartTables>().deleteFrom('monitor_part').where('monitor_id', '=', monitorId).execute();
}
