import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import { type Period, periodAt } from './period.ts';

const at = (instant: string) => Date.parse(instant);

function shown(period: Period, zone: string, now: string) {
  const { from, to } = periodAt(period, zone, at(now));
  return [new Date(from).toISOString(), new Date(to).toISOString()];
}

test('the latest days are counted back from now, to the millisecond', () => {
  assert.deepEqual(periodAt('30d', 'UTC', 31 * DAY_MS + 7), { from: DAY_MS + 7, to: 31 * DAY_MS + 7 });
});

test('weeks begin on Monday, quarters in January, April, July and October, at midnight of their zone', () => {
  assert.deepEqual(shown('week', 'UTC', '2026-11-22T23:59:00Z'), [
    '2026-11-16T00:00:00.000Z',
    '2026-11-23T00:00:00.000Z',
  ]);
  assert.deepEqual(shown('month', 'America/New_York', '2026-12-01T04:30:00Z'), [
    '2026-11-01T04:00:00.000Z',
    '2026-12-01T05:00:00.000Z',
  ]);
  assert.deepEqual(shown('quarter', 'UTC', '2026-03-31T23:00:00Z'), [
    '2026-01-01T00:00:00.000Z',
    '2026-04-01T00:00:00.000Z',
  ]);
});

test('a month in which clocks change has an hour less or more', () => {
  const lengthOf = (now: string) => {
    const { from, to } = periodAt('month', 'Europe/Berlin', at(now));
    return to - from;
  };

  assert.equal(lengthOf('2026-03-15T12:00:00Z'), 31 * DAY_MS - HOUR_MS);
  assert.equal(lengthOf('2026-10-15T12:00:00Z'), 31 * DAY_MS + HOUR_MS);
});

test('where midnight is left out, the day begins at the first moment there is', () => {
  // Beirut put its clocks from midnight to one o'clock on 30 March 2025.
  assert.deepEqual(shown('week', 'Asia/Beirut', '2025-04-02T00:00:00Z')[0], '2025-03-30T21:00:00.000Z');
});

test('calendar periods leave no gap and never overlap, in any zone', () => {
  const zones = Intl.supportedValuesOf('timeZone');
  const instant = fc.integer({ min: at('2000-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') });
  const period = fc.constantFrom('week', 'month', 'quarter');
  fc.assert(
    fc.property(instant, fc.constantFrom(...zones), period, (now, zone, each) => {
      const window = periodAt(each, zone, now);
      assert.ok(window.from <= now && now < window.to);
      assert.equal(periodAt(each, zone, window.to).from, window.to);
      assert.equal(periodAt(each, zone, window.from - 1).to, window.from);
    }),
    { numRuns: 500 },
  );
});
