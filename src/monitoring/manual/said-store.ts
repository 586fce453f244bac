import type { Db, Migration, Tx } from '../../contracts/database.ts';
import type { Said } from '../monitor-type.ts';

/** What people last said of a monitor that is told by people. */
export const saidMigration: Migration = {
  id: 'monitoring/2026-11-23-said-state',
  up: [
    `create table said_state (
       monitor_id integer primary key references monitor (id), at bigint not null, state text not null,
       because text, said_by text not null)`,
  ],
  down: ['drop table said_state'],
};

interface SaidTables {
  said_state: {
    monitor_id: number;
    at: number;
    state: Said['state'];
    because: string | null;
    said_by: string;
  };
}

export async function set(tx: Tx, monitorId: number, { at, state, because, by }: Said): Promise<void> {
  const said = { at, state, because, said_by: by };
  await tx
    .of<SaidTables>()
    .insertInto('said_state')
    .values({ monitor_id: monitorId, ...said })
    .onConflict((conflict) => conflict.column('monitor_id').doUpdateSet(said))
    .execute();
}

export async function find(db: Db, monitorId: number): Promise<Said | null> {
  const query = db.of<SaidTables>().selectFrom('said_state').selectAll().where('monitor_id', '=', monitorId);
  const row = await query.executeTakeFirst();
  return row === undefined ? null : { at: row.at, state: row.state, because: row.because, by: row.said_by };
}
