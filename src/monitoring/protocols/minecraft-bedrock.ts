import { type GameStatus, MinecraftUnreadable } from './minecraft-java.ts';

const PING = 0x01;
const PONG = 0x1c;
/** How RakNet knows its own. */
const MAGIC = Buffer.from('00ffff00fefefefefdfdfdfd12345678', 'hex');
const TIME_BYTES = 8;
const ID_BYTES = 8;
const MAGIC_AT = 1 + TIME_BYTES + ID_BYTES;
const TEXT_AT = MAGIC_AT + MAGIC.length + 2;

/** The question of an unconnected client (https://minecraft.wiki/w/RakNet). `time` and `id`: 8 bytes of chance each. */
export function bedrockPing(time: Uint8Array, id: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([PING]), time.subarray(0, TIME_BYTES), MAGIC, id.subarray(0, ID_BYTES)]);
}

/** Whether this answers that question: it says back the time that only the server was told. */
export function isBedrockPong(datagram: Uint8Array, time: Uint8Array): boolean {
  const bytes = Buffer.from(datagram);
  return (
    bytes[0] === PONG &&
    bytes.subarray(1, 1 + TIME_BYTES).equals(time.subarray(0, TIME_BYTES)) &&
    bytes.subarray(MAGIC_AT, MAGIC_AT + MAGIC.length).equals(MAGIC)
  );
}

/** `MCPE;name;protocol;version;players;players at most;…` Throws `MinecraftUnreadable`. */
export function decodeBedrockPong(datagram: Uint8Array): GameStatus {
  const bytes = Buffer.from(datagram);
  if (bytes.length < TEXT_AT) throw new MinecraftUnreadable('sends a status that is cut off');
  const text = bytes.subarray(TEXT_AT, TEXT_AT + bytes.readUInt16BE(TEXT_AT - 2)).toString();
  // A semicolon within a name has a backslash before it.
  const [, name = '', , version = '', online = '', max = ''] = text.split(/(?<!\\);/);
  if (!isCount(online) || !isCount(max)) throw new MinecraftUnreadable('sends a status that is none');
  const status = { version: { name: version }, players: { online: Number(online), max: Number(max) } };
  return { status, text: JSON.stringify({ description: name.replaceAll('\\;', ';'), ...status }) };
}

function isCount(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}
