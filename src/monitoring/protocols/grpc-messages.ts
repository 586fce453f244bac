import { Complaint } from './conversation.ts';

/** The few messages of grpc.health.v1, as Protocol Buffers (https://protobuf.dev/programming-guides/encoding/). */

const HEAD_BYTES = 5;
const STATUS_FIELD = 1;
const VARINT = 0;
const BYTES_OF_WIRE_TYPE: Readonly<Record<number, number>> = { 1: 8, 5: 4 };
const VARINT_BYTES_MAX = 10;

/** `HealthCheckRequest`: its one field is the name of the service. */
export function encodeService(service: string): Buffer {
  if (service === '') return Buffer.alloc(0);
  const name = Buffer.from(service);
  return Buffer.concat([Buffer.from([0x0a]), encodeVarint(name.length), name]);
}

/** As gRPC puts it on HTTP/2: not compressed, with its length. */
export function frameOf(message: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** The message in a whole answer. Throws a `Complaint`. */
export function messageIn(body: Buffer): Buffer {
  const message = body.subarray(HEAD_BYTES);
  const isWhole = body.length >= HEAD_BYTES && body[0] === 0 && body.readUInt32BE(1) === message.length;
  if (!isWhole) throw new Complaint('answered with a message that cannot be read');
  return message;
}

/** `HealthCheckResponse`: its field 1 is a `ServingStatus`; one that is left out is 0. Throws a `Complaint`. */
export function decodeStatus(message: Buffer): number {
  let status = 0;
  for (let at = 0; at < message.length; ) {
    const tag = readVarint(message, at);
    const type = tag.value & 7;
    const content = type === VARINT || type === 2 ? readVarint(message, tag.end) : undefined;
    if (type === VARINT && content !== undefined) {
      if (tag.value >>> 3 === STATUS_FIELD) status = content.value;
      at = content.end;
    } else {
      at = content === undefined ? tag.end + fixedBytes(type) : content.end + content.value;
    }
    if (at > message.length) throw unreadable();
  }
  return status;
}

function fixedBytes(type: number): number {
  const bytes = BYTES_OF_WIRE_TYPE[type];
  if (bytes === undefined) throw unreadable();
  return bytes;
}

/** Numbers above 2³² lose their high bits; none of those used here has any. */
function readVarint(bytes: Buffer, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let index = 0; index < VARINT_BYTES_MAX; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) break;
    if (index < 5) value |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) return { value: value >>> 0, end: start + index + 1 };
  }
  throw unreadable();
}

function encodeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

function unreadable(): Complaint {
  return new Complaint('answered with a message that cannot be read');
}
