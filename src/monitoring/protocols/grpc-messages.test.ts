import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Complaint } from './conversation.ts';
import { decodeStatus, encodeService, frameOf, messageIn } from './grpc-messages.ts';

test('the name of a service is field 1, with its length', () => {
  assert.equal(encodeService('').length, 0);
  assert.deepEqual(encodeService('shop.v1'), Buffer.from('0a0773686f702e7631', 'hex'));
  const long = encodeService('x'.repeat(300));
  assert.deepEqual([...long.subarray(0, 3)], [0x0a, 0xac, 0x02]);
});

test('a status is field 1, wherever it stands and whatever stands beside it', () => {
  assert.equal(decodeStatus(Buffer.alloc(0)), 0);
  assert.equal(decodeStatus(Buffer.from('0801', 'hex')), 1);
  assert.equal(decodeStatus(Buffer.from('1201611d000000002100000000000000000802', 'hex')), 2);
});

test('a message comes with its length and uncompressed', () => {
  const message = Buffer.from('0801', 'hex');

  assert.deepEqual(messageIn(frameOf(message)), message);
  assert.throws(() => messageIn(frameOf(message).subarray(0, 6)), Complaint);
  assert.throws(() => messageIn(Buffer.from('01000000020801', 'hex')), Complaint);
  assert.throws(() => messageIn(Buffer.alloc(0)), Complaint);
});

test('any bytes at all are read, or refused with a complaint', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const read of [decodeStatus, messageIn]) {
        try {
          read(Buffer.from(bytes));
        } catch (error) {
          assert.ok(error instanceof Complaint);
        }
      }
    }),
  );
});
