import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closing, countIn, isGood, sum } from './tally.ts';

test('counts are read from the lines of the runner, coloured or not, and from no others', () => {
  assert.deepEqual(countIn('ℹ pass 12'), { pass: 12 });
  assert.deepEqual(countIn('\u001B[34mℹ fail 0\u001B[39m'), { fail: 0 });
  assert.deepEqual(countIn('ℹ duration_ms 12.5'), {});
  assert.equal(countIn('ℹ seed 12'), undefined);
  assert.equal(countIn('✔ pass 12'), undefined);
});

test('the closing lines add up what all suites counted', () => {
  const total = sum([{ tests: 3, pass: 2, fail: 1 }, { tests: 1, pass: 1 }, {}]);

  assert.equal(
    closing(total, 1234.5),
    'ℹ tests 4\nℹ suites 0\nℹ pass 3\nℹ fail 1\nℹ cancelled 0\nℹ skipped 0\nℹ todo 0\nℹ duration_ms 1234.500',
  );
});

test('failed, cancelled and skipped tests spoil a run; those still to do are only counted', () => {
  assert.equal(isGood({ tests: 2, pass: 2, todo: 1 }), true);
  assert.equal(isGood({ fail: 1 }), false);
  assert.equal(isGood({ cancelled: 1 }), false);
  assert.equal(isGood({ skipped: 1 }), false);
});
