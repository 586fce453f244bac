import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { STATES, type State } from '../../contracts/state.ts';
import { type Confirmation, confirm, type Observation, type Outcome, windowOf } from './confirmation.ts';

/** One letter a check: u up, g degraded, d down; checks are ten apart. */
function seen(letters: string): Observation[] {
  const outcomes: Record<string, Outcome> = { u: 'up', g: 'degraded', d: 'down' };
  return letters.split('').map((letter, index) => ({ at: 10 * index, outcome: outcomes[letter] ?? 'up' }));
}

const cases: { name: string; from: State; checks: string; down?: number; up?: number; becomes: string }[] = [
  { name: 'one failure of two', from: 'up', checks: 'ud', becomes: 'up' },
  { name: 'two failures of two', from: 'up', checks: 'udd', becomes: 'down since 10' },
  { name: 'an outage longer than needed', from: 'up', checks: 'uddd', becomes: 'down since 10' },
  { name: 'a failure and a slow answer', from: 'up', checks: 'udg', becomes: 'degraded since 10' },
  { name: 'a slow answer, then two failures', from: 'degraded', checks: 'gdd', becomes: 'down since 10' },
  { name: 'one good answer', from: 'down', checks: 'du', becomes: 'up since 10' },
  { name: 'a good answer where two are asked for', from: 'down', checks: 'du', up: 2, becomes: 'down' },
  { name: 'a slow answer after an outage', from: 'down', checks: 'dg', becomes: 'degraded since 10' },
  {
    name: 'a good and a slow answer where two are asked for',
    from: 'down',
    checks: 'dug',
    up: 2,
    becomes: 'degraded since 10',
  },
  { name: 'an interrupted run', from: 'up', checks: 'dud', becomes: 'up' },
  { name: 'a first good answer', from: 'unknown', checks: 'u', becomes: 'up since 0' },
  { name: 'a first failure', from: 'unknown', checks: 'd', becomes: 'unknown' },
  { name: 'two first failures', from: 'unknown', checks: 'dd', becomes: 'down since 0' },
  { name: 'a failure that needs no second', from: 'up', checks: 'ud', down: 1, becomes: 'down since 10' },
];

describe('confirm', () => {
  for (const { name, from, checks, down = 2, up = 1, becomes } of cases) {
    test(`${name} makes ${from} ${becomes}`, () => {
      const confirmed = confirm(from, seen(checks), { down, up });

      assert.equal(confirmed === undefined ? from : `${confirmed.state} since ${confirmed.since}`, becomes);
    });
  }

  const outcome = fc.constantFrom<Outcome>('up', 'degraded', 'down');
  const counts = fc.record({ down: fc.integer({ min: 1, max: 5 }), up: fc.integer({ min: 1, max: 5 }) });

  test('agrees with a plain reading of the rule, whatever the checks say', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...STATES),
        fc.array(outcome, { maxLength: 12 }),
        counts,
        (state, outcomes, counting) => {
          const recent = outcomes.map((found, index) => ({ at: index, outcome: found }));
          const expected = plainly(state, outcomes, counting);
          assert.equal(confirm(state, recent, counting)?.state ?? state, expected ?? state);
        },
      ),
    );
  });

  test('needs no more than the window it asks for to decide', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...STATES),
        fc.array(outcome, { maxLength: 12 }),
        counts,
        (state, outcomes, counting) => {
          const recent = outcomes.map((found, index) => ({ at: index, outcome: found }));
          const short = recent.slice(-windowOf(counting));
          assert.equal(confirm(state, short, counting)?.state, confirm(state, recent, counting)?.state);
        },
      ),
    );
  });
});

const ORDER: readonly Outcome[] = ['up', 'degraded', 'down'];

/** The sentence of the documentation, word by word, without any thought for speed. */
function plainly(state: State, outcomes: readonly Outcome[], { down, up }: Confirmation): State | undefined {
  const isUnknown = state === 'unknown' || state === 'maintenance';
  if (isUnknown && outcomes.at(-1) === 'up') return 'up';
  const from = isUnknown ? 0 : ORDER.indexOf(state);
  const lastDown = outcomes.slice(-down).map((one) => ORDER.indexOf(one));
  if (lastDown.length === down && lastDown.every((one) => one > from)) return ORDER[Math.min(...lastDown)];
  const lastUp = outcomes.slice(-up).map((one) => ORDER.indexOf(one));
  if (!isUnknown && lastUp.length === up && lastUp.every((one) => one < from)) return ORDER[Math.max(...lastUp)];
  return undefined;
}

test('what becomes known is dated to the first good answer in a row, however late somebody asks', () => {
  const recent = [400, 410].map((at) => ({ at, outcome: 'up' as const }));

  assert.deepEqual(confirm('maintenance', recent, { down: 2, up: 1 }), { state: 'up', since: 400 });
});
