import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './time-words.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');

for (const [instant, words] of [
  [null, '-'],
  ['2026-11-20T12:00:30.000Z', 'in 30s'],
  ['2026-11-20T13:59:59.300Z', 'in 2h'],
  ['2026-11-20T12:59:59.300Z', 'in 1h'],
  ['2026-11-20T12:00:00.300Z', 'in 1s'],
  ['2026-11-20T12:00:00.000Z', 'now'],
  ['2026-11-20T11:00:00.000Z', 'now'],
] as const) {
  test(`${instant ?? 'no instant'} is ${words}`, () => {
    assert.equal(until(instant, NOW), words);
  });
}
