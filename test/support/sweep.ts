import type { TestContext } from 'node:test';

/** `npm test` runs a sample of every sweep; `npm run sweep` sets this and runs them whole. */
const IS_WHOLE = process.env['EVENKEEL_SWEEP'] === 'whole';

export function sweepSize({ sample, whole }: { readonly sample: number; readonly whole: number }): number {
  return IS_WHOLE ? whole : sample;
}

/** Chance that can be had again: the seed is printed, and `EVENKEEL_SEED` sets it. */
export function seededRandom(t: Pick<TestContext, 'diagnostic'>): () => number {
  const seed = Number(process.env['EVENKEEL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  t.diagnostic(`EVENKEEL_SEED=${seed}`);
  let state = seed;
  // mulberry32: small, and good enough to pick moments.
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
