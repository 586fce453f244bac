import { type RawBuilder, sql } from 'kysely';
import type { Db, Migration, Tx } from '../../contracts/database.ts';
import { HOUR_MS, SECOND_MS } from '../../kernel/clock.ts';
import type { Shard } from './plan.ts';
import { SHARDS } from './shard-of.ts';

/** Who shares the work of one environment, until when each is believed to live, and what is whose. */
export const shardMigration: Migration = {
  id: 'monitoring/2026-11-21-check-shard',
  up: [
    `create table check_worker (environment text not null, worker text not null, expires_at bigint not null,
       primary key (environment, worker))`,
    `create table check_shard (environment text not null, shard integer not null, owner text, epoch integer not null,
       primary key (environment, shard))`,
  ],
  down: ['drop table check_shard', 'drop table check_worker'],
};

/** One worker of one environment. */
export interface Worker {
  readonly environment: string;
  readonly worker: string;
}

/** By the clock of the database: those of the machines need not agree. */
const NOW = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
/** A process may be suspended, or cut off, between two statements; the server then ends what it holds locked. */
const IDLE_MS_MAX = 2 * SECOND_MS;
const NOT_FOR_LONG = sql`set_config('idle_in_transaction_session_timeout', ${String(IDLE_MS_MAX)}, true)`;
const FORGET_AFTER_MS = HOUR_MS;

export async function prepare(tx: Tx, { environment }: Worker): Promise<void> {
  await run(
    tx,
    sql`insert into check_shard (environment, shard, owner, epoch)
        select ${environment}::text, shard, null, 0 from generate_series(0, ${SHARDS - 1}::integer) as shard
        on conflict do nothing`,
  );
}

/** From now on everybody knows that it lives, for `ttlMs`. Whoever wants what is its own has to wait for this. */
export async function renew(tx: Tx, { environment, worker }: Worker, ttlMs: number): Promise<void> {
  await run(
    tx,
    sql`insert into check_worker (environment, worker, expires_at)
        values (${environment}, ${worker}, ${NOW} + ${ttlMs}::bigint)
        on conflict (environment, worker) do update set expires_at = excluded.expires_at
        returning ${NOT_FOR_LONG}`,
  );
}

export interface Seen {
  readonly live: readonly string[];
  readonly shards: readonly Shard[];
}

export async function look(db: Pick<Db, 'of'>, { environment }: Worker): Promise<Seen> {
  const workers = sql<{ worker: string }>`
    select worker from check_worker where environment = ${environment} and expires_at > ${NOW}`;
  const shards = sql<Shard>`
    select shard, owner, epoch from check_shard where environment = ${environment} order by shard`;
  const [live, all] = [await workers.execute(db.of()), await shards.execute(db.of())];
  return { live: live.rows.map(({ worker }) => worker), shards: all.rows };
}

/**
 * Takes those of `shards` that nobody owns, or somebody whose lease has run out, and who cannot renew it before this is
 * committed. What is locked at the moment is left for the next time.
 */
export async function take(
  tx: Tx,
  { environment, worker }: Worker,
  shards: readonly number[],
): Promise<readonly Shard[]> {
  const { rows } = await sql<Shard>`
    with wanted as (
      select shard, owner from check_shard
      where environment = ${environment} and shard in (${sql.join(shards)}) order by shard for update skip locked),
    gone as (
      select worker from check_worker
      where environment = ${environment} and expires_at <= ${NOW} and worker in (select owner from wanted)
      order by worker for update skip locked)
    update check_shard set owner = ${worker}, epoch = epoch + 1
    where environment = ${environment}
      and shard in (select shard from wanted where owner is null or owner in (select worker from gone))
    returning shard, owner, epoch, ${NOT_FOR_LONG}`.execute(tx.of());
  return rows;
}

export async function release(tx: Tx, { environment, worker }: Worker, shards: readonly number[]): Promise<void> {
  await run(
    tx,
    sql`update check_shard set owner = null
        where environment = ${environment} and owner = ${worker} and shard in (${sql.join(shards)})
        returning ${NOT_FOR_LONG}`,
  );
}

/** It ends: what was its own is free at once, and those who ended without a word long ago are forgotten. */
export async function leave(tx: Tx, { environment, worker }: Worker): Promise<void> {
  await run(
    tx,
    sql`update check_shard set owner = null where environment = ${environment} and owner = ${worker}
        returning ${NOT_FOR_LONG}`,
  );
  await run(
    tx,
    sql`delete from check_worker w where environment = ${environment}
          and (worker = ${worker} or expires_at < ${NOW} - ${FORGET_AFTER_MS}::bigint)
          and not exists (select from check_shard s where s.environment = w.environment and s.owner = w.worker)`,
  );
}

/** The epochs of those of `shards` that are still its own; nobody can take them before this transaction ends. */
export async function hold(
  tx: Tx,
  { environment, worker }: Worker,
  shards: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  if (shards.length === 0) return new Map();
  const { rows } = await sql<{ shard: number; epoch: number }>`
    select shard, epoch, ${NOT_FOR_LONG} from check_shard
    where environment = ${environment} and owner = ${worker} and shard in (${sql.join(shards)})
    order by shard for share`.execute(tx.of());
  return new Map(rows.map(({ shard, epoch }) => [shard, epoch]));
}

async function run(tx: Tx, statement: RawBuilder<unknown>): Promise<void> {
  await statement.execute(tx.of());
}
