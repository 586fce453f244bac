import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { element, integer, octets, oid, sequence } from './ber.ts';
import { askByCommunity, type SnmpExchange, SnmpRefused } from './snmp.ts';
import { pduIn } from './snmp-pdu.ts';
import { decrypted, encrypted, localizedKey } from './snmp-security.ts';
import { askAsUser } from './snmp-v3.ts';

const OID = '1.3.6.1.2.1.1.3.0';
const COMMUNITY = { version: '2c', community: 'public', oid: OID, requestId: 7 } as const;
const USER = {
  user: 'ada',
  password: 'maplesyrup',
  privacyPassword: 'maplesyrup',
  hash: 'sha',
  oid: OID,
  nextId: () => 7,
  nextSalt: () => Buffer.alloc(8),
} as const;

test('the key of a password is the one of RFC 3414, A.3.2', () => {
  const engine = Buffer.from('000000000000000000000002', 'hex');

  assert.equal(localizedKey('sha', 'maplesyrup', engine).toString('hex'), '6695febc9288e36282235fc7151f128497b38f3f');
});

test('what is encrypted is as long as before, and can be decrypted', () => {
  const key = Buffer.alloc(20, 7);

  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ minLength: 8, maxLength: 8 }), (plain, salt) => {
      const start = { boots: 1, time: 2, salt };
      const secret = encrypted(key, start, plain);
      assert.equal(secret.length, plain.length);
      assert.deepEqual([...decrypted(key, start, secret)], [...plain]);
    }),
  );
});

test('values of every kind are read', () => {
  const read = (value: Buffer) => {
    const content = Buffer.concat([integer(7), integer(0), integer(0), sequence(sequence(oid(OID), value))]);
    return pduIn({ tag: 0xa2, content }).value;
  };
  const hex = (tag: number, bytes: string) => element(tag, Buffer.from(bytes, 'hex'));

  assert.deepEqual(read(hex(0x02, 'ff')), { kind: 'number', value: -1 });
  assert.deepEqual(read(hex(0x41, 'ffffffff')), { kind: 'number', value: 4_294_967_295 });
  assert.deepEqual(read(hex(0x46, '0100000000')), { kind: 'number', value: 4_294_967_296 });
  assert.deepEqual(read(hex(0x40, 'c0000201')), { kind: 'text', value: '192.0.2.1' });
  assert.deepEqual(read(octets('Küche')), { kind: 'text', value: 'Küche' });
  assert.deepEqual(read(octets(Buffer.from('00ff1b', 'hex'))), { kind: 'text', value: '00ff1b' });
  assert.deepEqual(read(octets(Buffer.from('001b', 'hex'))), { kind: 'text', value: '001b' });
  assert.deepEqual(read(oid('1.3.6')), { kind: 'text', value: '1.3.6' });
  assert.deepEqual(read(element(0x80)), { kind: 'missing' });
});

test('whatever an agent sends, either it is a value or it is refused', async () => {
  const anything = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes));
  const parts = fc.array(
    fc.oneof(
      fc.nat(7).map((number) => integer(number)),
      anything.map((bytes) => octets(bytes)),
      anything.map((bytes) => sequence(bytes)),
      anything.map((bytes) => element(0xa2, bytes)),
    ),
    { maxLength: 6 },
  );
  const message = fc.oneof(
    anything,
    parts.map((each) => sequence(...each)),
  );

  await fc.assert(
    fc.asyncProperty(message, message, async (first, second) => {
      const datagrams = [first, second];
      const exchange: SnmpExchange = async (_question, isAnswer) => {
        const datagram = datagrams.shift() ?? second;
        assert.equal(typeof isAnswer(datagram), 'boolean');
        return datagram;
      };
      for (const asked of [askByCommunity(COMMUNITY, exchange), askAsUser(USER, exchange)]) {
        await asked.catch((error: unknown) => assert.ok(error instanceof SnmpRefused, String(error)));
      }
    }),
    { numRuns: 60 },
  );
});
