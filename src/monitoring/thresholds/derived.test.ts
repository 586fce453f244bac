import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE_MS } from '../../kernel/clock.ts';
import { createDerived } from './derived.ts';

const EVERY_MS = 30_000;

function derivedOf(latencies: readonly (number | 'failed')[], everyMs = EVERY_MS) {
  const derived = createDerived();
  for (const [index, each] of latencies.entries()) {
    derived.add(
      index * everyMs,
      each === 'failed' ? { state: 'down', reason: 'no' } : { state: 'up', latencyMs: each },
      everyMs,
    );
  }
  return derived;
}

const fast = (count: number) => Array.from({ length: count }, () => 100);

test('says nothing of fewer than twenty checks', () => {
  assert.deepEqual([derivedOf(fast(19)).p95(), derivedOf(fast(19)).errorRate()], [undefined, undefined]);
  assert.deepEqual([derivedOf(fast(20)).p95(), derivedOf(fast(20)).errorRate()], [100, 0]);
});

test('one slow answer in twenty is not the 95th percentile, two are', () => {
  assert.equal(derivedOf([...fast(19), 3_000]).p95(), 100);
  assert.equal(derivedOf([...fast(18), 3_000, 4_000]).p95(), 3_000);
});

test('forgets what is older than ten minutes, or than twenty checks where they are rare', () => {
  assert.equal(derivedOf(['failed', ...fast(20)]).errorRate(), 1 / 21);
  assert.equal(derivedOf(['failed', ...fast(21)]).errorRate(), 0);
  assert.equal(derivedOf(['failed', ...fast(20)], 5 * MINUTE_MS).errorRate(), 1 / 21);
  assert.equal(derivedOf(['failed', ...fast(21)], 5 * MINUTE_MS).errorRate(), 0);
});

test('a check without an answer counts as failed and has no time', () => {
  const derived = derivedOf(['failed', 'failed', ...fast(18)]);

  assert.equal(derived.errorRate(), 0.1);
  assert.equal(derived.p95(), undefined);
});
