import type { Db, Tx } from '../../contracts/database.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import type { Shard } from './plan.ts';
import * as shardStore from './shard-store.ts';

/** The part of the database that says what is whose, as one worker reaches it. */
export interface ShardTable {
  prepare(): Promise<void>;
  renew(): Promise<void>;
  look(): Promise<shardStore.Seen>;
  take(shards: readonly number[]): Promise<readonly Shard[]>;
  release(shards: readonly number[]): Promise<void>;
  leave(): Promise<void>;
  hold(tx: Tx, shards: readonly number[]): Promise<ReadonlyMap<number, number>>;
}

/** By the clock of the database. */
export const LEASE_MS = 4 * SECOND_MS;

export function shardTable(db: Db, me: shardStore.Worker): ShardTable {
  return {
    prepare: () => quietly((tx) => shardStore.prepare(tx, me)),
    renew: () => quietly((tx) => shardStore.renew(tx, me, LEASE_MS)),
    look: () => shardStore.look(db, me),
    take: (shards) => quietly((tx) => shardStore.take(tx, me, shards)),
    release: (shards) => quietly((tx) => shardStore.release(tx, me, shards)),
    leave: () => quietly((tx) => shardStore.leave(tx, me)),
    hold: (tx, shards) => shardStore.hold(tx, me, shards),
  };

  function quietly<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    return db.quiet('whoever shares the work looks once a second', work);
  }
}
