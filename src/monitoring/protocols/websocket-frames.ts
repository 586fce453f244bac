import type { ByteReader } from './byte-reader.ts';

/** The server does not keep to RFC 6455. The message completes a sentence that begins with its name. */
export class WebSocketBroken extends Error {}

/** RFC 6455 §5.2. */
export const OPCODE = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;

export interface Frame {
  readonly isFinal: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

const MASKED = 0x80;
const FINAL = 0x80;
const RESERVED = 0x70;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const CONTROL_BYTES_MAX = 125;
const KNOWN: ReadonlySet<number> = new Set(Object.values(OPCODE));

/** A whole message as a client sends it: `mask` is four bytes of chance (§5.3). */
export function encodeFrame(opcode: number, payload: Buffer, mask: Buffer): Buffer {
  const { length } = payload;
  const isShort = length < LENGTH_16;
  const head = Buffer.alloc(isShort ? 2 : 4);
  head.writeUInt8(FINAL | opcode, 0);
  head.writeUInt8(MASKED | (isShort ? length : LENGTH_16), 1);
  // No setting is as long as 64 KiB; `writeUInt16BE` throws should one become so.
  if (!isShort) head.writeUInt16BE(length, 2);
  const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([head, mask, masked]);
}

/** The next frame of a server; undefined when it ends the connection. Throws `WebSocketBroken`. */
export async function readFrame(reader: ByteReader, bytesMax: number): Promise<Frame | undefined> {
  const head = await reader.exactly(2);
  if (head === undefined) return undefined;
  const [first = 0, second = 0] = head;
  const frame = { isFinal: (first & FINAL) !== 0, opcode: first & 0x0f };
  refuseForeign(first, second);
  const length = await readLength(second, reader);
  const isControl = frame.opcode >= OPCODE.close;
  if (isControl && (!frame.isFinal || length > CONTROL_BYTES_MAX)) {
    throw new WebSocketBroken('sent a malformed control frame');
  }
  if (length > bytesMax) throw new WebSocketBroken('sent a message that is too long');
  const payload = await reader.exactly(length);
  return payload && { ...frame, payload };
}

function refuseForeign(first: number, second: number): void {
  if ((first & RESERVED) !== 0) throw new WebSocketBroken('uses an extension nobody asked for');
  if (!KNOWN.has(first & 0x0f)) throw new WebSocketBroken(`sent a frame of the unknown kind ${first & 0x0f}`);
  // §5.1: a client has to give up here.
  if ((second & MASKED) !== 0) throw new WebSocketBroken('masks what it sends, which only clients may do');
}

async function readLength(second: number, reader: ByteReader): Promise<number> {
  const short = second & 0x7f;
  if (short === LENGTH_16) return (await reader.exactly(2))?.readUInt16BE() ?? 0;
  if (short === LENGTH_64) return Number((await reader.exactly(8))?.readBigUInt64BE() ?? 0n);
  return short;
}
