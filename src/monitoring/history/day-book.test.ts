import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { historyOf } from '../../../test/support/history-of.ts';
import { STATES, type State } from '../../contracts/state.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { availabilityIn, type Change } from './availability.ts';
import { createDayBook } from './day-book.ts';

const MIDNIGHT = Date.parse('2026-11-20T00:00:00Z');

function change(at: number, state: State): Change {
  return { at, state, reason: state === 'up' ? null : `it was ${state}` };
}

describe('the days of a monitor', () => {
  const now = MIDNIGHT + 12 * HOUR_MS;

  test('gives each day its worst state and its minutes', () => {
    const changes = [
      change(MIDNIGHT - 2 * DAY_MS, 'up'),
      change(MIDNIGHT - 5 * MINUTE_MS, 'down'),
      change(MIDNIGHT + 5 * MINUTE_MS, 'up'),
    ];

    const { days } = historyOf(changes, 3, now);

    assert.deepEqual(
      days.map(({ worst }) => worst),
      ['up', 'down', 'down'],
    );
    assert.deepEqual(
      days.map(({ ms }) => ms.down),
      [0, 5 * MINUTE_MS, 5 * MINUTE_MS],
    );
  });

  test('knows nothing of days before the first check, and one day is no worse for it', () => {
    const { days } = historyOf([change(MIDNIGHT + HOUR_MS, 'up')], 2, now);

    assert.deepEqual(
      days.map(({ worst }) => worst),
      ['unknown', 'up'],
    );
  });

  test('lists troubles newest first, the running one without an end', () => {
    const changes = [
      change(MIDNIGHT, 'up'),
      change(MIDNIGHT + 10, 'down'),
      change(MIDNIGHT + 20, 'up'),
      change(now - 5, 'degraded'),
    ];

    const { troubles } = historyOf(changes, 1, now);

    assert.deepEqual(troubles, [
      { state: 'degraded', reason: 'it was degraded', startedAt: now - 5, endedAt: null },
      { state: 'down', reason: 'it was down', startedAt: MIDNIGHT + 10, endedAt: MIDNIGHT + 20 },
    ]);
  });

  test('a time nobody looked at any more is unknown, and ends what was wrong before', () => {
    const book = createDayBook(0);
    book.add([change(MIDNIGHT, 'down')]);

    const { days, troubles } = book.read({ days: 1, now, knownUntil: MIDNIGHT + HOUR_MS });

    assert.deepEqual([days[0]?.ms.down, days[0]?.ms.unknown], [HOUR_MS, 11 * HOUR_MS]);
    assert.equal(troubles[0]?.endedAt, MIDNIGHT + HOUR_MS);
  });

  test('remembers the latest hundred troubles, and the time of all of them', () => {
    const flaps = Array.from({ length: 600 }, (_, minute) =>
      change(MIDNIGHT + minute * MINUTE_MS, minute % 2 === 0 ? 'down' : 'up'),
    );

    const { days, troubles } = historyOf(flaps, 1, now);

    assert.equal(troubles.length, 100);
    assert.equal(troubles[0]?.startedAt, MIDNIGHT + 598 * MINUTE_MS);
    assert.equal(days[0]?.ms.down, 300 * MINUTE_MS);
  });

  test('are the same whether changes come one by one or all at once, and add up to the availability', () => {
    const step = fc.record({ gap: fc.integer({ min: 0, max: 2 * DAY_MS }), state: fc.constantFrom(...STATES) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(3 * DAY_MS), (steps, rest) => {
        let at = MIDNIGHT - 30 * DAY_MS;
        const changes = steps.map(({ gap, state }) => change((at += gap), state));
        const later = at + rest;
        const book = createDayBook(0);
        for (const each of changes) {
          book.add([each]);
          book.read({ days: 90, now: each.at, knownUntil: each.at });
        }
        book.add(changes.slice(-3));

        const days = 90;
        const from = later - (later % DAY_MS) - (days - 1) * DAY_MS;
        const read = book.read({ days, now: later, knownUntil: later });
        assert.deepEqual(read, historyOf(changes, days, later));
        assert.deepEqual(read.availability, availabilityIn(changes, { from, to: later }));
      }),
    );
  });
});
