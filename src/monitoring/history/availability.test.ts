import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { STATES, type State } from '../../contracts/state.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { availabilityIn, type Change, historyOf } from './availability.ts';

const MIDNIGHT = Date.parse('2026-11-20T00:00:00Z');

function change(at: number, state: State): Change {
  return { at, state, reason: state === 'up' ? null : `it was ${state}` };
}

describe('availability', () => {
  test('is the share of time and not of checks [STA-09/R]', () => {
    const changes = [change(0, 'up'), change(6 * HOUR_MS, 'down'), change(9 * HOUR_MS, 'up')];

    const { ratio, coverage } = availabilityIn(changes, { from: 0, to: 24 * HOUR_MS });

    assert.equal(ratio, 21 / 24);
    assert.equal(coverage, 1);
  });

  test('counts what nobody knows as unknown, and not as up or down', () => {
    const changes = [change(6 * HOUR_MS, 'up'), change(12 * HOUR_MS, 'unknown'), change(18 * HOUR_MS, 'down')];

    const { ratio, coverage, ms } = availabilityIn(changes, { from: 0, to: 24 * HOUR_MS });

    assert.equal(ratio, 0.5);
    assert.equal(coverage, 0.5);
    assert.equal(ms.unknown, 12 * HOUR_MS);
  });

  test('leaves announced maintenance out of the percentage', () => {
    const changes = [change(0, 'up'), change(12 * HOUR_MS, 'maintenance')];

    assert.equal(availabilityIn(changes, { from: 0, to: 24 * HOUR_MS }).ratio, 1);
  });

  test('claims nothing about a window nobody watched', () => {
    assert.deepEqual(availabilityIn([], { from: 0, to: 10 }), {
      ratio: null,
      coverage: 0,
      ms: { up: 0, degraded: 0, down: 0, maintenance: 0, unknown: 10 },
    });
  });

  test('equals counting every minute by hand, for any history', () => {
    const step = fc.record({ gap: fc.integer({ min: 1, max: 300 }), state: fc.constantFrom(...STATES) });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 20 }),
        fc.integer({ min: 0, max: 2_000 }),
        fc.nat(2_000),
        (steps, from, length) => {
          let at = 0;
          const changes = steps.map(({ gap, state }) => change((at += gap), state));
          const counted: Record<State, number> = { up: 0, degraded: 0, down: 0, maintenance: 0, unknown: 0 };
          for (let minute = from; minute < from + length; minute += 1) {
            counted[changes.findLast((candidate) => candidate.at <= minute)?.state ?? 'unknown'] += 1;
          }

          assert.deepEqual(availabilityIn(changes, { from, to: from + length }).ms, counted);
        },
      ),
    );
  });
});

describe('history', () => {
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
});
