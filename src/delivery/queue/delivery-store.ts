import type { Db, Migration, Tx } from '../../contracts/database.ts';
import type { Lane } from '../../contracts/outbound.ts';

/**
 * Every message that was ever to be sent. The sequence is the order within a thread. What is open is found by its
 * channel and by its thread, what has ended by its age, so that a long past and a long queue cost the next one nothing.
 */
const COLUMNS = `id text not null unique, environment text not null, message_key text not null, lane text not null,
  channel text not null, thread text not null, title text not null, notice text not null, state text not null,
  attempts integer not null, due_at bigint not null, known_at bigint not null, queued_at bigint not null, ended_at bigint,
  unique (message_key, environment)`;

const INDEXES = [
  `create index delivery_due on delivery (environment, lane, channel, due_at, sequence) where ended_at is null`,
  `create index delivery_thread on delivery (thread, channel, environment, sequence) where ended_at is null`,
  `create index delivery_ended on delivery (environment, ended_at) where ended_at is not null`,
];

export const deliveryMigration: Migration = {
  id: 'delivery/2026-11-21-delivery',
  up: {
    sqlite: [`create table delivery (sequence integer primary key autoincrement, ${COLUMNS})`, ...INDEXES],
    postgres: [
      `create table delivery (sequence bigint generated always as identity primary key, ${COLUMNS})`,
      ...INDEXES,
    ],
  },
  down: ['drop table delivery'],
};

export type DeliveryState = 'waiting' | 'sending' | 'delivered' | 'dead';

export interface DeliveryTable {
  sequence: number;
  id: string;
  environment: string;
  message_key: string;
  lane: Lane;
  channel: string;
  thread: string;
  title: string;
  /** JSON; whoever sends it validates it. */
  notice: string;
  state: DeliveryState;
  /** How many began. It grows with each claim, so it is the fencing number too. */
  attempts: number;
  /** When it may be claimed: of a waiting message the next attempt, of one that is being sent the end of the lease. */
  due_at: number;
  known_at: number;
  queued_at: number;
  ended_at: number | null;
}

export interface DeliveryTables {
  delivery: DeliveryTable;
}

export type NewDelivery = Pick<
  DeliveryTable,
  'id' | 'environment' | 'message_key' | 'lane' | 'channel' | 'thread' | 'title' | 'notice' | 'known_at' | 'queued_at'
>;

/** False when there is a message with that key. */
export async function insert(tx: Tx, row: NewDelivery): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .of<{ delivery: Omit<DeliveryTable, 'sequence'> }>()
    .insertInto('delivery')
    .values({ ...row, state: 'waiting', attempts: 0, due_at: row.queued_at, ended_at: null })
    .onConflict((conflict) => conflict.columns(['environment', 'message_key']).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** Newest first. */
export function list(db: Db, environment: string, limit: number): Promise<readonly DeliveryTable[]> {
  const query = db.of<DeliveryTables>().selectFrom('delivery').selectAll().where('environment', '=', environment);
  return query.orderBy('sequence', 'desc').limit(limit).execute();
}

/** The oldest ones, with their attempts. Returns how many. */
export async function deleteEnded(
  tx: Tx,
  environment: string,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number> {
  const deliveries = tx.of<DeliveryTables>();
  const ended = deliveries.selectFrom('delivery').select('sequence').where('environment', '=', environment);
  const oldest = ended.where('ended_at', '<', before).orderBy('ended_at').limit(limit);
  const { numDeletedRows } = await deliveries.deleteFrom('delivery').where('sequence', 'in', oldest).executeTakeFirst();
  return Number(numDeletedRows);
}
