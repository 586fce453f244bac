import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { callbackify } from 'node:util';

export interface Size {
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

export interface MeterOptions {
  /** Called with the number of bytes that have just passed. */
  readonly onBytes?: (bytes: number) => void;
  /** What must hold before the end is passed on: its rejection is the error of the stream. */
  readonly atEnd?: (size: Size) => Promise<void> | void;
}

export interface Meter {
  readonly transform: Transform;
  /** Only after the end. */
  measured(): Size;
}

/** Counts what passes, and adds it up with SHA-256. */
export function createMeter({ onBytes = () => undefined, atEnd = () => undefined }: MeterOptions = {}): Meter {
  const hash = createHash('sha256');
  let bytes = 0;
  let size: Size | undefined;
  const transform = new Transform({
    transform(data: Buffer, _encoding, done) {
      hash.update(data);
      bytes += data.length;
      onBytes(data.length);
      done(null, data);
    },
    flush: callbackify(settle),
  });
  return {
    transform,
    measured() {
      if (size === undefined) throw new Error('What is still passing cannot be measured yet.');
      return size;
    },
  };

  async function settle(): Promise<void> {
    size = { bytes, sha256: hash.digest('hex') };
    await atEnd(size);
  }
}
