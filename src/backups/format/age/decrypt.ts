import { Transform } from 'node:stream';
import { callbackify } from 'node:util';
import { errors } from '../errors.ts';
import { type AgeKeys, findStart, openHeader } from './header.ts';
import { createOpener, type Opener, payloadKeyOf, SEALED_BYTES, TAG_BYTES } from './payload.ts';
import { createPieces, type Pieces } from './pieces.ts';

/**
 * Takes an age file and gives what is in it, in constant memory. Each chunk is given out only when it is authentic; but
 * whether the file is whole is known only at its end, so believe nothing before that. Fails with `BACKUP_WRONG_KEY`
 * or `BACKUP_DAMAGED`.
 */
export function createAgeDecryption(keys: AgeKeys): Transform {
  let start = Buffer.alloc(0);
  let payload: Payload | undefined;

  const transform = new Transform({
    transform: callbackify((data: Buffer, _encoding: BufferEncoding) => take(data)),
    flush: callbackify(finish),
  });
  return transform;

  async function take(data: Buffer): Promise<void> {
    if (payload !== undefined) return payload.take(data);
    start = Buffer.concat([start, data]);
    const found = findStart(start);
    if (found === undefined) return undefined;
    const fileKey = await openHeader(found.header, keys);
    payload = createPayload(createOpener(payloadKeyOf(fileKey, found.nonce)), transform);
    return payload.take(start.subarray(found.end));
  }

  async function finish(): Promise<void> {
    if (payload === undefined) throw errors.BACKUP_DAMAGED({ problem: 'it was cut off before its data begin' });
    payload.finish();
  }
}

interface Payload {
  take(data: Buffer): void;
  finish(): void;
}

function createPayload(opener: Opener, out: Transform): Payload {
  const pieces: Pieces = createPieces(SEALED_BYTES);
  let bytes = 0;
  return {
    take(data) {
      pieces.add(data, (piece) => give(opener.open(piece, 'inner') ?? refuse('was changed')));
    },
    finish() {
      const piece = pieces.last();
      // Only an empty file has an empty chunk: otherwise one could be put behind a file that was cut off.
      if (bytes > 0 && piece.length === TAG_BYTES) refuse('was changed');
      give(opener.open(piece, 'last') ?? refuseEnd(piece));
    },
  };

  function give(plain: Buffer): void {
    bytes += plain.length;
    out.push(plain);
  }

  /** It may be a chunk in order that is not the last one. */
  function refuseEnd(piece: Buffer): never {
    const inner = piece.length === 0 ? piece : opener.open(piece, 'inner');
    bytes += inner?.length ?? 0;
    return refuse(inner === undefined ? 'was changed or cut off' : 'is missing');
  }

  function refuse(what: string): never {
    throw errors.BACKUP_DAMAGED({ problem: `what stood behind its first ${bytes} bytes ${what}` });
  }
}
