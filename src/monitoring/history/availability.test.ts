import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { STATES, type State } from '../../contracts/state.ts';
import { HOUR_MS } from '../../kernel/clock.ts';
import { availabilityIn, type Change, MAINTENANCE_POLICIES } from './availability.ts';

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

  test('maintenance is no part of the percentage, as good as working, or as bad as an outage', () => {
    const changes = [change(0, 'up'), change(6 * HOUR_MS, 'maintenance'), change(12 * HOUR_MS, 'down')];
    const window = { from: 0, to: 24 * HOUR_MS };

    assert.deepEqual(
      MAINTENANCE_POLICIES.map((policy) => availabilityIn(changes, window, policy).ratio),
      [6 / 18, 12 / 24, 6 / 24],
    );
  });

  // A clock may stand still or run backwards between two changes.
  test('equals counting every minute by hand, for any history and any clock', () => {
    const step = fc.record({ gap: fc.integer({ min: -50, max: 300 }), state: fc.constantFrom(...STATES) });
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
            counted[inForceAt(changes, minute)] += 1;
          }

          assert.deepEqual(availabilityIn(changes, { from, to: from + length }).ms, counted);
        },
      ),
    );
  });
});

/** What is later in the list holds from the latest instant before it on. */
function inForceAt(changes: readonly Change[], minute: number): State {
  let latest = Number.NEGATIVE_INFINITY;
  let state: State = 'unknown';
  for (const each of changes) {
    latest = Math.max(latest, each.at);
    if (latest <= minute) ({ state } = each);
  }
  return state;
}
