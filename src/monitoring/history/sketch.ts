/**
 * How latencies are spread, in little space: a DDSketch (Masson, Rim and Lee, VLDB 2019). Values fall into buckets
 * whose bounds grow by a constant factor, so every quantile it tells is within 1 % of the true one, and sketches of
 * parts add up to exactly the sketch of the whole.
 */
export type Sketch = ReadonlyMap<number, number>;

/** No quantile is further from the true one than this share of it. */
export const RELATIVE_ERROR = 0.01;

const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
/** The bucket of 2^53 µs: nothing that was measured lies beyond. */
const BUCKET_MAX = bucketOf(Number.MAX_SAFE_INTEGER);

/** `values` are at least 0; what is below 1 counts as 1, so that a sketch of µs is finite. */
export function sketchOf(values: Iterable<number>): Sketch {
  const sketch = new Map<number, number>();
  for (const value of values) addTo(sketch, bucketOf(value), 1);
  return sketch;
}

export function merged(sketches: Iterable<Sketch>): Sketch {
  const sum = new Map<number, number>();
  for (const sketch of sketches) for (const [bucket, count] of sketch) addTo(sum, bucket, count);
  return sum;
}

export function countOf(sketch: Sketch): number {
  let sum = 0;
  for (const count of sketch.values()) sum += count;
  return sum;
}

/** `share` 0.5 is the median. Null when nothing was counted. */
export function quantile(sketch: Sketch, share: number): number | null {
  const rank = share * (countOf(sketch) - 1);
  let below = 0;
  for (const [bucket, count] of ascending(sketch)) {
    below += count;
    if (below > rank) return valueOf(bucket);
  }
  return null;
}

/** How many values were at most `limit`; those within 1 % of it may be counted on either side. */
export function countWithin(sketch: Sketch, limit: number): number {
  let sum = 0;
  for (const [bucket, count] of sketch) if (valueOf(bucket) <= limit) sum += count;
  return sum;
}

/** Three bits for a small count, the gap to the bucket before in the others: most buckets take one byte. */
const COUNT_BITS = 3;
const LARGE_COUNT = 2 ** COUNT_BITS;

/** Text, because the database knows text and integers only; empty for an empty sketch. */
export function encode(sketch: Sketch): string {
  const bytes: number[] = [];
  let before = -1;
  for (const [bucket, count] of ascending(sketch)) {
    const small = Math.min(count, LARGE_COUNT) - 1;
    pushNumber(bytes, (bucket - before - 1) * LARGE_COUNT + small);
    if (count >= LARGE_COUNT) pushNumber(bytes, count - LARGE_COUNT);
    before = bucket;
  }
  return Buffer.from(bytes).toString('base64url');
}

/** Undefined for what `encode` has never written. */
export function decode(text: string): Sketch | undefined {
  const bytes = Buffer.from(text, 'base64url');
  const sketch = new Map<number, number>();
  let bucket = -1;
  let total = 0;
  for (let at = 0; at < bytes.length; ) {
    const head = numberAt(bytes, at);
    if (head === undefined) return undefined;
    const small = (head.value % LARGE_COUNT) + 1;
    const rest = small === LARGE_COUNT ? numberAt(bytes, head.end) : { value: 0, end: head.end };
    if (rest === undefined) return undefined;
    bucket += Math.floor(head.value / LARGE_COUNT) + 1;
    total += small + rest.value;
    if (bucket > BUCKET_MAX || total > Number.MAX_SAFE_INTEGER) return undefined;
    sketch.set(bucket, small + rest.value);
    at = rest.end;
  }
  // Other spellings of the same bytes were not written by us.
  return encode(sketch) === text ? sketch : undefined;
}

function bucketOf(value: number): number {
  return value <= 1 ? 0 : Math.ceil(Math.log(value) / LOG_GAMMA);
}

/** The value that is within the error of everything in its bucket. */
function valueOf(bucket: number): number {
  return bucket === 0 ? 1 : (2 * GAMMA ** bucket) / (GAMMA + 1);
}

function ascending(sketch: Sketch): readonly (readonly [bucket: number, count: number])[] {
  return [...sketch].toSorted(([one], [other]) => one - other);
}

function addTo(sketch: Map<number, number>, bucket: number, count: number): void {
  sketch.set(bucket, (sketch.get(bucket) ?? 0) + count);
}

/** Little-endian groups of seven bits; the eighth says that more follow. */
function pushNumber(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  bytes.push(rest);
}

function numberAt(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let at = start, factor = 1; at < bytes.length && factor <= 2 ** 49; at += 1, factor *= 0x80) {
    const byte = bytes[at] ?? 0;
    value += (byte % 0x80) * factor;
    if (value > Number.MAX_SAFE_INTEGER) return undefined;
    if (byte < 0x80) return { value, end: at + 1 };
  }
  return undefined;
}
