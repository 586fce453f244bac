import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestEvent } from 'node:test/reporters';
import reporter from './failures.ts';

test('a run ends with what failed, each with its cause, and suites are not counted again', async () => {
  const failed = (name: string, failureType: string, cause: Error) => ({
    type: 'test:fail',
    data: { name, file: 'test/x.test.ts', details: { error: Object.assign(new Error(), { failureType, cause }) } },
  });
  const events = [
    failed('adds up', 'testCodeFailure', new Error('1 is not 2')),
    failed('sums', 'subtestsFailed', new Error('1 subtest failed')),
    { type: 'test:pass', data: { name: 'goes on', file: 'test/x.test.ts' } },
  ] as unknown as TestEvent[];

  const said = (await Array.fromAsync(reporter(inTurn(events)))).join('');

  assert.match(said, /^✖ adds up \(test\/x\.test\.ts\)\n {4}Error: 1 is not 2/);
  assert.doesNotMatch(said, /sums|goes on/);
});

async function* inTurn<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
