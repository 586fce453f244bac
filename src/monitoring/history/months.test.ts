import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { STATES } from '../../contracts/state.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import { availabilityIn, emptyMs } from './availability.ts';
import { monthOf, monthsBetween, monthWindow } from './months.ts';

const ZONES = ['UTC', 'Europe/Vienna', 'America/Sao_Paulo', 'Pacific/Apia', 'Asia/Kolkata', 'Africa/Cairo'];
const MINUTES_15 = HOUR_MS / 4;

describe('calendar months', () => {
  test('are an hour shorter or longer where clocks change', () => {
    const hoursOf = (month: string) => {
      const { from, to } = monthWindow(month, 'Europe/Vienna');
      return (to - from) / HOUR_MS;
    };

    assert.equal(new Date(monthWindow('2026-03', 'Europe/Vienna').from).toISOString(), '2026-02-28T23:00:00.000Z');
    assert.deepEqual(['2026-03', '2026-10', '2026-11'].map(hoursOf), [31 * 24 - 1, 31 * 24 + 1, 30 * 24]);
  });

  test('follow each other without a gap, and every instant lies in the one it is said to', () => {
    const instant = fc.integer({ min: Date.parse('2005-01-01'), max: Date.parse('2040-01-01') });
    fc.assert(
      fc.property(instant, fc.constantFrom(...ZONES), fc.nat(400), (at, zone, days) => {
        const { from, to } = monthWindow(monthOf(at, zone), zone);
        assert.ok(from <= at && at < to);
        const windows = monthsBetween(at, at + days * DAY_MS, zone).map((month) => monthWindow(month, zone));
        for (const [index, window] of windows.entries()) {
          assert.equal(window.from, windows[index - 1]?.to ?? from);
        }
      }),
    );
  });

  test('the uptime of a month equals counting its wall clock by hand, also when clocks change', () => {
    const steps = fc.array(fc.record({ gap: fc.nat(600), state: fc.constantFrom(...STATES) }), { maxLength: 12 });
    fc.assert(
      fc.property(steps, fc.constantFrom(...ZONES), fc.integer({ min: 1, max: 12 }), (written, zone, number) => {
        const month = `2026-${String(number).padStart(2, '0')}`;
        const window = monthWindow(month, zone);
        let at = window.from - 5 * DAY_MS;
        const changes = written.map(({ gap, state }) => ({ at: (at += gap * MINUTES_15), state, reason: null }));
        const counted = emptyMs();
        for (let quarter = window.from - DAY_MS; quarter < window.to + DAY_MS; quarter += MINUTES_15) {
          const wall = Temporal.Instant.fromEpochMilliseconds(quarter).toZonedDateTimeISO(zone);
          if (wall.year !== 2026 || wall.month !== number) continue;
          counted[changes.findLast((each) => each.at <= quarter)?.state ?? 'unknown'] += MINUTES_15;
        }

        assert.deepEqual(availabilityIn(changes, window).ms, counted);
      }),
      { numRuns: 25 },
    );
  });
});
