import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { SECOND_MS } from '../../src/kernel/clock.ts';
import { monitorsOf, planFor } from '../../src/monitoring/index.ts';
import { createCalendar } from '../../src/monitoring/maintenance/calendar.ts';
import { createStateOf } from '../../src/monitoring/scheduling/state-of.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { ENGINES } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';
import { depsOf, EVERY_MS, modelOf, now, pass, service, watch } from '../support/watched.ts';
import { aWatch } from '../support/watches.ts';

const NO_WORK = createCalendar([], [], []);
const SERVICES = ['web', 'api', 'docs'].map((name) => service(name));

for (const { engine, open } of ENGINES) {
  describe(`groups on ${engine}`, () => {
    test('are as bad as the worst of their members, at once, and blame it', async (t) => {
      const { clock, net, monitoring, changes } = await watchGroup(t, open, { group: ['web', 'api', 'docs'] });
      await eventually(async () => assert.equal((await now(monitoring, 'all')).state, 'up'));

      net.fail('api');
      await pass(clock, 2 * EVERY_MS);

      await eventually(async () => {
        const downs = (await changes()).filter(({ payload }) => payload.to === 'down');
        assert.deepEqual(
          downs.map(({ payload }) => [payload.monitor, payload.rootCause, payload.reason]),
          [
            ['api', 'api', 'api:80 refused the connection.'],
            ['all', 'api', 'api is down.'],
          ],
        );
        // Not at its own next turn, which may be 15 s away.
        assert.ok((downs[1]?.payload.confirmedAt ?? 0) - (downs[0]?.payload.confirmedAt ?? 0) < SECOND_MS);
      });

      net.heal('api');
      await pass(clock, EVERY_MS);
      await eventually(async () => assert.equal((await now(monitoring, 'all')).state, 'up'));
    });

    test('that need only some are degraded while enough of them work, and blame a member', async (t) => {
      const settings = { group: ['web', 'api', 'docs'], min_up: 2 };
      const { clock, net, monitoring, changes } = await watchGroup(t, open, settings);

      net.fail('web');
      await pass(clock, 2 * EVERY_MS);
      await eventually(async () => assert.equal((await now(monitoring, 'all')).state, 'degraded'));
      net.fail('docs');
      await pass(clock, 2 * EVERY_MS);

      await eventually(async () => {
        const told = (await changes()).filter(({ payload: { monitor, to } }) => monitor === 'all' && to !== 'up');
        assert.deepEqual(
          told.map(({ payload: { to, rootCause, reason } }) => [to, rootCause, reason]),
          [
            ['degraded', 'web', '2 of 3 work, and 2 are needed: web is down.'],
            ['down', 'web', '1 of 3 work, and 2 are needed: web and docs are down.'],
          ],
        );
      });
    });

    test('of groups follow to the very end', async (t) => {
      const entries = { all: { group: ['some', 'docs'] }, some: { group: ['web', 'api'] } };
      const { clock, net, changes } = await watchEntries(t, open, entries);

      net.fail('web');
      await pass(clock, 2 * EVERY_MS);

      await eventually(async () => {
        const downs = (await changes()).filter(({ payload }) => payload.to === 'down');
        assert.deepEqual(downs.map(({ payload }) => `${payload.monitor} because of ${payload.rootCause}`).toSorted(), [
          'all because of web',
          'some because of web',
          'web because of web',
        ]);
      });
    });

    test('leave out whoever is worked on, and that work excuses nobody else', async (t) => {
      const { clock, net, monitoring } = await watchGroup(t, open, { group: ['web', 'api'] });
      await pass(clock, 100);
      await monitoring.maintenance.pause('web', { until: null, reason: null, startedBy: 'ada' }, { dryRun: false });
      await pass(clock, EVERY_MS);
      net.fail('api');
      await pass(clock, 2 * EVERY_MS);

      await eventually(async () => assert.equal((await now(monitoring, 'web')).state, 'maintenance'));
      await eventually(async () => assert.equal((await now(monitoring, 'all')).state, 'down'));
    });

    test('read what another process checks from the database, and what nobody checks as unknown', async (t) => {
      const { db, clock, monitoring, net } = await watch(t, open, SERVICES);
      net.fail('web');
      await pass(clock, 2 * EVERY_MS);
      await monitoring.checkNow('web');
      const watches = SERVICES.map(({ name }) => aWatch({ name, intervalMs: EVERY_MS }));
      const states = { of: (name: string) => watches.find((each) => each.monitor.name === name), all: () => watches };
      const elsewhere = createStateOf({
        ...depsOf(db, clock, net),
        calendar: () => NO_WORK,
        states: () => ({ ...states, isOurs: () => false }),
      });

      await eventually(async () => {
        await clock.advance(SECOND_MS);
        assert.deepEqual(
          [await elsewhere('web'), await elsewhere('api'), await elsewhere('none')],
          ['down', 'up', null],
        );
      });
      await monitoring.stop();
      await clock.advance(3 * EVERY_MS);

      assert.equal(await elsewhere('api'), 'unknown');
    });
  });
}

type Entries = Parameters<typeof monitorsOf>[1]['monitors'];

async function watchGroup(t: TestContext, open: (t: TestContext) => Promise<Database>, all: Entries[string]) {
  return watchEntries(t, open, { all });
}

async function watchEntries(t: TestContext, open: (t: TestContext) => Promise<Database>, entries: Entries) {
  const services = Object.fromEntries(SERVICES.map(({ name }) => [name, { every: EVERY_MS }]));
  const plan = planFor(monitorsOf(modelOf(SERVICES), { monitors: entries, services }).monitors);
  return watch(t, open, SERVICES, { plan });
}
