import { sql } from 'kysely';
import type { Migration, Reads, Tx } from '../../contracts/database.ts';
import type { RecordedEvent } from '../../contracts/events.ts';
import { messageOf } from '../../kernel/errors.ts';

/** Events that a consumer could not handle: kept whole, so that nothing is lost while everything else goes on. */
export const parkedEventMigration: Migration = {
  id: 'platform/2026-11-22-parked-event',
  up: [
    `create table parked_event (
       consumer text not null, position text not null, name text not null, payload text not null, error text not null,
       parked_at bigint not null, primary key (consumer, position))`,
  ],
  down: ['drop table parked_event'],
};

interface ParkedTables {
  parked_event: { consumer: string; position: string; name: string; payload: string; error: string; parked_at: number };
}

export interface ParkedEvent {
  readonly consumer: string;
  readonly position: string;
  readonly name: string;
  readonly error: string;
  readonly parkedAt: number;
}

export async function park(
  tx: Tx,
  consumer: string,
  { position, name, payload }: RecordedEvent,
  { error, at }: { readonly error: unknown; readonly at: number },
): Promise<void> {
  const row = { consumer, position, name, payload: JSON.stringify(payload), error: messageOf(error), parked_at: at };
  await tx
    .of<ParkedTables>()
    .insertInto('parked_event')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Oldest first. */
export async function listParked(source: { of<Tables>(): Reads<Tables> }): Promise<readonly ParkedEvent[]> {
  const query = source.of<ParkedTables>().selectFrom('parked_event').selectAll();
  const rows = await query.orderBy('parked_at').orderBy('position').execute();
  return rows.map(({ consumer, position, name, error, parked_at: parkedAt }) => ({
    consumer,
    position,
    name,
    error,
    parkedAt,
  }));
}

export async function deleteParkedBefore(tx: Tx, before: number): Promise<number> {
  const { numAffectedRows } = await sql`delete from parked_event where parked_at < ${before}`.execute(tx.of());
  return Number(numAffectedRows ?? 0);
}
