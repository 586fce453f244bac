import type { Socket } from 'node:net';
import { serveUdp } from './dns.ts';
import { serveTcp } from './misbehaving.ts';
import type { Ending } from './server.ts';

/** Seven bits a byte, the lowest first (https://minecraft.wiki/w/Java_Edition_protocol/Data_types#VarInt_and_VarLong). */
export function varint(value: number): Buffer {
  return value < 0x80
    ? Buffer.from([value])
    : Buffer.concat([Buffer.from([(value & 0x7f) | 0x80]), varint(value >>> 7)]);
}

/** A packet of a Minecraft server: its length, its kind, and what is in it. */
export function javaPacket(id: number, ...fields: readonly Buffer[]): Buffer {
  const body = Buffer.concat([varint(id), ...fields]);
  return Buffer.concat([varint(body.length), body]);
}

export function javaString(text: string): Buffer {
  return Buffer.concat([varint(Buffer.byteLength(text)), Buffer.from(text)]);
}

export interface JavaServer {
  readonly port: number;
  /** The hosts and ports that clients said they wanted. */
  readonly wanted: readonly string[];
}

/** Server List Ping: waits for a handshake that asks for the status, answers it, and echoes. It hangs up on all else. */
export async function serveJava(ending: Ending, status: object, { echoes = true } = {}): Promise<JavaServer> {
  const wanted: string[] = [];
  const port = await serveTcp(ending, (socket) => {
    let held = Buffer.alloc(0);
    let state: 'handshake' | 'status' = 'handshake';
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      for (let next = packetIn(held); next !== undefined; next = packetIn(held)) {
        held = held.subarray(next.size);
        state = obey(socket, next.body, state);
      }
    });
  });
  return { port, wanted };

  function obey(socket: Socket, body: Buffer, state: 'handshake' | 'status'): 'handshake' | 'status' {
    if (state === 'handshake') {
      const version = varintAt(body, 1);
      const host = varintAt(body, 1 + version.size);
      const at = 1 + version.size + host.size;
      const end = at + host.value;
      wanted.push(`${body.subarray(at, end).toString()}:${body.readUInt16BE(end)}`);
      if (body[0] !== 0 || body[end + 2] !== 1 || body.length !== end + 3) socket.destroy();
      return 'status';
    }
    if (body.length === 1 && body[0] === 0) socket.write(javaPacket(0, javaString(JSON.stringify(status))));
    else if (body.length === 9 && body[0] === 1 && echoes) socket.end(javaPacket(1, body.subarray(1)));
    else socket.destroy();
    return state;
  }
}

function packetIn(held: Buffer): { readonly body: Buffer; readonly size: number } | undefined {
  if (held.length === 0) return undefined;
  const { value, size } = varintAt(held, 0);
  return held.length < size + value ? undefined : { body: held.subarray(size, size + value), size: size + value };
}

function varintAt(bytes: Buffer, at: number): { readonly value: number; readonly size: number } {
  const end = bytes.subarray(at).findIndex((byte) => byte < 0x80);
  const value = bytes.subarray(at, at + end + 1).reduce((sum, byte, index) => sum + (byte & 0x7f) * 128 ** index, 0);
  return { value, size: end + 1 };
}

const MAGIC = Buffer.from('00ffff00fefefefefdfdfdfd12345678', 'hex');

/** Answers the ping of an unconnected RakNet client with this text. */
export function serveBedrock(ending: Ending, text: string): Promise<number> {
  return serveUdp(ending, (message, reply) => {
    if (message.length !== 33 || message[0] !== 1 || !message.subarray(9, 25).equals(MAGIC)) return;
    const length = Buffer.alloc(2);
    length.writeUInt16BE(Buffer.byteLength(text));
    reply(
      Buffer.concat([
        Buffer.from([0x1c]),
        message.subarray(1, 9),
        Buffer.alloc(8, 7),
        MAGIC,
        length,
        Buffer.from(text),
      ]),
    );
  });
}

const A2S_QUESTION = Buffer.concat([Buffer.from('ffffffff54', 'hex'), Buffer.from('Source Engine Query\0')]);

/** The answer of a server of this many players to A2S_INFO. */
export function a2sInfo(players: number, max: number): Buffer {
  const text = (value: string) => Buffer.from(`${value}\0`);
  return Buffer.concat([
    Buffer.from('ffffffff4911', 'hex'),
    ...['Test Arena', 'de_dust2', 'csgo', 'Counter-Strike'].map(text),
    Buffer.from([0xda, 0x02, players, max, 1]),
    Buffer.from('dl'),
    Buffer.from([1, 1]),
    text('1.38.0.0'),
    // More than we read: a port and the keywords.
    Buffer.from([0xa0, 0x87, 0x69]),
    text('tags'),
  ]);
}

/** Valve's queries, with the challenge that newer servers want back from the very port they sent it to. */
export function serveA2s(ending: Ending, info: Buffer, { challenge }: { readonly challenge?: string } = {}) {
  return serveUdp(ending, (message, reply) => {
    const wanted =
      challenge === undefined ? A2S_QUESTION : Buffer.concat([A2S_QUESTION, Buffer.from(challenge, 'hex')]);
    if (message.equals(wanted)) reply(info);
    else if (message.equals(A2S_QUESTION))
      reply(Buffer.concat([Buffer.from('ffffffff41', 'hex'), Buffer.from(challenge ?? '', 'hex')]));
  });
}
