import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDueQueue } from './due-queue.ts';

test('gives back whatever was put in, earliest first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (times) => {
      const queue = createDueQueue<number>();
      for (const [index, time] of times.entries()) queue.push(index, time);

      const given = times.map(() => queue.pop()?.dueAt);

      assert.deepEqual(
        given,
        times.toSorted((one, other) => one - other),
      );
      assert.equal(queue.peek(), undefined);
    }),
  );
});
