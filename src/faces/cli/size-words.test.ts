import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sizeWords } from './size-words.ts';

for (const [bytes, words] of [
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [9_949, '9.9 kB'],
  [9_951, '10 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [41_200_000, '41 MB'],
  [1_230_000_000, '1.2 GB'],
  [5e15, '5.0 PB'],
] as const) {
  test(`${bytes} bytes are ${words}`, () => {
    assert.equal(sizeWords(bytes), words);
  });
}
