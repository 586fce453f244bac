import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Complaint } from './conversation.ts';
import { parseKafkaAddress } from './kafka-address.ts';
import { clusterIn } from './kafka-cluster.ts';
import { fieldsOf, int16, int32, text } from './kafka-wire.ts';

test('one broker or several, with and without a login', () => {
  const one = { host: 'a.example', port: 9092 };
  const other = { host: '::1', port: 9093 };

  assert.deepEqual(parseKafkaAddress('a.example')?.brokers, [one]);
  assert.deepEqual(parseKafkaAddress('kafka://a.example:9092,[::1]:9093/')?.brokers, [one, other]);
  assert.deepEqual(parseKafkaAddress('kafkas://a%40b:c%25:d@a.example'), {
    isEncrypted: true,
    user: 'a@b',
    password: 'c%:d',
    brokers: [one],
  });
  assert.equal(parseKafkaAddress('kafka://app:100%@a.example')?.password, '100%');
});

test('what is no address is none', () => {
  for (const written of [
    '',
    'a:0',
    'a:9092,',
    'https://a',
    'a b',
    'kafka://',
    'a:1:2',
    'kafka://a@b@c',
    'x,'.repeat(30),
  ]) {
    assert.equal(parseKafkaAddress(written), undefined, written);
  }
});

test('a cluster is read in each version that is asked for', () => {
  const broker = Buffer.concat([int32(1), text('a'), int32(9092), int16(-1)]);
  const partition = Buffer.concat([int16(0), int32(0), int32(-1), int32(2), int32(1), int32(2), int32(1), int32(1)]);
  const topic = Buffer.concat([int16(0), text('orders'), Buffer.from([0]), int32(1), partition]);
  const rest = Buffer.concat([int32(1), int32(1), topic]);
  const brokers = Buffer.concat([int32(1), broker]);
  const answers = [
    [1, Buffer.concat([brokers, rest])],
    [2, Buffer.concat([brokers, int16(-1), rest])],
    [4, Buffer.concat([int32(0), brokers, text('cluster'), rest])],
  ] as const;

  for (const [version, answer] of answers) {
    assert.deepEqual(clusterIn(fieldsOf(answer), version), {
      brokers: 1,
      controller: 1,
      topics: [{ error: 0, name: 'orders', partitions: [{ index: 0, hasLeader: false, copies: 2, inSync: 1 }] }],
    });
  }
});

test('any bytes at all are read, or refused with a complaint', () => {
  const count = fc.constantFrom(int32(1), int32(0x7fffffff), int32(-1), int16(-1), int16(1));
  const bytes = fc.uint8Array({ maxLength: 12 }).map((values) => Buffer.from(values));
  fc.assert(
    fc.property(fc.array(fc.oneof(count, bytes), { maxLength: 30 }), fc.constantFrom(1, 2, 4), (pieces, version) => {
      try {
        clusterIn(fieldsOf(Buffer.concat(pieces)), version);
      } catch (error) {
        assert.ok(error instanceof Complaint);
      }
    }),
  );
});

test('any text at all is an address or none', () => {
  fc.assert(fc.property(fc.string(), (written) => assert.doesNotThrow(() => parseKafkaAddress(written))));
});
