/** Takes what a server sends apart, at the pace it is asked for. */
export interface ByteReader {
  /** So many bytes, or undefined when the server ends the connection before. */
  exactly(length: number): Promise<Buffer | undefined>;
  /** All before `mark`, which is left out; undefined when there is an end, or more than `bytesMax`, before it comes. */
  until(mark: string, bytesMax: number): Promise<Buffer | undefined>;
  /** How many bytes have come that nobody asked for yet. */
  unread(): number;
}

export function readerOf(source: AsyncIterable<Buffer>): ByteReader {
  const chunks = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);

  return {
    async exactly(length) {
      const missing: Buffer[] = [];
      for (let got = held.length; got < length; ) {
        const { value, done } = await chunks.next();
        if (done === true) return undefined;
        missing.push(value);
        got += value.length;
      }
      // Joined once: a long message comes in many pieces.
      if (missing.length > 0) held = Buffer.concat([held, ...missing]);
      return take(length, length);
    },
    async until(mark, bytesMax) {
      for (;;) {
        const at = held.indexOf(mark);
        if (at !== -1) return at > bytesMax ? undefined : take(at, at + mark.length);
        if (held.length > bytesMax) return undefined;
        const { value, done } = await chunks.next();
        if (done === true) return undefined;
        held = Buffer.concat([held, value]);
      }
    },
    unread: () => held.length,
  };

  function take(end: number, next: number): Buffer {
    const taken = held.subarray(0, end);
    held = held.subarray(next);
    return taken;
  }
}
