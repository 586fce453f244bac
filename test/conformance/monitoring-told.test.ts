import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { monitorsOf, planFor } from '../../src/monitoring/index.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { ENGINES } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';
import { modelOf, now, pass, service, watch } from '../support/watched.ts';

const KEY = '0b5c1a9e-9d07-4bdb-8b36-3a2a1f8f1d11';
const HEARTBEAT = { heartbeat: { kind: 'interval', everyMs: 5 * MINUTE_MS }, grace: 2 * MINUTE_MS, zone: 'UTC' };
const ENTRIES = {
  job: { ...HEARTBEAT, key: new Secret(KEY) },
  named: { ...HEARTBEAT, key: new Secret('pingkeyofproject/nightly') },
  phones: { manual: true },
};

for (const { engine, open } of ENGINES) {
  describe(`what is told on ${engine}`, () => {
    test('a job is known by the key it had already, and by the one we made', async (t) => {
      const { monitoring } = await watchTold(t, open);

      await monitoring.recordPing(KEY, { outcome: 'success' });
      await monitoring.recordPing(await monitoring.pingKeyOf('job'), { outcome: 'success' });
      await monitoring.recordPing('pingkeyofproject/nightly', { outcome: 'failure', message: 'no' });

      await eventually(async () => {
        assert.deepEqual(
          [(await now(monitoring, 'job')).state, (await now(monitoring, 'named')).state],
          ['up', 'down'],
        );
      });
    });

    test('nobody pings what waits for no ping, or is gone', async (t) => {
      const { monitoring } = await watchTold(t, open);
      const gone = await monitoring.pingKeyOf('job');
      const strangers = ['nobody', `${KEY}/x`, KEY.slice(0, -1), await monitoring.pingKeyOf('phones')];
      for (const key of [...strangers, await monitoring.pingKeyOf('web')]) {
        await assert.rejects(monitoring.recordPing(key, { outcome: 'success' }), { code: 'PING_KEY_UNKNOWN' });
      }

      await monitoring.apply(planFor(monitorsOf(modelOf([]), { monitors: {}, services: {} }).monitors));

      for (const key of [gone, KEY]) {
        await assert.rejects(monitoring.recordPing(key, { outcome: 'success' }), { code: 'PING_KEY_UNKNOWN' });
      }
    });

    test('runs that overlap are told apart, and the one that does not end is noticed', async (t) => {
      const { clock, monitoring } = await watchTold(t, open);
      const [one, other] = ['11111111-2222-3333-4444-555555555555', '66666666-2222-3333-4444-555555555555'];
      await monitoring.recordPing(KEY, { outcome: 'started', run: one });
      await pass(clock, 30 * SECOND_MS);
      await monitoring.recordPing(KEY, { outcome: 'started', run: other });
      await pass(clock, 60 * SECOND_MS);
      await monitoring.recordPing(KEY, { outcome: 'success', run: other });
      await pass(clock, 15 * SECOND_MS);
      await eventually(async () => assert.equal((await now(monitoring, 'job')).state, 'up'));

      await pass(clock, 60 * SECOND_MS);
      await eventually(async () => {
        const { state, reason } = await now(monitoring, 'job');
        assert.equal(state, 'down');
        assert.match(reason ?? '', /^A run that started at .* has not reported its end\.$/);
      });

      await monitoring.recordPing(KEY, { outcome: 'success', run: one });
      await eventually(async () => assert.equal((await now(monitoring, 'job')).state, 'up'));
      const durations = (await monitoring.pings('job', 10)).map(({ outcome, durationMs = null }) => [
        outcome,
        durationMs,
      ]);
      assert.deepEqual(durations, [
        ['success', 165_000],
        ['success', 60_000],
        ['started', null],
        ['started', null],
      ]);
    });

    test('a run without an id is as long as the time since its start', async (t) => {
      const { clock, monitoring } = await watchTold(t, open);
      await monitoring.recordPing(KEY, { outcome: 'started' });
      await pass(clock, 20 * SECOND_MS);
      await monitoring.recordPing(KEY, { outcome: 'log', body: 'half of it' });
      await pass(clock, 10 * SECOND_MS);
      await monitoring.recordPing(KEY, { outcome: 'failure', exitStatus: 7 });
      await pass(clock, 10);

      const [last] = await monitoring.pings('job', 1);
      assert.deepEqual([last?.durationMs, last?.exitStatus], [30_000, 7]);
      await eventually(async () => assert.match((await now(monitoring, 'job')).reason ?? '', /ended with status 7/));
    });

    test('what is only noted is kept, and is no sign of life', async (t) => {
      const { clock, monitoring } = await watchTold(t, open);
      await monitoring.recordPing(KEY, { outcome: 'success' });
      for (let minutes = 0; minutes < 8; minutes += 1) {
        await pass(clock, MINUTE_MS);
        await monitoring.recordPing(KEY, { outcome: 'log', body: 'still here' });
      }

      await eventually(async () => assert.equal((await now(monitoring, 'job')).state, 'down'));
      assert.equal((await monitoring.pings('job', 100)).filter(({ outcome }) => outcome === 'log').length, 8);
    });

    test('what is sent along is kept as far as it fits, of the latest calls', async (t) => {
      const { clock, monitoring } = await watchTold(t, open);
      for (let index = 0; index < 25; index += 1) {
        await clock.advance(1);
        await monitoring.recordPing(KEY, {
          outcome: 'success',
          body: `${index}\0${'x'.repeat(20_000)}`,
          message: 'a\nb',
        });
      }

      const pings = await monitoring.pings('job', 30);
      assert.equal(pings.filter(({ body }) => body !== null).length, 20);
      assert.equal(pings[0]?.body?.length, 10_000);
      assert.match(pings[0].body, /^24\u{fffd}x/u);
      assert.equal(pings[0].message, 'a b');
    });

    test('a job that counts its runs up does not fill the database', async (t) => {
      const { clock, db, monitoring } = await watchTold(t, open);
      for (let index = 0; index < 130; index += 1) {
        await clock.advance(1);
        await monitoring.recordPing(KEY, { outcome: 'started', run: `run-${index}` });
      }

      const runs = await db.of<{ ping_run: { run: string } }>().selectFrom('ping_run').select('run').execute();
      assert.ok(runs.length <= 101, String(runs.length));
    });

    test('what people say holds until they say something else, also after a restart', async (t) => {
      const { clock, monitoring, changes, plan } = await watchTold(t, open);
      await pass(clock, MINUTE_MS);
      assert.equal((await now(monitoring, 'phones')).state, 'unknown');
      const word = { state: 'down', because: 'The exchange is flooded.', by: 'ada' } as const;

      await monitoring.say('phones', word, { dryRun: true });
      assert.equal((await now(monitoring, 'phones')).state, 'unknown');
      await monitoring.say('phones', word, { dryRun: false });

      const said = await now(monitoring, 'phones');
      assert.deepEqual([said.state, said.reason], ['down', 'The exchange is flooded.']);
      await monitoring.apply(plan);
      await pass(clock, 10 * MINUTE_MS);
      assert.equal((await now(monitoring, 'phones')).state, 'down');

      await monitoring.say('phones', { state: 'up', because: null, by: 'bob' }, { dryRun: false });
      await eventually(async () => {
        const told = (await changes()).filter(({ payload }) => payload.monitor === 'phones');
        assert.deepEqual(
          told.map(({ payload }) => payload.to),
          ['down', 'up'],
        );
      });
    });

    test('people say nothing of what is checked', async (t) => {
      const { monitoring } = await watchTold(t, open);
      const word = { state: 'up', because: null, by: 'ada' } as const;

      await assert.rejects(monitoring.say('job', word, { dryRun: true }), { code: 'MONITOR_NOT_MANUAL' });
      await assert.rejects(monitoring.say('none', word, { dryRun: true }), { code: 'MONITOR_UNKNOWN' });
    });
  });
}

function watchTold(t: TestContext, open: (t: TestContext) => Promise<Database>) {
  const services = [service('web')];
  const plan = planFor(monitorsOf(modelOf(services), { monitors: ENTRIES, services: {} }).monitors);
  return watch(t, open, services, { plan });
}
