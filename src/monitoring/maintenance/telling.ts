import type { Db, Migration, Tx } from '../../contracts/database.ts';

/** Of which windows it was told that they began, and whether also that they are over: each of both only once. */
export const tellingMigration: Migration = {
  id: 'monitoring/2026-11-21-maintenance-told',
  up: [
    `create table maintenance_told (
       environment text not null, name text not null, from_at bigint not null, until_at bigint, title text not null,
       ended_at bigint, primary key (environment, name, from_at))`,
  ],
  down: ['drop table maintenance_told'],
};

interface ToldTables {
  maintenance_told: {
    environment: string;
    name: string;
    from_at: number;
    until_at: number | null;
    title: string;
    ended_at: number | null;
  };
}

/** A window that began, as it was told of. */
export interface Told {
  readonly window: string;
  readonly from: number;
  readonly until: number | null;
  readonly title: string;
}

/** Those of which nobody was told yet that they are over. */
export async function listUnended(db: Db, environment: string): Promise<readonly Told[]> {
  const query = db.of<ToldTables>().selectFrom('maintenance_told').selectAll();
  const rows = await query.where('environment', '=', environment).where('ended_at', 'is', null).execute();
  return rows.map(({ name, from_at: from, until_at: until, title }) => ({ window: name, from, until, title }));
}

/** False when it was told before, by whichever process: then there is nothing to tell. */
export async function noteStarted(tx: Tx, environment: string, told: Told): Promise<boolean> {
  const { window, title, from, until } = told;
  const row = { environment, name: window, from_at: from, until_at: until, title, ended_at: null };
  const { numInsertedOrUpdatedRows } = await tx
    .of<ToldTables>()
    .insertInto('maintenance_told')
    .values(row)
    .onConflict((conflict) => conflict.columns(['environment', 'name', 'from_at']).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** False when it was told before, or it was never told that it began. */
export async function noteEnded(
  tx: Tx,
  environment: string,
  { window, from, at }: Pick<Told, 'window' | 'from'> & { readonly at: number },
): Promise<boolean> {
  const query = tx.of<ToldTables>().updateTable('maintenance_told').set({ ended_at: at });
  const { numUpdatedRows } = await query
    .where('environment', '=', environment)
    .where('name', '=', window)
    .where('from_at', '=', from)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
