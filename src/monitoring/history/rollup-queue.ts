import { sql } from 'kysely';
import type { Db, Tx } from '../../contracts/database.ts';
import { HOUR_MS } from '../../kernel/clock.ts';
import { startOf } from './rollup-store.ts';

/**
 * What has to be rolled up. The hours before the cursor have been put into the queue; whoever stores a result that is
 * older than the cursor puts its hour there again, in the same transaction. So nothing is rolled up too early and
 * forgotten, whenever a result comes and wherever a process dies.
 */
interface QueueTables {
  rollup_cursor: { id: number; until: number };
  rollup_due: { monitor_id: number; tier: number; at: number };
  rollup_floor: { monitor_id: number; results_before: number; hours_before: number };
  monitor: { id: number };
  check_result: { monitor_id: number; at: number };
}

const CURSOR = 1;
const DUE_NUMBER = { hour: 1, day: 2 } as const;
export type DueTier = keyof typeof DUE_NUMBER;

export interface Due {
  readonly monitorId: number;
  readonly at: number;
}

/** Before these instants something has been deleted, and only coarser roll-ups remain. */
export interface Floor {
  readonly resultsBefore: number;
  readonly hoursBefore: number;
}

/**
 * Where the cursor is. On PostgreSQL those who store results hold it together and those who roll up or prune hold it
 * alone; on SQLite whoever writes is alone anyway. Take it first.
 */
export async function hold(tx: Tx, how: 'together' | 'alone'): Promise<number> {
  const query = tx.of<QueueTables>().selectFrom('rollup_cursor').select('until').where('id', '=', CURSOR);
  const held = tx.engine === 'sqlite' ? query : how === 'alone' ? query.forUpdate() : query.forShare();
  return (await held.executeTakeFirstOrThrow()).until;
}

export async function cursor(db: Db): Promise<number> {
  const query = db.of<QueueTables>().selectFrom('rollup_cursor').select('until').where('id', '=', CURSOR);
  return (await query.executeTakeFirstOrThrow()).until;
}

/** Call it where results are stored, in their transaction. */
export async function markLate(tx: Tx, results: readonly Due[]): Promise<void> {
  const until = await hold(tx, 'together');
  const late = results.filter(({ at }) => at < until);
  if (late.length > 0) await mark(tx, 'hour', late);
}

/** Puts the time that `at` lies in into the queue; once is enough. */
export async function mark(tx: Tx, tier: DueTier, dues: readonly Due[]): Promise<void> {
  const rows = new Map(dues.map(({ monitorId, at }) => [`${monitorId} ${startOf(at, tier)}`, { monitorId, at }]));
  await tx.append(
    'rollup_due',
    ['monitor_id', 'tier', 'at'],
    [...rows.values()].map(({ monitorId, at }) => [monitorId, DUE_NUMBER[tier], startOf(at, tier)]),
  );
}

/** Puts every hour of the window in which something was checked into the queue, and moves the cursor behind it. */
export async function advance(tx: Tx, from: number, until: number): Promise<void> {
  const table = tx.of<QueueTables>();
  for (let hour = from; hour < until; hour += HOUR_MS) {
    await sql`insert into rollup_due (monitor_id, tier, at)
      select id, ${sql.lit(DUE_NUMBER.hour)}, ${sql.lit(hour)} from monitor
      where exists (select 1 from check_result
        where monitor_id = monitor.id and check_result.at >= ${hour} and check_result.at < ${hour + HOUR_MS})
      on conflict do nothing`.execute(table);
  }
  await table.updateTable('rollup_cursor').set({ until }).where('id', '=', CURSOR).execute();
}

/** When the first check of all was made; undefined before it. */
export async function firstResultAt(tx: Tx): Promise<number | undefined> {
  const oldest = sql<number | null>`(select min(at) from check_result where monitor_id = monitor.id)`;
  const rows = await tx.of<QueueTables>().selectFrom('monitor').select(oldest.as('at')).execute();
  const times = rows.flatMap(({ at }) => at ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** What is due, in the order of the index. */
export async function listDue(
  tx: Tx,
  tier: DueTier,
  range: { before: number; limit: number },
): Promise<readonly Due[]> {
  const query = tx.of<QueueTables>().selectFrom('rollup_due').select(['monitor_id', 'at']);
  const due = query.where('tier', '=', DUE_NUMBER[tier]).where('at', '<', range.before);
  const rows = await due.orderBy('monitor_id').orderBy('at').limit(range.limit).execute();
  return rows.map(({ monitor_id: monitorId, at }) => ({ monitorId, at }));
}

/** What of one monitor is due: its roll-ups do not say what the results say. */
export async function dueOf(source: Pick<Db, 'of'> | Tx, tier: DueTier, monitorId: number): Promise<readonly number[]> {
  const query = source.of<QueueTables>().selectFrom('rollup_due').select('at');
  const due = query.where('tier', '=', DUE_NUMBER[tier]).where('monitor_id', '=', monitorId);
  return (await due.orderBy('at').execute()).map(({ at }) => at);
}

export async function settle(tx: Tx, tier: DueTier, { monitorId, at }: Due): Promise<void> {
  const query = tx.of<QueueTables>().deleteFrom('rollup_due').where('tier', '=', DUE_NUMBER[tier]);
  await query.where('monitor_id', '=', monitorId).where('at', '=', at).execute();
}

export async function floorOf(source: Pick<Db, 'of'> | Tx, monitorId: number): Promise<Floor> {
  const query = source.of<QueueTables>().selectFrom('rollup_floor').selectAll();
  const row = await query.where('monitor_id', '=', monitorId).executeTakeFirst();
  return { resultsBefore: row?.results_before ?? 0, hoursBefore: row?.hours_before ?? 0 };
}

export async function setFloor(tx: Tx, monitorId: number, { resultsBefore, hoursBefore }: Floor): Promise<void> {
  const values = { results_before: resultsBefore, hours_before: hoursBefore };
  const query = tx
    .of<QueueTables>()
    .insertInto('rollup_floor')
    .values({ monitor_id: monitorId, ...values });
  await query.onConflict((conflict) => conflict.column('monitor_id').doUpdateSet(values)).execute();
}
