import type { Db, Migration, Tx } from '../../contracts/database.ts';
import type { DeliveryAttempt } from '../../contracts/facts.ts';
import type { DeliveryTables } from './delivery-store.ts';

/** Each try of each message, written when it begins: after a crash it shows what may have arrived. */
export const attemptMigration: Migration = {
  id: 'delivery/2026-11-21-delivery-attempt',
  up: [
    `create table delivery_attempt (
       delivery_id text not null references delivery (id) on delete cascade, attempt integer not null,
       at bigint not null, took_ms integer not null, outcome text not null, detail text not null,
       primary key (delivery_id, attempt))`,
  ],
  down: ['drop table delivery_attempt'],
};

interface AttemptTables {
  delivery_attempt: {
    delivery_id: string;
    attempt: number;
    at: number;
    took_ms: number;
    outcome: DeliveryAttempt['outcome'];
    detail: string;
  };
}

/** What is known of an attempt until its end is written down. */
const UNDER_WAY = 'It is under way, or we were stopped in the middle of it: then it may have arrived.';
/** An answer can be a whole page of HTML; its beginning is enough to recognise it. */
const DETAIL_LENGTH_MAX = 500;
/** Of each message: two hundred that have failed for a day have sixty thousand attempts, and nobody reads those. */
const LISTED_MAX = 20;

export interface AttemptKey {
  readonly id: string;
  /** 1 for the first. */
  readonly attempt: number;
}

export type End = Omit<DeliveryAttempt, 'at'>;

export async function insertBegun(tx: Tx, { id, attempt }: AttemptKey, at: number): Promise<void> {
  await tx
    .of<AttemptTables>()
    .insertInto('delivery_attempt')
    .values({ delivery_id: id, attempt, at, took_ms: 0, outcome: 'unknown', detail: UNDER_WAY })
    .execute();
}

export async function setEnd(tx: Tx, { id, attempt }: AttemptKey, { outcome, detail, tookMs }: End): Promise<void> {
  await tx
    .of<AttemptTables>()
    .updateTable('delivery_attempt')
    .set({ outcome, detail: detail.slice(0, DETAIL_LENGTH_MAX), took_ms: Math.round(tookMs) })
    .where('delivery_id', '=', id)
    .where('attempt', '=', attempt)
    .execute();
}

/** Of each message named the newest ones, oldest first. */
export async function listOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, readonly DeliveryAttempt[]>> {
  if (ids.length === 0) return new Map();
  const messages = db.of<AttemptTables & DeliveryTables>().selectFrom('delivery as d');
  const query = messages.innerJoin('delivery_attempt as a', (join) =>
    join.onRef('a.delivery_id', '=', 'd.id').on((eb) => eb('a.attempt', '>', eb('d.attempts', '-', LISTED_MAX))),
  );
  const rows = await query
    .selectAll('a')
    .where('d.id', 'in', [...ids])
    .orderBy('a.attempt')
    .execute();
  const found = new Map<string, DeliveryAttempt[]>(ids.map((id) => [id, []]));
  for (const { delivery_id, at, took_ms, outcome, detail } of rows) {
    found.get(delivery_id)?.push({ at, tookMs: took_ms, outcome, detail });
  }
  return found;
}
