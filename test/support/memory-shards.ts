import type { Clock } from '../../src/kernel/clock.ts';
import type { Shard } from '../../src/monitoring/shards/plan.ts';
import { SHARDS } from '../../src/monitoring/shards/shard-of.ts';
import { LEASE_MS, type ShardTable } from '../../src/monitoring/shards/shard-table.ts';

/** The way of one worker to the shards. */
export interface MemoryShardTable extends ShardTable {
  /** What it says from now on arrives, and is answered, once it is mended. */
  cut(): void;
  mend(): void;
}

/** Shards as PostgreSQL keeps them, without one: every statement is done at once, or waits until the way is mended. */
export function memoryShards(clock: Clock): (worker: string) => MemoryShardTable {
  const shards: Shard[] = Array.from({ length: SHARDS }, (_, shard) => ({ shard, owner: null, epoch: 0 }));
  const expiresAt = new Map<string, number>();
  const isLive = (worker: string) => (expiresAt.get(worker) ?? 0) > clock.now();

  return (worker) => {
    let gate: PromiseWithResolvers<void> | undefined;

    return {
      prepare: () => statement(() => undefined),
      renew: () => statement(() => void expiresAt.set(worker, clock.now() + LEASE_MS)),
      look: () => statement(() => ({ live: [...expiresAt.keys()].filter(isLive), shards: [...shards] })),
      take: (wanted) =>
        statement(() => {
          const takeable = wanted.flatMap((index) => {
            const shard = shards[index];
            return shard !== undefined && (shard.owner === null || !isLive(shard.owner)) ? [shard] : [];
          });
          return takeable.map(({ shard, epoch }) => set({ shard, owner: worker, epoch: epoch + 1 }));
        }),
      release: (given) => statement(() => free((shard) => given.includes(shard))),
      leave: () =>
        statement(() => {
          free(() => true);
          expiresAt.delete(worker);
        }),
      hold: (_tx, wanted) =>
        statement(
          () =>
            new Map(
              own()
                .map(({ shard, epoch }) => [shard, epoch] as const)
                .filter(([shard]) => wanted.includes(shard)),
            ),
        ),
      cut() {
        gate ??= Promise.withResolvers();
      },
      mend() {
        gate?.resolve();
        gate = undefined;
      },
    };

    async function statement<Result>(run: () => Result): Promise<Result> {
      await gate?.promise;
      return run();
    }

    function own(): readonly Shard[] {
      return shards.filter(({ owner }) => owner === worker);
    }

    function free(isGiven: (shard: number) => boolean): void {
      for (const shard of own()) if (isGiven(shard.shard)) set({ ...shard, owner: null });
    }
  };

  function set(shard: Shard): Shard {
    shards[shard.shard] = shard;
    return shard;
  }
}
