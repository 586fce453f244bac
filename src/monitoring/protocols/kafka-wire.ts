import type { Duplex } from 'node:stream';
import { type ByteReader, readerOf } from './byte-reader.ts';
import { Complaint } from './conversation.ts';

/** Requests and their answers, one by one (https://kafka.apache.org/protocol#protocol_messages). */
export interface KafkaWire {
  /** What is in the answer. Throws a `Complaint`, or what the socket throws. */
  ask(api: Api, body: Buffer): Promise<Fields>;
}

export interface Api {
  readonly key: number;
  readonly version: number;
}

/** Takes an answer apart, in the order of its fields. Each throws a `Complaint` where there is nothing left. */
export interface Fields {
  int8(): number;
  int16(): number;
  int32(): number;
  /** Null stands for no text at all. */
  text(): string | null;
  bytes(): Buffer;
  array<Item>(read: () => Item): readonly Item[];
}

const ANSWER_BYTES_MAX = 8 * 1024 * 1024;
const OUR_NAME = 'evenkeel';

export function kafkaOver(socket: Duplex): KafkaWire {
  const reader = readerOf(socket);
  let asked = 0;

  return {
    async ask({ key, version }, body) {
      asked += 1;
      const head = Buffer.concat([int16(key), int16(version), int32(asked), text(OUR_NAME)]);
      socket.write(Buffer.concat([int32(head.length + body.length), head, body]));
      const answer = fieldsOf(await readAnswer(reader));
      if (answer.int32() !== asked) throw foreign();
      return answer;
    },
  };
}

async function readAnswer(reader: ByteReader): Promise<Buffer> {
  const head = await reader.exactly(4);
  // So a listener ends it that wants a login first, or TLS.
  if (head === undefined) throw new Complaint('closed the connection without an answer; it may want a login or TLS');
  const length = head.readUInt32BE();
  if (length > ANSWER_BYTES_MAX) throw foreign();
  const answer = await reader.exactly(length);
  if (answer === undefined) throw new Complaint('closed the connection in the middle of an answer');
  return answer;
}

export function fieldsOf(content: Buffer): Fields {
  let at = 0;
  const fields: Fields = {
    int8: () => take(1).readInt8(),
    int16: () => take(2).readInt16BE(),
    int32: () => take(4).readInt32BE(),
    text() {
      const length = fields.int16();
      return length < 0 ? null : take(length).toString();
    },
    bytes: () => take(fields.int32()),
    array<Item>(read: () => Item) {
      const items: Item[] = [];
      // Each item takes at least a byte, so that what was announced and does not come ends it soon.
      for (let left = fields.int32(); left > 0; left -= 1) items.push(read());
      return items;
    },
  };
  return fields;

  function take(length: number): Buffer {
    if (length < 0 || at + length > content.length) throw foreign();
    at += length;
    return content.subarray(at - length, at);
  }
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([int16(bytes.length), bytes]);
}

export function foreign(): Complaint {
  return new Complaint('does not answer as Kafka does, or with more than 8 MB');
}
