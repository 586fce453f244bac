import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { createHoldings } from './holdings.ts';
import { planFor } from './plan.ts';
import type { ShardChange, ShardKeeper } from './shard-keeper.ts';
import { LEASE_MS, type ShardTable } from './shard-table.ts';
import { createTurns, withDeadline } from './turns.ts';

export interface LeaseKeeperDeps {
  readonly worker: string;
  readonly table: ShardTable;
  readonly clock: Clock;
  readonly log: Log;
  readonly onChange: (change: ShardChange) => void;
}

interface Lease {
  /** When its renewal began on our own monotonic clock. In the database it begins later, and so it ends later there. */
  readonly beganAt: number;
  /** Nobody else was there to take over. */
  readonly isAlone: boolean;
}

/** Between the last check that we begin and the first that somebody else may begin. */
const MARGIN_MS = 500;
const LEAVE_MS_MAX = 2 * SECOND_MS;

export function createLeaseKeeper({ worker, table, clock, log, onChange }: LeaseKeeperDeps): ShardKeeper {
  const holdings = createHoldings(clock, onChange);
  const turns = createTurns({ clock, log, turn });
  let lease: Lease | undefined;
  let isPrepared = false;

  return {
    start: turns.start,
    async stop() {
      await turns.stop();
      lease = undefined;
      await withDeadline(table.leave(), clock, LEAVE_MS_MAX).catch((error: unknown) =>
        log.warn('What was checked here could not be released; others take over a few seconds late.', { error }),
      );
    },
    owns: holdings.owns,
    epochOf: holdings.epochOf,
    mayStart() {
      if (lease === undefined) return false;
      // While the database is away nobody can take over from somebody who was alone; what is found waits for it.
      return clock.ticks() - lease.beganAt < LEASE_MS - MARGIN_MS || (lease.isAlone && turns.isInTrouble());
    },
    async lostOf(tx, shards) {
      const epochs = await table.hold(tx, [...shards.keys()]);
      return new Set([...shards].flatMap(([shard, epoch]) => (epochs.get(shard) === epoch ? [] : [shard])));
    },
  };

  async function turn(beganAt: number, isLatest: () => boolean): Promise<void> {
    if (!isPrepared) await table.prepare();
    isPrepared = true;
    await table.renew();
    // Only now, and not with it: whoever took over because we seemed dead has done so before the renewal.
    const seen = await table.look();
    if (!isLatest()) return;
    const { take, give } = planFor({ me: worker, ...seen });
    lease = { beganAt, isAlone: seen.live.every((other) => other === worker) };
    holdings.adopt(
      seen.shards.filter(({ owner }) => owner === worker),
      give,
    );
    await giveAway(holdings.ripe(), isLatest);
    const taken = take.length === 0 ? [] : await table.take(take);
    if (isLatest() && taken.length > 0) holdings.add(taken);
  }

  async function giveAway(shards: readonly number[], isLatest: () => boolean): Promise<void> {
    if (shards.length === 0) return;
    await table.release(shards);
    if (isLatest()) holdings.remove(shards);
  }
}
