import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readingsWords } from './reading-words.ts';

test('shares are percentages, times have their unit, and everything else is a number', () => {
  const readings = { cpu: 0.1234, 'disk:/var': 0.714, p95: 1_400, duration: 65_000, queue: 12_345.6 };

  assert.equal(readingsWords(readings), 'cpu 12.3 %, disk:/var 71.4 %, p95 1s, duration 1m5s, queue 12,345.6');
});

test('where nothing is measured nothing is said', () => {
  assert.equal(readingsWords({}), null);
});
