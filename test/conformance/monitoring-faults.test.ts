import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { planFor } from '../../src/monitoring/index.ts';
import { ENGINES } from '../support/databases.ts';
import { EVERY_MS, monitors, pass, service, watch } from '../support/watched.ts';

for (const { engine, open } of ENGINES) {
  describe(`monitoring in trouble, on ${engine}`, () => {
    test('an outage that begins and ends while the database is away is in the history, with its real dates', async (t) => {
      const { db, clock, net, changes, startedAt } = await watch(t, open, [service('api')]);
      db.isAway = true;
      net.fail('api');
      await pass(clock, 3 * EVERY_MS);
      net.heal('api');
      await pass(clock, 3 * EVERY_MS);
      db.isAway = false;
      await pass(clock, EVERY_MS);

      assert.deepEqual(
        (await changes()).map(({ payload }) => [payload.to, payload.at - startedAt]),
        [
          ['up', 0],
          ['down', EVERY_MS],
          ['up', 4 * EVERY_MS],
        ],
      );
    });

    test('a change whose commit was not heard of is told once, and those behind it keep their dates', async (t) => {
      const { db, clock, net, changes, startedAt } = await watch(t, open, [service('api')]);
      db.isAway = true;
      net.fail('api');
      await pass(clock, 3 * EVERY_MS);
      net.heal('api');
      await pass(clock, 3 * EVERY_MS);
      db.isUnheardOnce = true;
      db.isAway = false;
      await pass(clock, 3 * EVERY_MS);

      assert.equal(db.isUnheardOnce, false);
      assert.deepEqual(
        (await changes()).map(({ payload }) => [payload.to, payload.at - startedAt]),
        [
          ['up', 0],
          ['down', EVERY_MS],
          ['up', 4 * EVERY_MS],
        ],
      );
    });

    test('a failure that waits for the database is told of under the name that the monitor has by then', async (t) => {
      const { db, clock, net, monitoring, changes } = await watch(t, open, [service('api')]);
      await pass(clock, EVERY_MS);
      db.isAway = true;
      net.fail('api');
      await pass(clock, 3 * EVERY_MS);
      db.isAway = false;
      const url = new Secret('tcp://api:80', 'api');
      await monitoring.apply(planFor(monitors([service('backend', { was: ['api'], url })])));
      await pass(clock, EVERY_MS);

      const told = (await changes()).map(({ payload }) => [payload.to, payload.monitor, payload.rootCause]);
      assert.deepEqual(told, [
        ['up', 'api', null],
        ['down', 'backend', 'backend'],
      ]);
    });

    test('checks keep their rate while the database is away, and their results are stored afterwards', async (t) => {
      const { db, clock, monitoring } = await watch(t, open, [service('api'), service('web')]);
      db.isAway = true;
      await pass(clock, MINUTE_MS);
      db.isAway = false;
      await pass(clock, EVERY_MS + SECOND_MS);

      for (const name of ['api', 'web']) {
        const results = await monitoring.results(name, { since: 0, limit: 100 });
        assert.equal(results.length, 1 + MINUTE_MS / EVERY_MS + 1, name);
      }
    });

    test('a clock that is set an hour on or back makes nothing down, and loses no change', async (t) => {
      for (const byMs of [HOUR_MS, -HOUR_MS]) {
        const { clock, net, changes } = await watch(t, open, [service('api')]);
        await pass(clock, 3 * EVERY_MS);
        clock.setWall(byMs);
        await pass(clock, 3 * EVERY_MS);
        assert.ok(
          (await changes()).every(({ payload }) => payload.to !== 'down'),
          'the clock alone took it down',
        );

        net.fail('api');
        await pass(clock, 3 * EVERY_MS);
        net.heal('api');
        await pass(clock, 3 * EVERY_MS);

        const told = (await changes()).map(({ payload }) => payload);
        assert.deepEqual(
          told.map(({ to }) => to).filter((to) => to !== 'unknown'),
          ['up', ...(byMs > 0 ? ['up'] : []), 'down', 'up'],
        );
        assert.deepEqual(
          told.map(({ at }) => at),
          told.map(({ at }) => at).toSorted((a, b) => a - b),
        );
      }
    });

    test('the time in which the process stood still is unknown, even if all is well at once afterwards', async (t) => {
      const { clock, changes, startedAt } = await watch(t, open, [service('api')]);
      await pass(clock, 3 * EVERY_MS);

      clock.suspend(10 * MINUTE_MS);
      await pass(clock, 3 * EVERY_MS);

      assert.deepEqual(
        (await changes()).map(({ payload }) => [payload.to, payload.at - startedAt]),
        [
          ['up', 0],
          ['unknown', 4 * EVERY_MS],
          ['up', 3 * EVERY_MS + 10 * MINUTE_MS],
        ],
      );
    });
  });
}
