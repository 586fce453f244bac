/** Enough for a few dozen processes to share evenly, and few enough that all of them are looked through every second. */
export const SHARDS = 32;

/** The part of the work a monitor belongs to; numbers are given one after the other, so the parts are even. */
export function shardOf(monitorId: number): number {
  return monitorId % SHARDS;
}
