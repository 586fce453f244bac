/**
 * Cuts a stream into pieces of one size. A piece is given out only when there is something behind it: which one is the
 * last is not known before the end, and the last one is not like the others.
 */
export interface Pieces {
  add(data: Buffer): readonly Buffer[];
  /** What is left at the end: one piece at most, and nothing only when nothing was ever added. */
  last(): Buffer;
}

export function createPieces(size: number): Pieces {
  let held: Buffer[] = [];
  let length = 0;
  return {
    add(data) {
      held.push(data);
      length += data.length;
      if (length <= size) return [];
      const all = Buffer.concat(held);
      const pieces: Buffer[] = [];
      let start = 0;
      for (; all.length - start > size; start += size) pieces.push(all.subarray(start, start + size));
      held = [all.subarray(start)];
      length -= start;
      return pieces;
    },
    last: () => Buffer.concat(held),
  };
}
