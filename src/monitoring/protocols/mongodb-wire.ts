import type { Duplex } from 'node:stream';
import { type Document, deserialize, serialize } from 'bson';
import { readerOf } from './byte-reader.ts';
import { Complaint } from './conversation.ts';

const HEADER_BYTES = 16;
const MESSAGE = 2013;
/** Of flags and the kind of the first section. */
const PREFIX_BYTES = 5;
const ANSWER_BYTES_MAX = 256 * 1024;
/** More may follow, which nobody asked for, or a checksum does. */
const FLAGS_REFUSED = 0x1_0003;

/** Runs one command and returns what came back, whether it was a success or not. Throws a `Complaint`. */
export type Command = (database: string, command: Document) => Promise<Document>;

/** OP_MSG: https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */
export function commandsOn(socket: Duplex): Command {
  const reader = readerOf(socket);
  let asked = 0;
  return async (database, command) => {
    asked += 1;
    socket.write(message(asked, { ...command, $db: database }));
    const header = await reader.exactly(HEADER_BYTES);
    if (header === undefined) throw new Complaint('closed the connection');
    const length = header.readInt32LE(0) - HEADER_BYTES;
    const isAnswer = header.readInt32LE(8) === asked && header.readInt32LE(12) === MESSAGE;
    if (!isAnswer || length <= PREFIX_BYTES || length > ANSWER_BYTES_MAX) throw notMongo();
    const content = await reader.exactly(length);
    if (content === undefined) throw new Complaint('closed the connection in the middle of an answer');
    if ((content.readUInt32LE(0) & FLAGS_REFUSED) !== 0 || content[4] !== 0) throw notMongo();
    return documentIn(content.subarray(PREFIX_BYTES));
  };
}

export function notMongo(): Complaint {
  return new Complaint('does not answer as MongoDB does');
}

function message(id: number, command: Document): Buffer {
  const content = serialize(command);
  const head = Buffer.alloc(HEADER_BYTES + PREFIX_BYTES);
  head.writeInt32LE(head.length + content.length, 0);
  head.writeInt32LE(id, 4);
  head.writeInt32LE(MESSAGE, 12);
  return Buffer.concat([head, content]);
}

/** Whatever the library chokes on, a depth without end included, is no document. */
function documentIn(bytes: Buffer): Document {
  try {
    return deserialize(bytes, { promoteBuffers: true, useBigInt64: false });
  } catch {
    throw notMongo();
  }
}
