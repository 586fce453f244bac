import { type RawBuilder, sql } from 'kysely';
import type { Db, Migration, SqlRow, Tx } from '../../contracts/database.ts';
import type { Outcome } from '../state/confirmation.ts';
import type { Window } from './availability.ts';
import { markLate } from './rollup-queue.ts';

/** What every single check said, apart from the state that was made of it. Compact: this is the largest table. */
const COLUMNS = `monitor_id integer not null, at bigint not null, outcome smallint not null, latency_us integer,
  reason text, primary key (monitor_id, at)`;

export const resultMigration: Migration = {
  id: 'monitoring/2026-11-20-check-result',
  up: {
    // The primary key is the whole access path; a row id of its own would double the writing.
    sqlite: [`create table check_result (${COLUMNS}) without rowid`],
    postgres: [`create table check_result (${COLUMNS})`],
  },
  down: ['drop table check_result'],
};

const WITH_LOCATION = `monitor_id integer not null, at bigint not null, location smallint not null default 0,
  outcome smallint not null, latency_us integer, reason text, primary key (monitor_id, at, location)`;
const KEPT_COLUMNS = 'monitor_id, at, outcome, latency_us, reason';

/** From where each check was made: 0 is here, anything else the number of a location. */
export const resultLocationMigration: Migration = {
  id: 'monitoring/2026-11-21-check-result-location',
  up: {
    sqlite: [
      'alter table check_result rename to check_result_before',
      `create table check_result (${WITH_LOCATION}) without rowid`,
      `insert into check_result (${KEPT_COLUMNS}) select ${KEPT_COLUMNS} from check_result_before`,
      'drop table check_result_before',
    ],
    postgres: [
      'alter table check_result add column location smallint not null default 0',
      'alter table check_result drop constraint check_result_pkey',
      'alter table check_result add primary key (monitor_id, at, location)',
    ],
  },
  // What others saw has no place in the older schema.
  down: {
    sqlite: [
      'alter table check_result rename to check_result_after',
      `create table check_result (${COLUMNS}) without rowid`,
      `insert into check_result (${KEPT_COLUMNS})
         select ${KEPT_COLUMNS} from check_result_after where location = 0`,
      'drop table check_result_after',
    ],
    postgres: [
      'delete from check_result where location <> 0',
      'alter table check_result drop constraint check_result_pkey',
      'alter table check_result drop column location',
      'alter table check_result add primary key (monitor_id, at)',
    ],
  },
};

interface ResultTables {
  check_result: {
    monitor_id: number;
    at: number;
    location: number;
    outcome: number;
    latency_us: number | null;
    reason: string | null;
  };
}

export interface ResultRecord {
  readonly at: number;
  readonly outcome: Outcome;
  readonly latencyMs: number | null;
  readonly reason: string | null;
}

const OUTCOMES = ['up', 'degraded', 'down'] as const;
/** How outcomes are stored. */
const OUTCOME_NUMBER = { up: 0, degraded: 1, down: 2 } as const satisfies Record<Outcome, number>;
const INSERT_COLUMNS = ['monitor_id', 'at', 'location', 'outcome', 'latency_us', 'reason'] as const;
const US_PER_MS = 1_000;

/** `location` is the number of the place it was seen from; 0 is here. */
export function toRow(
  monitorId: number,
  { at, outcome, latencyMs, reason }: ResultRecord,
  location: number = 0,
): SqlRow {
  const latency = latencyMs === null ? null : Math.round(latencyMs * US_PER_MS);
  return [monitorId, at, location, OUTCOME_NUMBER[outcome], latency, reason];
}

/** What is stored late is rolled up again. */
export async function append(tx: Tx, rows: readonly SqlRow[]): Promise<void> {
  await markLate(
    tx,
    rows.map(([monitorId, at]) => ({ monitorId: Number(monitorId), at: Number(at) })),
  );
  await tx.append('check_result', INSERT_COLUMNS, rows);
}

export interface ResultRange {
  /** Epoch milliseconds, inclusive. */
  readonly since: number;
  readonly limit: number;
}

/** The newest ones, newest first. */
export function listSince(db: Db, monitorId: number, range: ResultRange): Promise<readonly ResultRecord[]> {
  return select(db, monitorId, { ...range, order: 'desc' });
}

/** The oldest ones, oldest first: a page of a longer read. */
export function pageSince(db: Db, monitorId: number, range: ResultRange): Promise<readonly ResultRecord[]> {
  return select(db, monitorId, { ...range, order: 'asc' });
}

async function select(
  db: Db,
  monitorId: number,
  { since, limit, order }: ResultRange & { readonly order: 'asc' | 'desc' },
): Promise<readonly ResultRecord[]> {
  const query = db.of<ResultTables>().selectFrom('check_result').select(['at', 'outcome', 'latency_us', 'reason']);
  const found = query.where('monitor_id', '=', monitorId).where('at', '>=', since);
  return (await found.orderBy('at', order).limit(limit).execute()).map(fromRow);
}

/** The newest result of each monitor that has one, from wherever it was checked. */
export function latest(db: Db, monitorIds: readonly number[]): Promise<ReadonlyMap<number, ResultRecord>> {
  return newestOf(
    db,
    monitorIds,
    sql`(select max(newer.at) from check_result newer where newer.monitor_id = monitor.id)`,
  );
}

/** The same of checks made here. */
export function latestHere(db: Db, monitorIds: readonly number[]): Promise<ReadonlyMap<number, ResultRecord>> {
  return newestOf(
    db,
    monitorIds,
    sql`(select max(newer.at) from check_result newer where newer.monitor_id = monitor.id and newer.location = 0)`,
  );
}

async function newestOf(
  db: Db,
  monitorIds: readonly number[],
  newest: RawBuilder<number>,
): Promise<ReadonlyMap<number, ResultRecord>> {
  if (monitorIds.length === 0) return new Map();
  const rows = await db
    .of<ResultTables & { monitor: { id: number } }>()
    .selectFrom('monitor')
    .innerJoin('check_result', (join) => join.onRef('monitor_id', '=', 'monitor.id').on('at', '=', newest))
    .select(['monitor_id', 'at', 'outcome', 'latency_us', 'check_result.reason'])
    .where('monitor.id', 'in', [...monitorIds])
    // Of several places at one instant ours is taken last, and stays.
    .orderBy('location', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.monitor_id, fromRow(row)]));
}

/** A result as roll-ups need it: from wherever it was seen, and without its reason. */
export interface StoredResult {
  readonly at: number;
  readonly location: number;
  readonly outcome: Outcome;
  readonly latencyUs: number | null;
}

/** Everything one monitor has in the window, ascending. */
export async function listIn(
  source: Pick<Db, 'of'> | Tx,
  monitorId: number,
  { from, to }: Window,
): Promise<readonly StoredResult[]> {
  const query = source
    .of<ResultTables>()
    .selectFrom('check_result')
    .select(['at', 'location', 'outcome', 'latency_us']);
  const found = query.where('monitor_id', '=', monitorId).where('at', '>=', from).where('at', '<', to);
  const rows = await found.orderBy('at').orderBy('location').execute();
  return rows.map(({ at, location, outcome, latency_us: latencyUs }) => ({
    at,
    location,
    outcome: outcomeOf(outcome),
    latencyUs,
  }));
}

/** When the result was made that comes after the `count` oldest ones; undefined when there are not as many. */
export async function timeAfter(tx: Tx, monitorId: number, count: number): Promise<number | undefined> {
  const query = tx.of<ResultTables>().selectFrom('check_result').select('at').where('monitor_id', '=', monitorId);
  return (await query.orderBy('at').offset(count).limit(1).executeTakeFirst())?.at;
}

/** Returns how many. */
export async function deleteIn(tx: Tx, monitorId: number, { from, to }: Window): Promise<number> {
  const query = tx.of<ResultTables>().deleteFrom('check_result').where('monitor_id', '=', monitorId);
  const { numDeletedRows } = await query.where('at', '>=', from).where('at', '<', to).executeTakeFirst();
  return Number(numDeletedRows);
}

function fromRow(row: Omit<ResultTables['check_result'], 'monitor_id' | 'location'>): ResultRecord {
  return {
    at: row.at,
    outcome: outcomeOf(row.outcome),
    latencyMs: row.latency_us === null ? null : row.latency_us / US_PER_MS,
    reason: row.reason,
  };
}

function outcomeOf(stored: number): Outcome {
  return OUTCOMES[stored] ?? 'down';
}
