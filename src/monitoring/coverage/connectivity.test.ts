import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { scriptedNet } from '../../../test/support/scripted-net.ts';
import { silentLog } from '../../../test/support/silent-log.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import { createConnectivityGuard } from './connectivity.ts';
import { isNear } from './near.ts';

const DOWN = { state: 'down', reason: 'no' } as const;
const UP = { state: 'up' } as const;
const REFERENCES = [
  { host: '192.0.2.1', port: 53 },
  { host: '192.0.2.2', port: 53 },
];
const TARGET = 'shop.example';

function guarded(references = REFERENCES) {
  const clock = new FakeClock();
  const scripted = scriptedNet();
  let askedCount = 0;
  const tcp: typeof scripted.tcp = {
    async connect(target, signal) {
      askedCount += 1;
      return scripted.tcp.connect(target, signal);
    },
  };
  const guard = createConnectivityGuard({
    clock,
    net: { ...scripted, tcp },
    log: silentLog,
    references: () => references,
  });
  return {
    clock,
    guard,
    asked: () => askedCount,
    cut: () => REFERENCES.forEach(({ host }) => scripted.fail(host)),
    join: () => REFERENCES.forEach(({ host }) => scripted.heal(host)),
    failOne: () => scripted.fail('192.0.2.1'),
  };
}

test('a failure counts as long as one reference answers, and not while none does', async () => {
  const { clock, guard, cut, join, failOne } = guarded();
  assert.equal(await guard.isOurs(DOWN, TARGET), false);
  failOne();
  await clock.advance(SECOND_MS);
  assert.equal(await guard.isOurs(DOWN, TARGET), false);

  cut();
  await clock.advance(SECOND_MS);
  const cutAt = clock.now();
  assert.equal(await guard.isOurs(DOWN, TARGET), true);
  assert.equal(guard.cutOffSince(), cutAt);
  join();
  await clock.advance(10 * SECOND_MS);

  assert.equal(await guard.isOurs(DOWN, TARGET), false);
  assert.equal(guard.cutOffSince(), null);
});

test('asks nobody for what is well, near, or without a reference', async () => {
  const { guard, asked } = guarded();

  assert.equal(await guard.isOurs(UP, TARGET), false);
  assert.equal(await guard.isOurs(DOWN, 'http://127.0.0.1:3000/'), false);
  assert.equal(await guard.isOurs(DOWN, 'db:5432'), false);
  assert.equal(asked(), 0);
  const without = guarded([]);
  assert.equal(await without.guard.isOurs(DOWN, TARGET), false);
  assert.equal(without.asked(), 0);
});

test('a thousand checks that fail together ask once', async () => {
  const { guard, asked, cut } = guarded();
  cut();

  const verdicts = await Promise.all(Array.from({ length: 1_000 }, () => guard.isOurs(DOWN, TARGET)));

  assert.ok(verdicts.every(Boolean));
  assert.equal(asked(), REFERENCES.length);
});

test('something far away that answers proves that there is a connection again', async () => {
  const { clock, guard, cut, join } = guarded();
  cut();
  await guard.isOurs(DOWN, TARGET);
  join();
  await guard.isOurs(UP, TARGET);

  assert.equal(guard.cutOffSince(), null);
  await clock.advance(SECOND_MS);
  assert.equal(await guard.isOurs(DOWN, TARGET), false, 'and a failure counts at once');
});

test('whatever is cut and joined, no failure of the time without a connection is counted', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ isCut: fc.boolean(), checks: fc.integer({ min: 0, max: 3 }) }), { maxLength: 40 }),
      async (seconds) => {
        const { clock, guard, cut, join } = guarded();
        for (const { isCut, checks } of seconds) {
          if (isCut) cut();
          else join();
          // Checks of a target that is well: they fail only because we are cut off.
          const result = isCut ? DOWN : UP;
          const verdicts = Array.from({ length: checks }, () => guard.isOurs(result, TARGET));
          await clock.advance(SECOND_MS);
          for (const isOurs of await Promise.all(verdicts)) assert.equal(isOurs, isCut);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('near is this machine with its files, a private network, and names without a dot', () => {
  const near = [
    '127.0.0.1:80',
    'http://[::1]:8080/x',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1:53',
    'db:5432',
    'nas.local',
    './logs/api.log',
    '/var/log/api.log',
    'shop.example A at 127.0.0.1:53',
    '10.0.0.1:161 1.3.6.1.2.1.1.3.0',
    '127.0.0.1:50051 shop.v1.Users',
    '10.0.0.1:9092,10.0.0.2:9092 orders.v1',
    'nginx.service on this machine',
    'python3.12 on this machine',
    'this machine (/, /data.d)',
    'container shop.db, Docker at /var/run/docker.sock',
    'container shop-db-1, Docker at 10.0.0.5:2376',
    'shop.example A at [::1]:53',
  ];
  const far = [
    'shop.example',
    'https://shop.example/health',
    '1.1.1.1:53',
    '172.32.0.1',
    '[2001:db8::1]:443',
    'nas.local A',
    'nas.local A at 1.1.1.1:53',
  ];

  assert.deepEqual(
    near.filter((target) => !isNear(target)),
    [],
  );
  assert.deepEqual(far.filter(isNear), []);
});
