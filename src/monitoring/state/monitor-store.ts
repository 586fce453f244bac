import type { Db, Migration, Tx } from '../../contracts/database.ts';
import type { State } from '../../contracts/state.ts';
import { errors } from '../errors.ts';

/**
 * Who is watched and the state that was committed. A monitor keeps its number through a rename and after its removal,
 * so its history stays its own.
 */
const COLUMNS = `environment text not null, name text not null, ping_key text not null, watched_since bigint not null,
  state text not null, since bigint not null, reason text, removed_at bigint,
  unique (environment, name)`;

export const monitorMigration: Migration = {
  id: 'monitoring/2026-11-20-monitor',
  up: {
    sqlite: [`create table monitor (id integer primary key autoincrement, ${COLUMNS})`],
    postgres: [`create table monitor (id integer generated always as identity primary key, ${COLUMNS})`],
  },
  down: ['drop table monitor'],
};

interface MonitorTable {
  id: number;
  environment: string;
  name: string;
  ping_key: string;
  watched_since: number;
  state: State;
  since: number;
  reason: string | null;
  removed_at: number | null;
}

export interface MonitorTables {
  monitor: MonitorTable;
}

export interface MonitorRecord {
  readonly environment: string;
  readonly id: number;
  readonly name: string;
  /** The secret part of the address that a push monitor is told at. */
  readonly pingKey: string;
  readonly watchedSince: number;
  readonly state: State;
  readonly since: number;
  readonly reason: string | null;
  readonly removedAt: number | null;
}

export async function list(source: Pick<Db, 'of'> | Tx, environment: string): Promise<readonly MonitorRecord[]> {
  const query = source.of<MonitorTables>().selectFrom('monitor').selectAll();
  return (await query.where('environment', '=', environment).orderBy('id').execute()).map(fromRow);
}

export async function find(db: Db, id: number): Promise<MonitorRecord | undefined> {
  const query = db.of<MonitorTables>().selectFrom('monitor').selectAll();
  const row = await query.where('id', '=', id).executeTakeFirst();
  return row && fromRow(row);
}

/** Throws MONITOR_UNKNOWN. Also those that are watched no more. */
export async function named(db: Db, environment: string, name: string): Promise<MonitorRecord> {
  const record = await findNamed(db, environment, name);
  if (record === undefined) throw errors.MONITOR_UNKNOWN({ name });
  return record;
}

export async function findNamed(db: Db, environment: string, name: string): Promise<MonitorRecord | undefined> {
  const query = db.of<MonitorTables>().selectFrom('monitor').selectAll().where('environment', '=', environment);
  const row = await query.where('name', '=', name).executeTakeFirst();
  return row && fromRow(row);
}

export async function findByPingKey(db: Db, key: string): Promise<MonitorRecord | undefined> {
  const query = db.of<MonitorTables>().selectFrom('monitor').selectAll();
  const row = await query.where('ping_key', '=', key).where('removed_at', 'is', null).executeTakeFirst();
  return row && fromRow(row);
}

/** Does nothing when another process has just done the same. */
export async function insert(
  tx: Tx,
  environment: string,
  { name, pingKey, at }: { readonly name: string; readonly pingKey: string; readonly at: number },
): Promise<void> {
  const row = { environment, name, ping_key: pingKey, watched_since: at, state: 'unknown', since: at } as const;
  await tx
    .of<{ monitor: Omit<MonitorTable, 'id'> }>()
    .insertInto('monitor')
    .values({ ...row, reason: null, removed_at: null })
    .onConflict((conflict) => conflict.columns(['environment', 'name']).doNothing())
    .execute();
}

export async function rename(tx: Tx, id: number, name: string): Promise<void> {
  await tx.of<MonitorTables>().updateTable('monitor').set({ name }).where('id', '=', id).execute();
}

export async function setRemoved(tx: Tx, id: number, at: number): Promise<void> {
  await tx.of<MonitorTables>().updateTable('monitor').set({ removed_at: at }).where('id', '=', id).execute();
}

/** What was due while it was not watched is no business of ours, hence the new beginning. */
export async function bringBack(tx: Tx, id: number, at: number): Promise<void> {
  const changes = { removed_at: null, watched_since: at };
  await tx.of<MonitorTables>().updateTable('monitor').set(changes).where('id', '=', id).execute();
}

export interface NewState {
  readonly state: State;
  readonly since: number;
  readonly reason: string | null;
}

/**
 * Compare-and-set: false when the monitor is no longer in the state the caller saw, has left it and come back since, or
 * is watched no more.
 */
export async function setState(
  tx: Tx,
  seen: Pick<MonitorRecord, 'id' | 'state' | 'since'>,
  next: NewState,
): Promise<boolean> {
  const query = tx.of<MonitorTables>().updateTable('monitor').set(next).where('id', '=', seen.id);
  const asSeen = query.where('state', '=', seen.state).where('since', '=', seen.since).where('removed_at', 'is', null);
  const { numUpdatedRows } = await asSeen.executeTakeFirst();
  return numUpdatedRows === 1n;
}

function fromRow(row: MonitorTable): MonitorRecord {
  return {
    id: row.id,
    environment: row.environment,
    name: row.name,
    pingKey: row.ping_key,
    watchedSince: row.watched_since,
    state: row.state,
    since: row.since,
    reason: row.reason,
    removedAt: row.removed_at,
  };
}
