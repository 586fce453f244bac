import type { Duplex } from 'node:stream';
import type { ByteReader } from './byte-reader.ts';
import { Complaint } from './conversation.ts';

const HEADER_BYTES = 4;
const ANSWER_BYTES_MAX = 1024 * 1024;
const NULL_VALUE = 0xfb;
const LENGTH_BYTES: Readonly<Record<number, number>> = { 0xfc: 2, 0xfd: 3, 0xfe: 8 };

/** What came is not what the protocol says: there is somebody else, or somebody means us ill. */
export function notMysql(): Complaint {
  return new Complaint('does not answer as MySQL does');
}

/** Packets of the protocol of MySQL: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html */
export interface Packets {
  /** The content of the next packet; never empty. Throws a `Complaint` when there is none. */
  readonly next: () => Promise<Buffer>;
  readonly send: (content: Buffer) => void;
  /** A command begins to count anew. */
  readonly restart: () => void;
}

/** `counted`: how many packets went before, on the same connection. */
export function packetsOn(socket: Duplex, reader: ByteReader, counted = 0): Packets {
  let sequence = counted;
  let received = 0;
  return {
    async next() {
      const header = await reader.exactly(HEADER_BYTES);
      if (header === undefined) throw new Complaint('closed the connection');
      const length = header.readUIntLE(0, 3);
      received += HEADER_BYTES + length;
      if (length === 0) throw notMysql();
      if (header.readUInt8(3) !== sequence) throw notMysql();
      if (received > ANSWER_BYTES_MAX)
        throw new Complaint('answered with more than 1 MB; choose a query with a small result');
      const content = await reader.exactly(length);
      if (content === undefined) throw new Complaint('closed the connection in the middle of an answer');
      sequence = (sequence + 1) % 256;
      return content;
    },
    send(content) {
      const header = Buffer.alloc(HEADER_BYTES);
      header.writeUIntLE(content.length, 0, 3);
      header.writeUInt8(sequence, 3);
      sequence = (sequence + 1) % 256;
      socket.write(Buffer.concat([header, content]));
    },
    restart() {
      sequence = 0;
    },
  };
}

/** Reads the parts of one packet, one after the other. Each throws a `Complaint` where the packet ends too early. */
export interface Parts {
  readonly number: (bytes: number) => number;
  readonly bytes: (length: number) => Buffer;
  /** As far as the next zero. */
  readonly text: () => string;
  /** With its length in front; null for NULL. */
  readonly value: () => string | null;
  readonly rest: () => Buffer;
  readonly left: () => number;
}

export function partsOf(packet: Buffer): Parts {
  let at = 0;
  const bytes = (length: number): Buffer => {
    if (length > packet.length - at) throw notMysql();
    at += length;
    return packet.subarray(at - length, at);
  };
  const number = (length: number): number => {
    const digits = bytes(length);
    // More than six bytes: only lengths are that long, and none of them may be.
    return length <= 6 ? digits.readUIntLE(0, length) : Number(digits.readBigUInt64LE(0));
  };
  return {
    number,
    bytes,
    text() {
      const end = packet.indexOf(0, at);
      if (end === -1) throw notMysql();
      const text = bytes(end - at).toString();
      at += 1;
      return text;
    },
    value() {
      const first = number(1);
      if (first === NULL_VALUE) return null;
      const length = LENGTH_BYTES[first];
      return bytes(length === undefined ? first : number(length)).toString();
    },
    rest: () => bytes(packet.length - at),
    left: () => packet.length - at,
  };
}
