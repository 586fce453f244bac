import type { Db, Migration, Tx } from '../../contracts/database.ts';

/** Of which monitors a past was brought along: since when we watched by ourselves, and how often something was added. */
export const pastMigration: Migration = {
  id: 'monitoring/2026-11-21-imported-past',
  up: [
    `create table imported_past (monitor_id integer primary key references monitor (id), until bigint not null,
       edition integer not null)`,
  ],
  down: ['drop table imported_past'],
};

interface PastTable {
  imported_past: { monitor_id: number; until: number; edition: number };
}

/** Undefined for one whose past was never added to. */
export async function untilOf(tx: Tx, monitorId: number): Promise<number | undefined> {
  const query = tx.of<PastTable>().selectFrom('imported_past').select('until').where('monitor_id', '=', monitorId);
  return (await query.executeTakeFirst())?.until;
}

/** Whoever remembers the days of this monitor has to read them again. */
export async function noteAddition(tx: Tx, monitorId: number, until: number): Promise<void> {
  await tx
    .of<PastTable>()
    .insertInto('imported_past')
    .values({ monitor_id: monitorId, until, edition: 1 })
    .onConflict((conflict) =>
      conflict.column('monitor_id').doUpdateSet((row) => ({ edition: row('imported_past.edition', '+', 1) })),
    )
    .execute();
}

/** By the number of the monitor; those whose past was never added to are missing. */
export async function editions(db: Db): Promise<ReadonlyMap<number, number>> {
  const rows = await db.of<PastTable>().selectFrom('imported_past').select(['monitor_id', 'edition']).execute();
  return new Map(rows.map(({ monitor_id: id, edition }) => [id, edition]));
}
