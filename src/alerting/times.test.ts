import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';
import { inWords, iso, utc } from './times.ts';

const cases = [
  [0, 'less than a second'],
  [999, 'less than a second'],
  [SECOND_MS, '1 s'],
  [59 * SECOND_MS + 999, '59 s'],
  [6 * MINUTE_MS + 10 * SECOND_MS, '6 min 10 s'],
  [HOUR_MS, '1 h'],
  [HOUR_MS + 30 * SECOND_MS, '1 h'],
  [26 * HOUR_MS + 5 * MINUTE_MS, '1 d 2 h'],
  [400 * DAY_MS, '400 d'],
] as const;

for (const [ms, words] of cases) {
  test(`${ms} ms are ${words}`, () => assert.equal(inWords(ms), words));
}

test('times are in UTC, to the second for people and to the millisecond for programs', () => {
  const at = Date.parse('2026-11-21T03:04:05.006Z');

  assert.equal(utc(at), '2026-11-21 03:04:05 UTC');
  assert.equal(iso(at), '2026-11-21T03:04:05.006Z');
});
