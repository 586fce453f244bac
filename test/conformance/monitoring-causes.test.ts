import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SECOND_MS } from '../../src/kernel/clock.ts';
import { ENGINES } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';
import { EVERY_MS, now, pass, service, watch } from '../support/watched.ts';

for (const { engine, open } of ENGINES) {
  describe(`root causes on ${engine}`, () => {
    test('says what explains a failure, on the event and now', async (t) => {
      const { clock, net, monitoring, changes } = await watch(t, open, [
        service('web', { dependsOn: ['api'] }),
        service('api', { dependsOn: ['db'] }),
        service('db'),
      ]);
      await pass(clock, 100);
      for (const name of ['web', 'api', 'db']) net.fail(name);

      await pass(clock, 2 * EVERY_MS);

      await eventually(async () => {
        const downs = (await changes()).filter(({ payload }) => payload.to === 'down');
        assert.deepEqual(
          downs.map(({ payload }) => payload.rootCause),
          ['db', 'db', 'db'],
        );
      });
      assert.equal((await now(monitoring, 'web')).rootCause, 'db');
    });

    test('looks at what a monitor needs before it blames the monitor itself', async (t) => {
      const { clock, net, changes } = await watch(t, open, [
        service('web', { dependsOn: ['api'] }),
        service('api', { dependsOn: ['db'] }),
        service('db'),
      ]);
      await pass(clock, 100);
      net.fail('web');
      await pass(clock, EVERY_MS);
      // Everybody’s latest check is good but web’s, which is the first to have its turn.
      for (const name of ['api', 'db']) net.fail(name);

      await pass(clock, EVERY_MS - 100);

      await eventually(async () => {
        const downs = (await changes()).filter(({ payload }) => payload.to === 'down');
        assert.deepEqual(
          downs.map(({ payload }) => [payload.monitor, payload.rootCause]),
          [['web', 'db']],
        );
      });
    });

    test('names a failure without waiting longer than three seconds for what hangs', async (t) => {
      const { clock, net, changes, startedAt } = await watch(t, open, [
        service('web', { dependsOn: ['api'] }),
        service('api'),
      ]);
      await pass(clock, 100);
      net.fail('web');
      await pass(clock, EVERY_MS);
      const answer = net.hold('api');
      t.after(answer);

      await pass(clock, EVERY_MS - 100);
      assert.ok(
        (await changes()).every(({ payload }) => payload.to === 'up'),
        'api may yet answer',
      );
      await pass(clock, 3 * SECOND_MS);

      await eventually(async () => {
        const [down] = (await changes()).filter(({ payload }) => payload.to === 'down');
        assert.equal(down?.payload.rootCause, 'web');
        assert.equal(down.payload.confirmedAt - startedAt, 2 * EVERY_MS);
      });
    });
  });
}
