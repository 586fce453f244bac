import type { Duplex } from 'node:stream';
import { readerOf } from './byte-reader.ts';
import { encodeFrame, OPCODE, readFrame, WebSocketBroken } from './websocket-frames.ts';
import { type Opening, openingRequest, readOpening } from './websocket-handshake.ts';

/** One conversation with a server, in the order of its methods. Each throws `WebSocketBroken`, or what the socket throws. */
export interface WebSocketClient {
  /** The HTTP status; nothing more can be said unless it is 101. */
  open(opening: Opening): Promise<number>;
  send(text: string): void;
  /** The next whole message, or why there is none. Answers pings meanwhile. */
  receive(): Promise<Received>;
  /** Says goodbye with 1000. What the server still has to say can be received. */
  close(): void;
}

export type Received =
  | { readonly text: string }
  /** 1005 stands for a goodbye without a code, 1006 for none at all (RFC 6455 §7.4.1). */
  | { readonly closedWith: number };

const MESSAGE_BYTES_MAX = 1024 * 1024;
/** Whoever sends more of these than a conversation of minutes needs keeps us busy. */
const CONTROL_FRAMES_MAX = 1_000;
const NO_CODE = 1005;
const NO_GOODBYE = 1006;
const NORMAL = 1000;

/** `chance` makes that many random bytes. */
export function webSocketOver(socket: Duplex, chance: (bytes: number) => Buffer): WebSocketClient {
  const reader = readerOf(socket);
  let controlFrames = 0;

  return {
    open(opening) {
      socket.write(openingRequest(opening));
      return readOpening(reader, opening);
    },
    send: (text) => write(OPCODE.text, Buffer.from(text)),
    async receive() {
      const pieces: Buffer[] = [];
      for (let size = 0; ; ) {
        const frame = await readFrame(reader, MESSAGE_BYTES_MAX - size);
        if (frame === undefined) return { closedWith: NO_GOODBYE };
        const { opcode, payload, isFinal } = frame;
        if (opcode === OPCODE.close) return { closedWith: payload.length < 2 ? NO_CODE : payload.readUInt16BE() };
        if (opcode >= OPCODE.close) {
          answerControl(opcode, payload);
          continue;
        }
        if ((opcode === OPCODE.continuation) !== pieces.length > 0) {
          throw new WebSocketBroken('mixed up the pieces of its messages');
        }
        pieces.push(payload);
        size += payload.length;
        if (pieces.length > CONTROL_FRAMES_MAX) throw new WebSocketBroken('sends a message in pieces without end');
        if (isFinal) return { text: Buffer.concat(pieces).toString() };
      }
    },
    close() {
      const code = Buffer.alloc(2);
      code.writeUInt16BE(NORMAL);
      write(OPCODE.close, code);
    },
  };

  function answerControl(opcode: number, payload: Buffer): void {
    controlFrames += 1;
    if (controlFrames > CONTROL_FRAMES_MAX) throw new WebSocketBroken('sends pings without end');
    if (opcode === OPCODE.ping) write(OPCODE.pong, payload);
  }

  function write(opcode: number, payload: Buffer): void {
    socket.write(encodeFrame(opcode, payload, chance(4)));
  }
}
