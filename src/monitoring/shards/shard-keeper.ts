import type { Tx } from '../../contracts/database.ts';

/** Which shards this process checks, where several share one database. */
export interface ShardKeeper {
  start(): void;
  /** What it owns is free at once. Whoever still has results to write does that first. */
  stop(): Promise<void>;
  /** Whether checks of this shard belong here. Whether one may begin at this very moment, `mayStart` says. */
  owns(shard: number): boolean;
  /**
   * Undefined when the shard is not ours; also of one that is about to be given away. Another number than before means
   * that it was somebody else's in between: what a check finds that began before is of no use.
   */
  epochOf(shard: number): number | undefined;
  /** False before anybody may take over from us, though nobody may have told us: suspended, cut off, or too slow. */
  mayStart(): boolean;
  /** Which of these shards, by their epochs, are not ours any more. The others stay ours until the transaction ends. */
  lostOf(tx: Tx, shards: ReadonlyMap<number, number>): Promise<ReadonlySet<number>>;
}

export interface ShardChange {
  /** To be checked here from now on; somebody else may have done so until a moment ago. */
  readonly gained: readonly number[];
  /** No check of these may begin here any more. */
  readonly lost: readonly number[];
}
