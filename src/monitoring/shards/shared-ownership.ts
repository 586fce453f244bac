import type { Ownership } from '../scheduling/ownership.ts';
import { createShardKeeper, type ShardKeeperDeps } from './keeper.ts';
import type { ShardChange } from './shard-keeper.ts';
import { shardOf } from './shard-of.ts';

export interface SharedOwnershipDeps extends Omit<ShardKeeperDeps, 'onChange'> {
  readonly checks: () => Followers | undefined;
}

/** Those who act on what is ours. */
export interface Followers {
  /** Learns what others have found of these; nothing of them is checked before. Tried again when it rejects. */
  takeOver(isGained: (monitorId: number) => boolean): Promise<void>;
  /** What belongs here has changed. */
  share(): void;
}

export interface SharedOwnership extends Ownership {
  start(): void;
  /** After the last result is written: what is ours is free at once. */
  stop(): Promise<void>;
}

const RETRY_MS = 1_000;

/** Says of each monitor what its shard says, once we know what others knew of it. */
export function createSharedOwnership(deps: SharedOwnershipDeps): SharedOwnership {
  const { db, clock, log, checks } = deps;
  const keeper = createShardKeeper({ ...deps, onChange });
  const stopping = new AbortController();
  /** Gained, and nothing learned yet. */
  const fresh = new Set<number>();
  let learning: Promise<void> | undefined;

  const owns = (monitorId: number) => keeper.owns(shardOf(monitorId)) && !fresh.has(shardOf(monitorId));

  return {
    start: keeper.start,
    async stop() {
      stopping.abort();
      await learning;
      await keeper.stop();
    },
    owns,
    mayCheck: (monitorId) => owns(monitorId) && keeper.mayStart(),
    epochOf: (monitorId) => keeper.epochOf(shardOf(monitorId)),
    async fence(tx, monitorIds) {
      if (db.engine === 'sqlite') return new Set(monitorIds);
      const epochs = new Map<number, number>();
      for (const shard of new Set(monitorIds.map(shardOf))) {
        const epoch = keeper.epochOf(shard);
        if (epoch !== undefined) epochs.set(shard, epoch);
      }
      const lost = await keeper.lostOf(tx, epochs);
      const isOurs = (shard: number) => epochs.has(shard) && !lost.has(shard);
      return new Set(monitorIds.filter((monitorId) => isOurs(shardOf(monitorId))));
    },
  };

  function onChange({ gained, lost }: ShardChange): void {
    for (const shard of lost) fresh.delete(shard);
    for (const shard of gained) fresh.add(shard);
    log.info('The checks are shared anew.', { gained: gained.length, lost: lost.length });
    checks()?.share();
    if (fresh.size > 0) learning ??= learn().finally(() => (learning = undefined));
  }

  async function learn(): Promise<void> {
    while (fresh.size > 0 && !stopping.signal.aborted) {
      const shards = new Map([...fresh].map((shard) => [shard, keeper.epochOf(shard)]));
      try {
        await checks()?.takeOver((monitorId) => shards.has(shardOf(monitorId)));
        // What was lost and gained again meanwhile has to be learned once more.
        for (const [shard, epoch] of shards) if (keeper.epochOf(shard) === epoch) fresh.delete(shard);
        checks()?.share();
      } catch (error) {
        log.warn('What others found could not be read; trying again.', { error });
        await clock.sleep(RETRY_MS, stopping.signal).catch(() => undefined);
      }
    }
  }
}
