import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { majority, type Verdict } from './quorum.ts';

const BADNESS = { up: 0, degraded: 1, down: 2 } as const;
const STATES = ['up', 'degraded', 'down'] as const;

describe('what more than half of the locations say', () => {
  test('is down when two of three find it down, since the second of them did', () => {
    const agreed = majority([said('here', 'up', 1), said('fra', 'down', 30), said('nyc', 'down', 20)]);

    assert.deepEqual(agreed, {
      state: 'down',
      since: 30,
      reason: 'api.example answered 503, expected 2xx (from fra and nyc).',
      locations: ['fra', 'nyc'],
    });
  });

  test('is up when one of three finds it down', () => {
    assert.equal(majority([said('here', 'up', 1), said('fra', 'down', 30), said('nyc', 'up', 20)])?.state, 'up');
  });

  test('is nothing when they are divided into halves', () => {
    assert.equal(majority([said('here', 'up', 1), said('fra', 'down', 2)]), undefined);
    assert.equal(
      majority([said('a', 'up', 1), said('b', 'up', 2), said('c', 'down', 2), said('d', 'degraded', 2)]),
      undefined,
    );
    assert.equal(majority([]), undefined);
  });

  test('is degraded when most find it not well, and not most of them down', () => {
    const agreed = majority([said('here', 'up', 1), said('fra', 'down', 2), said('nyc', 'degraded', 5)]);

    assert.equal(agreed?.state, 'degraded');
    assert.equal(agreed.reason, 'api.example is slow (from fra and nyc).');
  });

  test('names one place, and three', () => {
    const one = said('here', 'down', 1);
    const all = majority([one, said('fra', 'down', 2), said('nyc', 'down', 3)]);

    assert.match(all?.reason ?? '', / \(from here, fra and nyc\)\.$/);
  });

  test('is what the one location says when there is one', () => {
    fc.assert(
      fc.property(verdict('here'), (only) => {
        const { state, since, reason } = only;
        assert.deepEqual(majority([only]), { state, since, reason, locations: ['here'] });
      }),
    );
  });

  test('is what a plain count says', () => {
    fc.assert(
      fc.property(fc.array(verdict('somewhere'), { maxLength: 9 }), (all) => {
        assert.equal(majority(all)?.state, counted(all));
      }),
    );
  });

  test('came about at an instant at which more than half agreed, and at none before', () => {
    fc.assert(
      fc.property(fc.array(verdict('somewhere'), { minLength: 1, maxLength: 9 }), (all) => {
        const agreed = majority(all);
        if (agreed === undefined) return;
        const agreeing = all.filter(({ state }) =>
          agreed.state === 'up' ? state === 'up' : BADNESS[state] >= BADNESS[agreed.state],
        );
        const sureBy = (instant: number) => agreeing.filter(({ since }) => since <= instant).length;
        assert.ok(sureBy(agreed.since) * 2 > all.length);
        assert.ok(sureBy(agreed.since - 1) * 2 <= all.length);
      }),
    );
  });

  test('never turns with one location among three or more that agree otherwise', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...STATES),
        fc.integer({ min: 2, max: 8 }),
        verdict('odd'),
        fc.nat(),
        (state, count, odd, place) => {
          const all = Array.from({ length: count }, (_, index) => said(`l${index}`, state, index));
          assert.equal(majority(all.toSpliced(place % (count + 1), 0, odd))?.state, state);
        },
      ),
    );
  });
});

const REASONS = {
  up: null,
  degraded: 'api.example is slow.',
  down: 'api.example answered 503, expected 2xx.',
} as const;

function said(location: string, state: Verdict['state'], since: number): Verdict {
  return { location, state, since, reason: REASONS[state] };
}

function verdict(location: string): fc.Arbitrary<Verdict> {
  return fc.tuple(fc.constantFrom(...STATES), fc.nat(50)).map(([state, since]) => said(location, state, since));
}

/** The rule in other words: the worst of three questions to which most say yes. */
function counted(all: readonly Verdict[]): Verdict['state'] | undefined {
  const count = (...states: readonly Verdict['state'][]) => all.filter(({ state }) => states.includes(state)).length;
  const isMost = (votes: number) => votes > all.length - votes;
  if (isMost(count('down'))) return 'down';
  if (isMost(count('down', 'degraded'))) return 'degraded';
  return isMost(count('up')) ? 'up' : undefined;
}
