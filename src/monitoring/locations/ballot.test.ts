import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { type Ballot, counted, emptyBallot, isFresh } from './ballot.ts';

const RULES = { confirm: { down: 2, up: 1 }, intervalMs: 10 * SECOND_MS };
const PATIENCE_MS = 50 * SECOND_MS;

describe('what one place is sure of', () => {
  test('takes as many checks as confirm it, and began with the first of them', () => {
    assert.equal(after(['down', 1_000]).verdict, null);
    assert.deepEqual(after(['down', 1_000], ['down', 11_000], ['down', 21_000]).verdict, {
      location: 'fra',
      state: 'down',
      since: 1_000,
      reason: 'down at 11000',
    });
  });

  test('stays when a single check says otherwise', () => {
    assert.equal(after(['up', 1_000], ['down', 11_000]).verdict?.state, 'up');
  });

  test('is asked anew after a silence: two bad checks with a gap between them are not two in a row', () => {
    const silent = after(['up', 0], ['down', 10_000], ['down', 10_000 + PATIENCE_MS + 1]);

    assert.equal(silent.verdict, null);
    assert.equal(after(['up', 0], ['down', 10_000], ['down', 10_000 + PATIENCE_MS]).verdict?.state, 'down');
  });

  test('does not change by what is not newer than the latest', () => {
    const ballot = after(['up', 11_000]);

    assert.equal(counted(ballot, { at: 11_000, outcome: 'down', reason: null }, RULES), ballot);
    assert.equal(counted(ballot, { at: 1_000, outcome: 'down', reason: null }, RULES), ballot);
  });

  test('counts as long as it is fresh', () => {
    const ballot = after(['up', MINUTE_MS]);

    assert.ok(isFresh(ballot, RULES, MINUTE_MS + PATIENCE_MS));
    assert.ok(!isFresh(ballot, RULES, MINUTE_MS + PATIENCE_MS + 1));
    assert.ok(!isFresh(emptyBallot('fra'), RULES, 0));
  });

  function after(...seen: readonly (readonly [outcome: 'up' | 'down', at: number])[]): Ballot {
    return seen.reduce(
      (ballot, [outcome, at]) => counted(ballot, { at, outcome, reason: `${outcome} at ${at}` }, RULES),
      emptyBallot('fra'),
    );
  }
});
