/**
 * Cuts a stream into pieces of one size. A piece is given out only when there is something behind it: which one is the
 * last is not known before the end, and the last one is not like the others.
 */
export interface Pieces {
  /** A piece is good during its call only: all of them may share their memory. */
  add(data: Buffer, take: (piece: Buffer) => void): void;
  /** What is left at the end: one piece at most, and nothing only when nothing was ever added. */
  last(): Buffer;
}

/** Allocates once: megabytes of short-lived buffers would keep the garbage collector busier than the cipher. */
export function createPieces(size: number): Pieces {
  const held = Buffer.alloc(size);
  let length = 0;
  return {
    add(data, take) {
      let start = 0;
      while (start < data.length) {
        if (length === size) {
          take(held);
          length = 0;
        }
        if (length === 0 && data.length - start > size) {
          take(data.subarray(start, start + size));
          start += size;
        } else {
          const copied = data.copy(held, length, start);
          length += copied;
          start += copied;
        }
      }
    },
    last: () => held.subarray(0, length),
  };
}
