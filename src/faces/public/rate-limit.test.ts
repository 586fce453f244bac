import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { clientKey, createRateLimit } from './rate-limit.ts';

test('a client may ask for a burst at once, then at the steady rate', async () => {
  const clock = new FakeClock();
  const limit = createRateLimit({ clock, burst: 3, perSecond: 2, clientsMax: 10 });
  const ask = () => limit.take('192.0.2.1');

  assert.deepEqual([ask(), ask(), ask(), ask()], [0, 0, 0, 1]);
  await clock.advance(500);
  assert.deepEqual([ask(), ask()], [0, 1]);
  await clock.advance(60_000);
  assert.deepEqual([ask(), ask(), ask(), ask()], [0, 0, 0, 1]);
});

test('a slow rate says how many seconds to wait', () => {
  const limit = createRateLimit({ clock: new FakeClock(), burst: 1, perSecond: 0.1, clientsMax: 10 });
  limit.take('192.0.2.1');

  assert.equal(limit.take('192.0.2.1'), 10);
});

test('clients do not pay for each other', () => {
  const limit = createRateLimit({ clock: new FakeClock(), burst: 1, perSecond: 1, clientsMax: 10 });

  assert.deepEqual([limit.take('192.0.2.1'), limit.take('192.0.2.2')], [0, 0]);
});

test('memory is bounded: the oldest client is forgotten first', () => {
  const limit = createRateLimit({ clock: new FakeClock(), burst: 1, perSecond: 1, clientsMax: 2 });
  limit.take('a');
  limit.take('b');
  limit.take('c');

  assert.deepEqual([limit.take('c'), limit.take('b'), limit.take('a')], [1, 1, 0]);
});

const KEYS: readonly (readonly [string, string])[] = [
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
];

for (const [address, key] of KEYS) {
  test(`${address} is counted as ${key}`, () => {
    assert.equal(clientKey(address), key);
  });
}
