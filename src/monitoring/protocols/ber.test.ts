import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  BerUnreadable,
  elementAt,
  elementsIn,
  integer,
  integerIn,
  octets,
  oid,
  oidIn,
  sequence,
  TAG,
  wholeLength,
} from './ber.ts';

test('numbers are as short as X.690 wants them', () => {
  const written = (value: number) => integer(value).toString('hex');

  assert.equal(written(0), '020100');
  assert.equal(written(127), '02017f');
  assert.equal(written(128), '02020080');
  assert.equal(written(256), '02020100');
  assert.equal(written(2 ** 31), '02050080000000');
  assert.equal(integerIn(Buffer.from('ff', 'hex')), -1);
  assert.equal(integerIn(Buffer.from('ffffffff', 'hex'), false), 2 ** 32 - 1);
});

test('object identifiers are written as X.690 has them', () => {
  assert.equal(oid('1.3.6.1.4.1.311.21.20').toString('hex'), '06092b0601040182371514');
  assert.equal(oidIn(Buffer.from('883703', 'hex')), '2.999.3');
});

test('what is written can be read again', () => {
  const arcs = fc.array(fc.nat(2 ** 31), { maxLength: 12 }).map((rest) => ['1.3', ...rest].join('.'));

  fc.assert(
    fc.property(fc.nat(2 ** 31 - 1), arcs, fc.uint8Array({ maxLength: 70_000 }), (number, dotted, bytes) => {
      const message = sequence(integer(number), oid(dotted), octets(bytes));
      assert.equal(wholeLength(message), message.length);
      const inner = elementsIn(elementAt(elementsIn(message), 0, TAG.sequence));
      assert.equal(integerIn(elementAt(inner, 0, TAG.integer)), number);
      assert.equal(oidIn(elementAt(inner, 1, TAG.oid)), dotted);
      assert.deepEqual([...elementAt(inner, 2, TAG.octets)], [...bytes]);
    }),
    { numRuns: 50 },
  );
});

test('whatever the bytes are, they are read or said to be unreadable', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      try {
        for (const { content } of elementsIn(Buffer.from(bytes))) {
          oidIn(content);
          integerIn(content);
        }
      } catch (error) {
        assert.ok(error instanceof BerUnreadable, String(error));
      }
    }),
  );
});

test('more elements than any message needs are not read', () => {
  assert.throws(() => elementsIn(Buffer.alloc(10_000)), BerUnreadable);
});
