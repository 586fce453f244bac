/** One part of the monitors, and who checks it. */
export interface Shard {
  readonly shard: number;
  /** Null where nobody does. */
  readonly owner: string | null;
  /** Grows whenever it changes hands. */
  readonly epoch: number;
}

export interface Sight {
  readonly me: string;
  /** Everybody whose lease has not run out. */
  readonly live: readonly string[];
  readonly shards: readonly Shard[];
}

export interface Plan {
  readonly take: readonly number[];
  readonly give: readonly number[];
}

interface Share {
  readonly worker: string;
  readonly held: readonly number[];
  readonly quota: number;
}

/**
 * What one worker should do about what it sees. All who see the same come to plans that fit together: nobody takes what
 * somebody else takes, and once everything is done all hold the same number, give or take one.
 */
export function planFor({ me, live, shards }: Sight): Plan {
  const shares = sharesOf([...new Set([...live, me])], shards);
  const mine = shares.find(({ worker }) => worker === me);
  if (mine === undefined) return { take: [], give: [] };

  const owners = new Set(shares.map(({ worker }) => worker));
  const free = shards.filter(({ owner }) => owner === null || !owners.has(owner)).map(({ shard }) => shard);
  const before = shares.slice(0, shares.indexOf(mine)).reduce((sum, share) => sum + lackOf(share), 0);
  return { take: free.slice(before, before + lackOf(mine)), give: mine.held.slice(mine.quota) };
}

/** Whoever holds most keeps one more where it does not come out even: that moves least. */
function sharesOf(workers: readonly string[], shards: readonly Shard[]): readonly Share[] {
  const held = new Map(workers.map((worker): [string, number[]] => [worker, []]));
  for (const { shard, owner } of shards) if (owner !== null) held.get(owner)?.push(shard);
  const ranked = [...held].toSorted(
    ([one, ones], [other, others]) => others.length - ones.length || compare(one, other),
  );
  const even = Math.floor(shards.length / workers.length);
  const extra = shards.length % workers.length;
  return ranked.map(([worker, own], rank) => ({ worker, held: own, quota: rank < extra ? even + 1 : even }));
}

function lackOf({ held, quota }: Share): number {
  return Math.max(0, quota - held.length);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : 1;
}
