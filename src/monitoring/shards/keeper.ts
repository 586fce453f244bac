import type { Db } from '../../contracts/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import { createLeaseKeeper } from './lease-keeper.ts';
import type { ShardChange, ShardKeeper } from './shard-keeper.ts';
import { SHARDS } from './shard-of.ts';
import { shardTable } from './shard-table.ts';

export interface ShardKeeperDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly environment: string;
  /** Told whenever this process begins or ceases to check some of the shards. Must not throw. */
  readonly onChange: (change: ShardChange) => void;
}

/** On SQLite there is one process, and everything is its own; on PostgreSQL the work is shared by leases. */
export function createShardKeeper({ db, ids, environment, ...deps }: ShardKeeperDeps): ShardKeeper {
  if (db.engine === 'sqlite') return soleKeeper(deps.onChange);
  const worker = ids.next('wrk');
  return createLeaseKeeper({ ...deps, worker, table: shardTable(db, { environment, worker }) });
}

function soleKeeper(onChange: ShardKeeperDeps['onChange']): ShardKeeper {
  return {
    start: () => onChange({ gained: Array.from({ length: SHARDS }, (_, shard) => shard), lost: [] }),
    stop: async () => undefined,
    owns: () => true,
    epochOf: () => 0,
    mayStart: () => true,
    lostOf: async () => new Set(),
  };
}
