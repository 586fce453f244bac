import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMonitoring, monitorsOf, monitorTypes, planFor } from '../../src/monitoring/index.ts';
import { ENGINES } from '../support/databases.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { fakeHost } from '../support/fake-host.ts';
import { scriptedNet } from '../support/scripted-net.ts';
import { depsOf, modelOf, now } from '../support/watched.ts';

// The manifest loads the types that it names; tests describe monitors without one.
await monitorTypes.loadAll();

const MACHINE = { cpu: { busyMs: 1, totalMs: 4, of: 'machine' }, load: 0.5, disks: [] } as const;

for (const { engine, open } of ENGINES) {
  describe(`what is measured, on ${engine}`, () => {
    test('is told of the latest check where it was made, and nowhere else', async (t) => {
      const db = await open(t);
      const clock = new FakeClock();
      const host = fakeHost({ resources: () => ({ ...MACHINE, memory: { used: 3, total: 4, of: 'machine' } }) });
      const { monitors } = monitorsOf(modelOf([]), { services: {}, monitors: { machine: { host: true, disks: [] } } });
      const deps = { ...depsOf(db, clock, scriptedNet()), host };
      const checking = createMonitoring({ ...deps, runsChecks: true });
      t.after(() => checking.stop());
      const viewing = createMonitoring({ ...deps, runsChecks: false });
      for (const each of [checking, viewing]) await each.apply(planFor(monitors));

      await checking.checkNow('machine');

      const { readings } = await now(checking, 'machine');
      assert.deepEqual([readings['memory'], readings['load']], [0.75, 0.5]);
      assert.deepEqual((await now(viewing, 'machine')).readings, {});
    });
  });
}
