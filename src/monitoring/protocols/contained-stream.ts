import { Duplex } from 'node:stream';

/** The other side said more than a check needs to hear. */
export class AnswerTooLong extends Error {}

/** The client library choked on what the other side said. */
class AnswerUnreadable extends Error {}

export interface ContainedStreamOptions {
  readonly bytesMax: number;
  /** Sees each piece before the client library does; throws at what that library cannot cope with. */
  readonly inspect: (chunk: Buffer) => void;
}

/**
 * The same connection, fit to be handed to a client library that trusts its server. A server that does not end its
 * answer cannot fill the memory, and an answer that makes the library throw ends the connection, not the process.
 */
export function containedStream(socket: Duplex, { bytesMax, inspect }: ContainedStreamOptions): Duplex {
  let received = 0;
  const contained = new Duplex({
    // What arrives is handed on below, where an exception of the reader can be caught.
    read: () => undefined,
    write: (chunk, _encoding, done) => void socket.write(chunk, done),
    final: (done) => void socket.end(done),
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });

  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (contained.destroyed) return;
    if (received > bytesMax) {
      contained.destroy(new AnswerTooLong());
      return;
    }
    try {
      inspect(chunk);
      contained.emit('data', chunk);
    } catch (cause) {
      contained.destroy(new AnswerUnreadable('The answer cannot be read.', { cause }));
    }
  });
  socket.on('error', (error) => contained.destroy(error));
  socket.on('close', () => contained.destroy());
  return contained;
}
