import type { Db, Migration, Tx } from '../../contracts/database.ts';
import type { Ping } from '../monitor-type.ts';

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

/** Keeps the latest one, however old: without it a job that pings once a year would look as if it never had. */
export async function deleteBefore(tx: Tx, monitorId: number, before: number): Promise<void> {
  const pings = tx.of<PingTables>();
  const newest = pings
    .selectFrom('ping')
    .select(({ fn }) => fn.max('at').as('at'))
    .where('monitor_id', '=', monitorId);
  const old = pings.deleteFrom('ping').where('monitor_id', '=', monitorId).where('at', '<', before);
  await old.where('at', '<', newest).execute();
}
