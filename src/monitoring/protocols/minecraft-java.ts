import type { Duplex } from 'node:stream';
import * as z from 'zod';
import { type ByteReader, readerOf } from './byte-reader.ts';

/** Servers with hundreds of modifications name all of them. */
const STATUS_BYTES_MAX = 512 * 1024;
const VARINT_BYTES_MAX = 5;
const STATUS = 0x00;
const PING = 0x01;
/** Minus one: we are of no version, and only ask. */
const NO_VERSION = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]);
const STATUS_NEXT = Buffer.from([1]);

/** The server did not speak as a Minecraft server does. The message says what it did instead. */
export class MinecraftUnreadable extends Error {}

export const ServerStatus = z.object({
  version: z.object({ name: z.string() }).optional(),
  players: z.object({ online: z.number(), max: z.number() }).optional(),
});
export type ServerStatus = z.output<typeof ServerStatus>;

export interface GameStatus {
  readonly status: ServerStatus;
  /** All that it said, as JSON. */
  readonly text: string;
}

/**
 * Asks for the status (Server List Ping, https://minecraft.wiki/w/Java_Edition_protocol/Server_List_Ping), and for an
 * echo when it is there. `host` and `port` are those that a player would write: proxies choose by them.
 */
export async function askJava(
  socket: Duplex,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<GameStatus> {
  const reader = readerOf(socket);
  const portBytes = Buffer.alloc(2);
  portBytes.writeUInt16BE(port);
  socket.write(Buffer.concat([packet(STATUS, NO_VERSION, string(host), portBytes, STATUS_NEXT), packet(STATUS)]));
  const body = await packetFrom(reader, STATUS);
  const { value: length, size } = varintIn(body);
  const text = body.subarray(size, size + length).toString();
  if (body.length !== size + length) throw new MinecraftUnreadable('sends a status that is cut off');
  const parsed = ServerStatus.safeParse(jsonOf(text));
  if (!parsed.success) throw new MinecraftUnreadable('sends a status that is none');
  await echo(socket, reader);
  return { status: parsed.data, text };
}

/** Some hang up instead once they have said how they are; they are up all the same. */
async function echo(socket: Duplex, reader: ByteReader): Promise<void> {
  const number = Buffer.from('evenkeel');
  socket.write(packet(PING, number));
  const length = await varintFrom(reader).catch(() => undefined);
  if (length === undefined) return;
  const pong = await reader.exactly(Math.min(length, number.length + 1));
  if (pong !== undefined && !pong.equals(Buffer.concat([Buffer.from([PING]), number]))) {
    throw new MinecraftUnreadable('answers an echo with something else');
  }
}

async function packetFrom(reader: ByteReader, id: number): Promise<Buffer> {
  const length = await varintFrom(reader);
  if (length < 1 || length > STATUS_BYTES_MAX) throw new MinecraftUnreadable('does not answer as Minecraft does');
  const body = await reader.exactly(length);
  if (body === undefined) throw new MinecraftUnreadable('ended the connection in the middle of its status');
  if (body[0] !== id) throw new MinecraftUnreadable('does not answer as Minecraft does');
  return body.subarray(1);
}

async function varintFrom(reader: ByteReader): Promise<number> {
  const bytes: number[] = [];
  while (bytes.length < VARINT_BYTES_MAX) {
    const byte = (await reader.exactly(1))?.[0];
    if (byte === undefined) throw new MinecraftUnreadable('ended the connection without an answer');
    bytes.push(byte);
    if (byte < 0x80) return varintIn(bytes).value;
  }
  throw new MinecraftUnreadable('does not answer as Minecraft does');
}

/** Seven bits in each byte, the lowest first; the eighth says that there are more. */
function varintIn(bytes: Iterable<number>): { readonly value: number; readonly size: number } {
  let value = 0;
  let size = 0;
  for (const byte of bytes) {
    value += (byte & 0x7f) * 2 ** (7 * size);
    size += 1;
    if (byte < 0x80) return { value, size };
    if (size === VARINT_BYTES_MAX) break;
  }
  throw new MinecraftUnreadable('does not answer as Minecraft does');
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Buffer.from([...bytes, rest]);
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([varint(bytes.length), bytes]);
}

function packet(id: number, ...fields: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from([id]), ...fields]);
  return Buffer.concat([varint(body.length), body]);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
