import type { ByteReader } from './byte-reader.ts';
import { Complaint } from './conversation.ts';

/**
 * The wire of AMQP 0-9-1 (https://www.rabbitmq.com/resources/specs/amqp0-9-1.pdf, §2.3 and §4.2), as far as a check
 * needs it.
 */
export const PROTOCOL_HEADER = Buffer.from('AMQP\u0000\u0000\u0009\u0001', 'latin1');

export interface Frame {
  readonly type: number;
  readonly channel: number;
  readonly payload: Buffer;
}

/** A method, e.g. `connection.tune`, by its two numbers. */
export interface Method {
  readonly channel: number;
  readonly id: MethodId;
  /** Its arguments, still packed. */
  readonly content: Buffer;
}

/** `class.method`, e.g. `10.30`. */
export type MethodId = `${number}.${number}`;

export const FRAME = { method: 1, header: 2 } as const;
const FRAME_END = 0xce;
const HEAD_BYTES = 7;
/** What RabbitMQ itself proposes; nothing a check asks for comes near it. */
export const FRAME_BYTES_MAX = 131_072;
/** Heartbeats and notices that nobody asked for; more of them than this keep us busy. */
const FRAMES_MAX = 1_000;

/** The next method of the server. Throws a `Complaint`, also when the connection ends. */
export async function readMethod(reader: ByteReader): Promise<Method> {
  for (let frames = 0; frames < FRAMES_MAX; frames += 1) {
    const { type, channel, payload } = await readFrame(reader);
    if (type !== FRAME.method) continue;
    if (payload.length < 4) throw unreadable();
    const id: MethodId = `${payload.readUInt16BE(0)}.${payload.readUInt16BE(2)}`;
    return { channel, id, content: payload.subarray(4) };
  }
  throw new Complaint('sends frames without end and no answer');
}

async function readFrame(reader: ByteReader): Promise<Frame> {
  const head = await reader.exactly(HEAD_BYTES);
  if (head === undefined) throw new Complaint('closed the connection without an answer');
  // So a server answers that speaks another version of it (§4.2.2).
  if (head.subarray(0, 4).equals(PROTOCOL_HEADER.subarray(0, 4))) {
    throw new Complaint('speaks another version of AMQP than 0-9-1');
  }
  const size = head.readUInt32BE(3);
  if (size > FRAME_BYTES_MAX) throw unreadable();
  const rest = await reader.exactly(size + 1);
  if (rest === undefined) throw new Complaint('closed the connection in the middle of an answer');
  if (rest[size] !== FRAME_END) throw unreadable();
  return { type: head.readUInt8(0), channel: head.readUInt16BE(1), payload: rest.subarray(0, size) };
}

export function encodeFrame({ type, channel, payload }: Frame): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(type, 0);
  head.writeUInt16BE(channel, 1);
  head.writeUInt32BE(payload.length, 3);
  return Buffer.concat([head, payload, Buffer.from([FRAME_END])]);
}

export function encodeMethod(channel: number, id: MethodId, ...content: readonly Buffer[]): Buffer {
  const payload = Buffer.concat([...id.split('.').map((part) => short(Number(part))), ...content]);
  return encodeFrame({ type: FRAME.method, channel, payload });
}

export function octet(value: number): Buffer {
  return Buffer.from([value]);
}

export function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** At most 255 bytes; the settings see to that. */
export function shortText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([octet(bytes.length), bytes]);
}

export function longText(text: string | Buffer): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([long(bytes.length), bytes]);
}

/** A table of texts, yes and no, and tables. */
export type Table = { readonly [name: string]: string | boolean | Table };

export function table(values: Table): Buffer {
  const fields = Object.entries(values).flatMap(([name, value]) => [shortText(name), field(value)]);
  return longText(Buffer.concat(fields));
}

function field(value: string | boolean | Table): Buffer {
  if (typeof value === 'string') return Buffer.concat([Buffer.from('S'), longText(value)]);
  if (typeof value === 'boolean') return Buffer.concat([Buffer.from('t'), octet(value ? 1 : 0)]);
  return Buffer.concat([Buffer.from('F'), table(value)]);
}

/** Takes the arguments of a method apart, in their order. Each throws a `Complaint` where there are none left. */
export interface Arguments {
  short(): number;
  long(): number;
  shortText(): string;
  /** Also what a table is wrapped in. */
  longText(): string;
  skip(bytes: number): void;
}

export function argumentsOf({ content }: Method): Arguments {
  let at = 0;
  return {
    short: () => take(2).readUInt16BE(),
    long: () => take(4).readUInt32BE(),
    shortText: () => take(take(1).readUInt8()).toString(),
    longText: () => take(take(4).readUInt32BE()).toString(),
    skip: (bytes) => void take(bytes),
  };

  function take(bytes: number): Buffer {
    if (at + bytes > content.length) throw unreadable();
    at += bytes;
    return content.subarray(at - bytes, at);
  }
}

function unreadable(): Complaint {
  return new Complaint('does not answer as AMQP 0-9-1 lays down');
}
