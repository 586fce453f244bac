import type { Clock } from '../../kernel/clock.ts';
import type { Shard } from './plan.ts';
import type { ShardChange } from './shard-keeper.ts';

/** What is ours, as far as we know, and what of it we are about to give away. */
export interface Holdings {
  /** Neither given away nor about to be. */
  owns(shard: number): boolean;
  epochOf(shard: number): number | undefined;
  /** Exactly these are ours, and `give` of them not for long: nothing new begins there. */
  adopt(own: readonly Holding[], give: readonly number[]): void;
  add(own: readonly Holding[]): void;
  remove(shards: readonly number[]): void;
  /** Those of which nothing new has begun for so long that most of what was under way has ended. */
  ripe(): readonly number[];
}

type Holding = Pick<Shard, 'shard' | 'epoch'>;

const LEAVE_AFTER_MS = 1_500;

export function createHoldings(clock: Clock, onChange: (change: ShardChange) => void): Holdings {
  let epochs: ReadonlyMap<number, number> = new Map();
  let leavingSince: ReadonlyMap<number, number> = new Map();

  return {
    owns: (shard) => epochs.has(shard) && !leavingSince.has(shard),
    epochOf: (shard) => epochs.get(shard),
    adopt(own, give) {
      const leaving = give.map((shard) => [shard, leavingSince.get(shard) ?? clock.ticks()] as const);
      become(own, new Map(leaving));
    },
    add(own) {
      become([...all(), ...own], leavingSince);
    },
    remove(shards) {
      const rest = all().filter(({ shard }) => !shards.includes(shard));
      become(rest, new Map([...leavingSince].filter(([shard]) => !shards.includes(shard))));
    },
    ripe: () => [...leavingSince].flatMap(([shard, since]) => (clock.ticks() - since >= LEAVE_AFTER_MS ? [shard] : [])),
  };

  function become(own: readonly Holding[], leaving: ReadonlyMap<number, number>): void {
    const before = checkedHere();
    epochs = new Map(own.map(({ shard, epoch }) => [shard, epoch]));
    leavingSince = leaving;
    const after = checkedHere();
    // With another epoch it has been somebody else's meanwhile.
    const gained = [...after.keys()].filter((shard) => before.get(shard) !== after.get(shard));
    const lost = [...before.keys()].filter((shard) => !after.has(shard));
    if (gained.length + lost.length > 0) onChange({ gained, lost });
  }

  function checkedHere(): ReadonlyMap<number, number> {
    return new Map([...epochs].filter(([shard]) => !leavingSince.has(shard)));
  }

  function all(): readonly Holding[] {
    return [...epochs].map(([shard, epoch]) => ({ shard, epoch }));
  }
}
