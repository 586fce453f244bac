import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { codeOf } from '../../kernel/errors.ts';
import { errors } from './errors.ts';

const LEVEL = 3;
const PART_BYTES = 128 * 1024;

/**
 * Packs a dump with zstd, with a check sum of its own. In one thread: with more, Node's zstd loses the end of a stream
 * without saying so.
 */
export function createPacking(): Transform {
  const params = { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 };
  return createZstdCompress({ params, chunkSize: PART_BYTES });
}

/**
 * Unpacks a dump; one step of a `pipeline`, or what `Readable.from` takes. Fails with `BACKUP_DAMAGED` when it was cut
 * off or changed, and as soon as it becomes longer than was promised: a small file can be made to unpack to any size.
 */
export async function* unpack(
  packed: AsyncIterable<Uint8Array>,
  limits: { readonly bytesMax: number },
): AsyncGenerator<Buffer, void> {
  const zstd = createZstdDecompress({ chunkSize: PART_BYTES });
  const fed = pipeline(packed, zstd);
  // The same error comes out of zstd, where it is not overlooked.
  fed.catch(() => undefined);
  let bytes = 0;
  try {
    for await (const part of zstd as AsyncIterable<Buffer> & Readable) {
      bytes += part.length;
      if (bytes > limits.bytesMax) throw errors.BACKUP_DAMAGED({ problem: tooLong(limits.bytesMax) });
      yield part;
    }
  } catch (error) {
    throw isOfZstd(error) ? errors.BACKUP_DAMAGED({ problem: 'it does not unpack' }, { cause: error }) : error;
  }
}

function tooLong(bytesMax: number): string {
  return `it unpacks to more than the ${bytesMax} bytes it was made of`;
}

function isOfZstd(error: unknown): boolean {
  return /^(?:ZSTD_|Z_)/.test(codeOf(error));
}
