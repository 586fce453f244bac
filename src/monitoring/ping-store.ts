import type { Db, Migration, Tx } from '../contracts/database.ts';
import type { Ping } from './monitor-type.ts';

/** Signs of life that jobs sent by themselves. */
export const pingMigration: Migration = {
  id: 'monitoring/2026-11-20-ping',
  up: [
    `create table ping (
       monitor_id integer not null references monitor (id), at bigint not null, outcome text not null,
       primary key (monitor_id, at))`,
  ],
  down: ['drop table ping'],
};

interface PingTables {
  ping: { monitor_id: number; at: number; outcome: Ping['outcome'] };
}

/** Two pings within one millisecond are one; the later wins. */
export async function insert(tx: Tx, monitorId: number, { at, outcome }: Ping): Promise<void> {
  await tx
    .of<PingTables>()
    .insertInto('ping')
    .values({ monitor_id: monitorId, at, outcome })
    .onConflict((conflict) => conflict.columns(['monitor_id', 'at']).doUpdateSet({ outcome }))
    .execute();
}

export async function latest(db: Db, monitorId: number): Promise<Ping | null> {
  const query = db.of<PingTables>().selectFrom('ping').select(['at', 'outcome']);
  const row = await query.where('monitor_id', '=', monitorId).orderBy('at', 'desc').limit(1).executeTakeFirst();
  return row ?? null;
}

export async function deleteBefore(tx: Tx, monitorId: number, before: number): Promise<number> {
  const query = tx.of<PingTables>().deleteFrom('ping').where('monitor_id', '=', monitorId);
  const { numDeletedRows } = await query.where('at', '<', before).executeTakeFirst();
  return Number(numDeletedRows);
}
