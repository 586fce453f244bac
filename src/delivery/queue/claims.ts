import { sql } from 'kysely';
import type { Reads, Tx } from '../../contracts/database.ts';
import type { Lane } from '../../contracts/outbound.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import * as attemptStore from './attempt-store.ts';
import type { DeliveryTable, DeliveryTables } from './delivery-store.ts';

/** Longer than any attempt may take, and short enough that the messages of a dead process are not late. */
const LEASE_MS = 20 * SECOND_MS;

/** A message that is ours for one attempt. */
export interface Claim extends attemptStore.AttemptKey {
  readonly sequence: number;
  readonly channel: string;
  readonly thread: string;
  readonly notice: string;
  readonly queuedAt: number;
}

/** The database, or a transaction that sees its own changes. */
export interface Source {
  of<Tables>(): Reads<Tables>;
}

export interface Look {
  readonly environment: string;
  readonly lane: Lane;
  readonly now: number;
  /** Channels that hold as much as they may. */
  readonly fullChannels: readonly string[];
  /** Sequences of what this process is at: its lease may have run out while the database was away. */
  readonly busyWith: readonly number[];
}

/** One channel in which something is open. */
export interface Head {
  /** What may be claimed there now, or null. */
  readonly sequence: number | null;
  /** When something there falls due next, or null. */
  readonly nextDueAt: number | null;
}

/**
 * Looks through the channels, of which there are few, instead of through the messages: ten thousand that wait for one
 * channel cost the others nothing. Each step of the recursion finds the next channel in the index. `offset 0` keeps
 * PostgreSQL from making a join of what is a question: without fresh statistics it would compare all with all.
 */
export async function look(
  source: Source,
  { environment, lane, now, fullChannels, busyWith }: Look,
): Promise<readonly Head[]> {
  const isOpen = sql`d.environment = ${environment} and d.lane = ${lane} and d.ended_at is null`;
  const query = sql<Head>`
    with recursive open_channel (channel) as (
      select (select d.channel from delivery d where ${isOpen} order by d.channel limit 1)
      union all
      select (
        select d.channel from delivery d where ${isOpen} and d.channel > open_channel.channel order by d.channel limit 1)
      from open_channel where open_channel.channel is not null)
    select
      (select d.sequence from delivery d
       where ${isOpen} and d.channel = o.channel and d.due_at <= ${now}
         and d.sequence not in (${listOf(busyWith, 0)})
         and not exists (
           select 1 from delivery earlier
           where earlier.thread = d.thread and earlier.channel = d.channel and earlier.environment = d.environment
             and earlier.sequence < d.sequence and earlier.ended_at is null
           limit 1 offset 0)
       order by d.due_at, d.sequence limit 1) as "sequence",
      (select d.due_at from delivery d
       where ${isOpen} and d.channel = o.channel and d.due_at > ${now} order by d.due_at limit 1) as "nextDueAt"
    from open_channel o where o.channel is not null and o.channel not in (${listOf(fullChannels, '')})`;
  return (await query.execute(source.of())).rows;
}

/** SQL knows no empty list; `nothing` is a value that none has. */
function listOf(values: readonly (string | number)[], nothing: string | number) {
  return sql.join(values.length > 0 ? values : [nothing]);
}

/** Takes those that nobody else has taken since they were looked at, and writes down that an attempt begins. */
export async function claim(tx: Tx, sequences: readonly number[], now: number): Promise<readonly Claim[]> {
  const rows = await tx
    .of<DeliveryTables>()
    .updateTable('delivery')
    .set(({ eb }) => ({ state: 'sending', attempts: eb('attempts', '+', 1), due_at: now + LEASE_MS }))
    .where('sequence', 'in', sequences)
    .where('ended_at', 'is', null)
    .where('due_at', '<=', now)
    .returning(['sequence', 'id', 'channel', 'thread', 'notice', 'attempts', 'queued_at'])
    .execute();
  const claims = rows.map(({ attempts, queued_at, ...row }) => ({ ...row, attempt: attempts, queuedAt: queued_at }));
  for (const taken of claims) await attemptStore.insertBegun(tx, taken, now);
  return claims.toSorted((one, other) => one.sequence - other.sequence);
}

type Settled = Pick<DeliveryTable, 'state' | 'due_at' | 'ended_at'>;

/** False when the lease ran out and somebody else has claimed the message since: the word of this attempt is void. */
export async function settle(tx: Tx, { id, attempt }: attemptStore.AttemptKey, to: Settled): Promise<boolean> {
  const query = tx.of<DeliveryTables>().updateTable('delivery').set(to).where('id', '=', id);
  const stillOurs = query.where('state', '=', 'sending').where('attempts', '=', attempt);
  const { numUpdatedRows } = await stillOurs.executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** For the only process there is: whoever held a lease is dead. */
export async function releaseAll(tx: Tx, environment: string, now: number): Promise<void> {
  const query = tx.of<DeliveryTables>().updateTable('delivery').set({ state: 'waiting', due_at: now });
  await query
    .where('environment', '=', environment)
    .where('state', '=', 'sending')
    .where('ended_at', 'is', null)
    .execute();
}
