/** The bytes are not BER (X.690), or not as deep, long or many as anything here needs. */
export class BerUnreadable extends Error {}

export interface Element {
  readonly tag: number;
  /** A part of the message it was read from, not a copy. */
  readonly content: Buffer;
}

export const TAG = { integer: 2, octets: 4, null: 5, oid: 6, enumerated: 10, sequence: 0x30 } as const;

const ELEMENTS_MAX = 1_000;
const LENGTH_BYTES_MAX = 4;

export function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

export function sequence(...contents: readonly Uint8Array[]): Buffer {
  return element(TAG.sequence, ...contents);
}

export function octets(content: string | Uint8Array, tag: number = TAG.octets): Buffer {
  return element(tag, Buffer.from(content));
}

/** From 0 to 2^31. */
export function integer(value: number, tag: number = TAG.integer): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32BE(value, 1);
  // As short as it can be while its first bit still says that it is not negative.
  let first = 0;
  while (first < 4 && bytes[first] === 0 && (bytes[first + 1] ?? 0) < 0x80) first += 1;
  return element(tag, bytes.subarray(first));
}

/** `1.3.6.1.2.1.1.3.0`. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(TAG.oid, Buffer.from([40 * first + second, ...rest].flatMap(base128)));
}

/** Where an element ends, its tag and length included; undefined when there is not enough of it to say. */
export function wholeLength(bytes: Uint8Array): number | undefined {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const first = message[1];
  if (first === undefined) return undefined;
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > LENGTH_BYTES_MAX) throw new BerUnreadable('A length has an unknown form.');
  return message.length < 2 + count ? undefined : 2 + count + message.readUIntBE(2, count);
}

/** All the elements in there, one after the other. */
export function elementsIn(bytes: Buffer): readonly Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const rest = bytes.subarray(at);
    const length = wholeLength(rest);
    const [tag = 0, first = 0] = rest;
    if (length === undefined || length > rest.length) throw new BerUnreadable('An element goes beyond the end.');
    if (found.length === ELEMENTS_MAX) throw new BerUnreadable('There are too many elements.');
    found.push({ tag, content: rest.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f), length) });
    at += length;
  }
  return found;
}

/** The one element of this tag at this place. */
export function elementAt(elements: readonly Element[], index: number, tag: number): Buffer {
  const found = elements[index];
  if (found?.tag !== tag) throw new BerUnreadable(`There is no element ${tag} at place ${index}.`);
  return found.content;
}

/** A whole number of up to 8 bytes; the largest lose their last digits. */
export function integerIn(content: Buffer, isSigned = true): number {
  if (content.length === 0 || content.length > 9) throw new BerUnreadable('A number has an unknown form.');
  const value = BigInt(`0x${content.toString('hex')}`);
  return Number(isSigned ? BigInt.asIntN(8 * content.length, value) : value);
}

export function oidIn(content: Buffer): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) throw new BerUnreadable('An object identifier is too large.');
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [head = 0, ...rest] = arcs;
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - 40 * first, ...rest].join('.');
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  const digits = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.from([0x80 | digits.length]), digits]);
}

function base128(arc: number): readonly number[] {
  const digits = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift(0x80 | (rest % 128));
  return digits;
}
