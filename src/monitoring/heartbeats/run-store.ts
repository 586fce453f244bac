import type { Db, Migration, Tx } from '../../contracts/database.ts';
import { DAY_MS } from '../../kernel/clock.ts';

/** Runs that said that they begin, under an id of their own, and have not said that they end. */
export const runMigration: Migration = {
  id: 'monitoring/2026-11-23-ping-run',
  up: [
    `create table ping_run (
       monitor_id integer not null references monitor (id), run text not null, started_at bigint not null,
       primary key (monitor_id, run))`,
  ],
  down: ['drop table ping_run'],
};

interface RunTables {
  ping_run: { monitor_id: number; run: string; started_at: number };
}

/** Longer than any grace: what began before has been missed, and told of, long ago. */
const KEPT_MS = 8 * DAY_MS;
/** More runs at once than any job has; whoever counts them up does not fill the disk. */
const OPEN_MAX = 100;

export async function begin(tx: Tx, monitorId: number, run: string, at: number): Promise<void> {
  const runs = tx.of<RunTables>();
  await runs
    .insertInto('ping_run')
    .values({ monitor_id: monitorId, run, started_at: at })
    .onConflict((conflict) => conflict.columns(['monitor_id', 'run']).doUpdateSet({ started_at: at }))
    .execute();
  const open = runs.selectFrom('ping_run').select('started_at').where('monitor_id', '=', monitorId);
  const first = await open.orderBy('started_at', 'desc').offset(OPEN_MAX).limit(1).executeTakeFirst();
  const before = Math.max(at - KEPT_MS, (first?.started_at ?? 0) + 1);
  await runs.deleteFrom('ping_run').where('monitor_id', '=', monitorId).where('started_at', '<', before).execute();
}

/** When it began; undefined when nobody said so. */
export async function end(tx: Tx, monitorId: number, run: string): Promise<number | undefined> {
  const mine = tx.of<RunTables>().deleteFrom('ping_run').where('monitor_id', '=', monitorId).where('run', '=', run);
  return (await mine.returning('started_at').executeTakeFirst())?.started_at;
}

/** When those began that have not ended, the oldest first. */
export async function openOf(db: Db, monitorId: number): Promise<readonly number[]> {
  const query = db.of<RunTables>().selectFrom('ping_run').select('started_at').where('monitor_id', '=', monitorId);
  return (await query.orderBy('started_at').execute()).map((row) => row.started_at);
}
