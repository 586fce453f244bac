import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPieces } from './pieces.ts';

test('pieces are of one size but the last, which is never empty when something is left, and nothing is lost', () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 16 }), parts, (size, data) => {
      const pieces = createPieces(size);
      const inner: Buffer[] = [];
      for (const part of data) pieces.add(Buffer.from(part), (piece) => inner.push(Buffer.from(piece)));
      const last = pieces.last();
      const whole = Buffer.concat(data);

      assert.ok(inner.every(({ length }) => length === size));
      assert.ok(last.length <= size && last.length > 0 === whole.length > 0);
      assert.deepEqual(Buffer.concat([...inner, last]), whole);
    }),
  );
});
