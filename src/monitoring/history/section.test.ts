import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY_MS } from '../../kernel/clock.ts';
import { HistorySection, retentionOf } from './section.ts';

test('results are kept for a month, hours for more than a year, days for ever', () => {
  assert.deepEqual(retentionOf(), {
    resultsMs: 30 * DAY_MS,
    minutesMs: 90 * DAY_MS,
    hoursMs: 400 * DAY_MS,
    daysMs: null,
  });
});

test('what a day is made of never outlives it', () => {
  const kept = retentionOf(HistorySection.parse({ results: '500d', hours: '40d', days: '100d' }));

  assert.deepEqual([kept.resultsMs, kept.hoursMs, kept.daysMs], [500 * DAY_MS, 500 * DAY_MS, 500 * DAY_MS]);
  assert.equal(retentionOf(HistorySection.parse({ hours: 'forever', days: '50d' })).daysMs, null);
});

test('hours are kept long enough for what a probe brings a month late', () => {
  assert.equal(HistorySection.safeParse({ hours: '34d' }).success, false);
  assert.equal(HistorySection.safeParse({ results: '12h' }).success, false);
  assert.equal(HistorySection.safeParse({ result: '30d' }).success, false);
});
