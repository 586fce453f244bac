import { sql } from 'kysely';
import type { Db, Migration, Tx } from '../../contracts/database.ts';
import type { State } from '../../contracts/state.ts';
import type { Change } from './availability.ts';

/** Every committed state of every monitor: the one source of uptime. */
export const changeMigration: Migration = {
  id: 'monitoring/2026-11-20-state-change',
  up: [
    `create table state_change (
       monitor_id integer not null references monitor (id), at bigint not null, state text not null, reason text,
       root_cause text, confirmed_at bigint not null, primary key (monitor_id, at))`,
  ],
  down: ['drop table state_change'],
};

interface ChangeTables {
  state_change: {
    monitor_id: number;
    at: number;
    state: State;
    reason: string | null;
    root_cause: string | null;
    confirmed_at: number;
  };
}

export interface NewChange extends Change {
  readonly rootCause: string | null;
  readonly confirmedAt: number;
}

/** Two changes at one instant leave the later one: the earlier lasted no time at all. */
export async function insert(tx: Tx, monitorId: number, change: NewChange): Promise<void> {
  const { at, state, reason, rootCause, confirmedAt } = change;
  const values = { state, reason, root_cause: rootCause, confirmed_at: confirmedAt };
  await tx
    .of<ChangeTables>()
    .insertInto('state_change')
    .values({ monitor_id: monitorId, at, ...values })
    .onConflict((conflict) => conflict.columns(['monitor_id', 'at']).doUpdateSet(values))
    .execute();
}

/** When the first change was; undefined before it. */
export async function firstAt(tx: Tx, monitorId: number): Promise<number | undefined> {
  const query = tx.of<ChangeTables>().selectFrom('state_change').select('at').where('monitor_id', '=', monitorId);
  return (await query.orderBy('at').limit(1).executeTakeFirst())?.at;
}

/** Ascending. */
export async function listBefore(tx: Tx, monitorId: number, before: number): Promise<readonly Change[]> {
  const query = tx.of<ChangeTables>().selectFrom('state_change').select(['at', 'state', 'reason']);
  return query.where('monitor_id', '=', monitorId).where('at', '<', before).orderBy('at').execute();
}

const COLUMNS = ['monitor_id', 'at', 'state', 'reason', 'root_cause', 'confirmed_at'];

/** Makes the time before `before` say exactly this; what is there from then on stays. */
export async function replaceBefore(
  tx: Tx,
  monitorId: number,
  before: number,
  changes: readonly Change[],
): Promise<void> {
  const query = tx.of<ChangeTables>().deleteFrom('state_change').where('monitor_id', '=', monitorId);
  await query.where('at', '<', before).execute();
  const rows = changes.map(({ at, state, reason }) => [monitorId, at, state, reason, null, at]);
  await tx.append('state_change', COLUMNS, rows);
}

/** The changes since `from` and the one in force at `from`, ascending, by monitor. */
export async function listSince(
  db: Db,
  monitorIds: readonly number[],
  from: number,
): Promise<ReadonlyMap<number, readonly Change[]>> {
  if (monitorIds.length === 0) return new Map();
  // Of each monitor once, and not of each row.
  const inForce = sql<number>`coalesce((
    select max(earlier.at) from state_change earlier
    where earlier.monitor_id = monitor.id and earlier.at <= ${from}), 0)`;
  const rows = await db
    .of<ChangeTables & { monitor: { id: number } }>()
    .selectFrom('monitor')
    .innerJoin('state_change', (join) => join.onRef('monitor_id', '=', 'monitor.id').on('at', '>=', inForce))
    .select(['monitor_id', 'at', 'state_change.state', 'state_change.reason'])
    .where('monitor.id', 'in', [...monitorIds])
    .orderBy('monitor_id')
    .orderBy('at')
    .execute();
  return byMonitor(monitorIds, rows);
}

const MONITORS_AT_ONCE = 100;

/** The changes of each monitor from an instant of its own on, ascending. */
export async function listFrom(
  db: Db,
  instants: ReadonlyMap<number, number>,
): Promise<ReadonlyMap<number, readonly Change[]>> {
  const rows: Row[] = [];
  const all = [...instants];
  for (let start = 0; start < all.length; start += MONITORS_AT_ONCE) {
    const query = db.of<ChangeTables>().selectFrom('state_change').select(['monitor_id', 'at', 'state', 'reason']);
    const some = query.where((where) =>
      where.or(
        all
          .slice(start, start + MONITORS_AT_ONCE)
          .map(([id, at]) => where.and([where('monitor_id', '=', id), where('at', '>=', at)])),
      ),
    );
    rows.push(...(await some.orderBy('monitor_id').orderBy('at').execute()));
  }
  return byMonitor([...instants.keys()], rows);
}

type Row = Pick<ChangeTables['state_change'], 'monitor_id' | 'at' | 'state' | 'reason'>;

function byMonitor(ids: readonly number[], rows: readonly Row[]): ReadonlyMap<number, readonly Change[]> {
  const found = new Map<number, Change[]>(ids.map((id) => [id, []]));
  for (const { monitor_id: id, at, state, reason } of rows) found.get(id)?.push({ at, state, reason });
  return found;
}
