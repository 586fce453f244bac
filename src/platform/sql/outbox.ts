import { sql } from 'kysely';
import type { Migration, Reads, Tx } from '../../contracts/database.ts';
import {
  type EventName,
  type EventPayload,
  Events,
  type Position,
  type RecordedEvent,
} from '../../contracts/events.ts';
import { horizon } from './outbox-horizon.ts';

/**
 * Every event, in the order in which a reader may see it. On SQLite writers take turns, so an autoincremented number
 * is that order. On PostgreSQL numbers become visible out of order; there the order is (transaction id, number), and
 * a reader stays below the oldest transaction of the database that still runs, so that nothing can appear behind its
 * back.
 */
export const outboxMigration: Migration = {
  id: 'platform/2026-11-20-outbox',
  up: {
    sqlite: [
      `create table outbox (
         seq integer primary key autoincrement, name text not null, payload text not null, at integer not null)`,
      'create table outbox_cursor (consumer text primary key, xid text not null, seq integer not null)',
    ],
    postgres: [
      `create table outbox (
         xid xid8 not null default pg_current_xact_id(), seq bigint generated always as identity,
         name text not null, payload text not null, at bigint not null, primary key (xid, seq))`,
      'create table outbox_cursor (consumer text primary key, xid text not null, seq bigint not null)',
    ],
  },
  down: ['drop table outbox_cursor', 'drop table outbox'],
};

export const START: Position = '0/0';

/** An event as it is stored: name, payload as JSON, time. */
export type OutboxEntry = readonly [name: EventName, payload: string, at: number];

/** What each entry is written with; the engine decides how its three values get in. */
export const INSERT_ENTRY = 'insert into outbox (name, payload, at) values';

/** Throws when the payload is not what `contracts/events.ts` promises for this name. */
export function toEntry<Name extends EventName>(name: Name, payload: EventPayload<Name>, at: number): OutboxEntry {
  return [name, JSON.stringify(Events[name].parse(payload)), at];
}

interface OutboxRow {
  readonly xid: string;
  readonly seq: number;
  readonly name: string;
  readonly payload: string;
}

export interface OutboxPage {
  readonly events: readonly RecordedEvent[];
  /** Where the next page begins, also past events whose name this version does not know. */
  readonly next: Position;
  /** Whether as many were there as were asked for, so that there may be more. */
  readonly isFull: boolean;
  /** Events of a newer version, skipped: a downgrade must live. */
  readonly unknownCount: number;
}

/** Either a transaction or the database itself. */
export interface Source {
  readonly engine: Tx['engine'];
  of<Tables>(): Reads<Tables>;
}

export async function readOutbox(source: Source, after: Position, limit: number): Promise<OutboxPage> {
  const [xid = '0', seq = '0'] = after.split('/');
  const query =
    source.engine === 'sqlite'
      ? sql<OutboxRow>`
          select '0' as xid, seq, name, payload from outbox where seq > ${Number(seq)} order by seq limit ${limit}`
      : sql<OutboxRow>`
          select xid::text, seq, name, payload from outbox
          where (xid, seq) > (${xid}::xid8, ${seq}::bigint) and xid < ${horizon}
          order by outbox.xid, seq limit ${limit}`;
  const { rows } = await query.execute(source.of());
  const known = rows.filter((row) => Object.hasOwn(Events, row.name));
  const last = rows.at(-1);
  return {
    events: known.map(toEvent),
    next: last === undefined ? after : positionOf(last),
    isFull: rows.length === limit,
    unknownCount: rows.length - known.length,
  };
}

/**
 * Whether something beyond `after` is committed that could not be read, because an older transaction of the database
 * still ran. Its end announces nothing, so a reader has to look again by itself; also if it has ended meanwhile, which
 * is why no horizon is asked for. Never so on SQLite.
 */
export async function hasHiddenEvents(source: Source, after: Position): Promise<boolean> {
  if (source.engine === 'sqlite') return false;
  const [xid = '0', seq = '0'] = after.split('/');
  const query = sql`select 1 from outbox where (xid, seq) > (${xid}::xid8, ${seq}::bigint) limit 1`;
  return (await query.execute(source.of())).rows.length > 0;
}

/** The end of what may be read now: where a listener that only cares for the future begins. */
export async function endOfOutbox(source: Source): Promise<Position> {
  const query =
    source.engine === 'sqlite'
      ? sql<OutboxRow>`select '0' as xid, seq from outbox order by seq desc limit 1`
      : sql<OutboxRow>`
          select xid::text, seq from outbox where xid < ${horizon}
          order by outbox.xid desc, seq desc limit 1`;
  const { rows } = await query.execute(source.of());
  return rows[0] === undefined ? START : positionOf(rows[0]);
}

/** Where a consumer stands; a new one behind what came before `startsAfter`. Its row stays locked until the transaction ends, so that no event is handled twice at once. */
export async function lockCursor(tx: Tx, consumer: string, startsAfter = 0): Promise<Position> {
  const lock = tx.engine === 'postgres' ? sql`for update` : sql``;
  const query = sql<OutboxRow>`select xid, seq from outbox_cursor where consumer = ${consumer} ${lock}`;
  const { rows } = await query.execute(tx.of());
  if (rows[0] !== undefined) return positionOf(rows[0]);
  // Only once in the life of a consumer. Whoever comes second waits here, and then finds the row.
  const [xid, seq] = (await lastBefore(tx, startsAfter)).split('/');
  const insert = sql`
    insert into outbox_cursor (consumer, xid, seq) values (${consumer}, ${xid}, ${Number(seq)}) on conflict do nothing`;
  await insert.execute(tx.of());
  return lockCursor(tx, consumer);
}

/** Behind the last event from before this instant. */
async function lastBefore(tx: Tx, at: number): Promise<Position> {
  const [xid, order] =
    tx.engine === 'sqlite' ? [sql`'0'`, sql`seq desc`] : [sql`xid::text`, sql`outbox.xid desc, seq desc`];
  const query = sql<OutboxRow>`select ${xid} as xid, seq from outbox where at < ${at} order by ${order} limit 1`;
  const { rows } = await query.execute(tx.of());
  return rows[0] === undefined ? START : positionOf(rows[0]);
}

export async function moveCursor(tx: Tx, consumer: string, to: Position): Promise<void> {
  const [xid = '0', seq = '0'] = to.split('/');
  await sql`update outbox_cursor set xid = ${xid}, seq = ${Number(seq)} where consumer = ${consumer}`.execute(tx.of());
}

/** Forgets events older than `before`, but none that a consumer has yet to see. Returns how many. */
export async function pruneOutbox(tx: Tx, before: number): Promise<number> {
  const isAhead =
    tx.engine === 'sqlite' ? sql`c.seq < outbox.seq` : sql`(c.xid::xid8, c.seq) < (outbox.xid, outbox.seq)`;
  const query = sql`
    delete from outbox where at < ${before} and not exists (select 1 from outbox_cursor c where ${isAhead})`;
  const { numAffectedRows } = await query.execute(tx.of());
  return Number(numAffectedRows ?? 0);
}

function toEvent(row: OutboxRow): RecordedEvent {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only known names come here
  const name = row.name as EventName;
  const event = { position: positionOf(row), name, payload: Events[name].parse(JSON.parse(row.payload)) };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- parsed with the schema of this very name
  return event as RecordedEvent;
}

function positionOf({ xid, seq }: OutboxRow): Position {
  return `${Number(xid)}/${seq}`;
}
