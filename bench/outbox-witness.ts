import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedEvent } from '../src/contracts/events.ts';
import { WRITERS } from './writers.ts';

/** A durable consumer that knows what it has to see: of each writer everything, once, in the order of its commits. */
export interface Witness {
  /** For the next event of this writer, who commits one after the other. */
  nextName(writer: number): string;
  see(event: RecordedEvent): void;
  /** Resolves with how long it took until everything was seen, or after `waitMaxMs`. */
  caughtUp(waitMaxMs: number): Promise<number>;
  seen(): number;
  skipped(): number;
  repeated(): number;
}

const LOOK_EVERY_MS = 5;

export function createWitness(): Witness {
  const written = Array.from({ length: WRITERS }, () => 0);
  const seen = Array.from({ length: WRITERS }, () => 0);
  let skipped = 0;
  let repeated = 0;

  const behind = () => written.reduce((total, count, writer) => total + count - (seen[writer] ?? 0), 0);

  return {
    nextName(writer) {
      const index = written[writer] ?? 0;
      written[writer] = index + 1;
      return `${writer}/${index}`;
    },
    see(event) {
      if (event.name !== 'token.revoked') return;
      const [writer = Number.NaN, index = Number.NaN] = event.payload.name.split('/').map(Number);
      const expected = seen[writer] ?? 0;
      if (index < expected) repeated += 1;
      else skipped += index - expected;
      seen[writer] = Math.max(expected, index + 1);
    },
    async caughtUp(waitMaxMs) {
      const startedAt = performance.now();
      while (behind() > 0 && performance.now() - startedAt < waitMaxMs) await sleep(LOOK_EVERY_MS);
      return performance.now() - startedAt;
    },
    seen: () => seen.reduce((total, count) => total + count, 0),
    skipped: () => skipped + behind(),
    repeated: () => repeated,
  };
}
