import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HOUR_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import * as pingStore from '../../src/monitoring/heartbeats/ping-store.ts';
import { createMonitoring, monitorsOf, planFor } from '../../src/monitoring/index.ts';
import type { MonitorRecord } from '../../src/monitoring/state/monitor-store.ts';
import * as monitorStore from '../../src/monitoring/state/monitor-store.ts';
import { register } from '../../src/monitoring/state/registration.ts';
import { commitState } from '../../src/monitoring/state/state-commit.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { ENGINES } from '../support/databases.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { scriptedNet } from '../support/scripted-net.ts';
import { depsOf, EVERY_MS, modelOf, monitors, now, pass, service, watch } from '../support/watched.ts';

/** Results are written in batches; by then the latest ones are. */
const GATHERED_MS = SECOND_MS;

for (const { engine, open } of ENGINES) {
  describe(`monitoring on ${engine}`, () => {
    test('commits an outage once it is confirmed, dated back to the first failing check', async (t) => {
      const { clock, net, monitoring, changes, startedAt } = await watch(t, open, [service('api')]);
      await pass(clock, 0);
      net.fail('api');

      await pass(clock, EVERY_MS);
      await pass(clock, GATHERED_MS);
      const suspect = await now(monitoring, 'api');
      assert.equal(suspect.state, 'up', 'one failure is not an outage');
      assert.match(suspect.unconfirmed ?? '', /refused/, 'but what it found can be seen');
      await pass(clock, EVERY_MS);
      net.heal('api');
      await pass(clock, EVERY_MS);

      assert.deepEqual(
        (await changes()).map(({ payload }) => [payload.to, payload.at - startedAt, payload.confirmedAt - startedAt]),
        [
          ['up', 0, 0],
          ['down', EVERY_MS, 2 * EVERY_MS],
          ['up', 3 * EVERY_MS, 3 * EVERY_MS],
        ],
      );
    });

    test('uptime equals the intervals counted by hand [STA-09/R]', async (t) => {
      const { clock, net, monitoring } = await watch(t, open, [service('api')]);
      await pass(clock, 360 * EVERY_MS);
      net.fail('api');
      await pass(clock, 90 * EVERY_MS);
      net.heal('api');
      await pass(clock, 150 * EVERY_MS);

      const history = (await monitoring.facts.history(['api'], 1)).get('api');

      // Up from the first check on, down from the first failing check to the first good one after it.
      assert.equal(history?.availability.ms.down, 90 * EVERY_MS);
      assert.equal(history.availability.ms.up, 510 * EVERY_MS);
      assert.equal(history.availability.ratio, 510 / 600);
      assert.equal(history.troubles.length, 1);
    });

    test('a time without checks is unknown, also when the process was away', async (t) => {
      let second: Awaited<ReturnType<typeof watch>> | undefined;
      t.after(() => second?.monitoring.stop());
      const db = await open(t);
      const first = await watch(t, async () => db, [service('api')]);
      await pass(first.clock, 10 * EVERY_MS);
      await first.monitoring.stop();

      const clock = new FakeClock(new Date(first.clock.now() + HOUR_MS).toISOString());
      second = await watch(t, async () => db, [service('api')], { clock });
      await pass(clock, 10 * EVERY_MS);

      const history = (await second.monitoring.facts.history(['api'], 1)).get('api');
      const unknownMs = (history?.availability.ms.unknown ?? 0) - (first.startedAt % (24 * HOUR_MS));
      assert.equal(unknownMs, HOUR_MS - EVERY_MS);
      assert.equal(history?.availability.ms.up, 21 * EVERY_MS);
    });

    test('a renamed monitor keeps its history, a removed one too', async (t) => {
      const { clock, monitoring } = await watch(t, open, [service('api'), service('old')]);
      await pass(clock, 5 * EVERY_MS);

      await monitoring.apply(planFor(monitors([service('backend', { was: ['api'] })])));
      await pass(clock, 5 * EVERY_MS);

      const history = await monitoring.facts.history(['backend', 'old'], 1);
      assert.equal(history.get('backend')?.availability.ms.up, 10 * EVERY_MS);
      // It was first checked 20 ms after the other, and is unknown since it was taken out.
      assert.equal(history.get('old')?.availability.ms.up, 5 * EVERY_MS - 20);
      assert.deepEqual(
        (await monitoring.facts.monitors()).map(({ name }) => name),
        ['backend'],
      );
    });

    test('keeps what single checks said apart from the state that was made of it', async (t) => {
      const { clock, net, monitoring } = await watch(t, open, [service('api')]);
      await pass(clock, 0);
      net.fail('api');
      await pass(clock, EVERY_MS);
      net.heal('api');
      await pass(clock, EVERY_MS);

      await pass(clock, GATHERED_MS);

      const results = await monitoring.results('api', { since: 0, limit: 10 });

      assert.deepEqual(
        results.map(({ outcome }) => outcome),
        ['up', 'down', 'up'],
      );
      assert.match(results[1]?.reason ?? '', /refused/i);
    });

    test('checks at once when asked to, and refuses what it does not watch', async (t) => {
      const { clock, monitoring } = await watch(t, open, [service('api')]);
      await pass(clock, 100);

      await monitoring.checkNow('api');

      assert.equal((await monitoring.results('api', { since: 0, limit: 10 })).length, 2);
      await assert.rejects(monitoring.checkNow('nobody'), { code: 'MONITOR_UNKNOWN' });
    });

    test('exports every result and change, page by page', async (t) => {
      const { clock, monitoring } = await watch(t, open, [service('api'), service('web')]);
      await pass(clock, 20 * EVERY_MS + GATHERED_MS);

      const results = await Array.fromAsync(monitoring.history.results(0));
      const changes = await Array.fromAsync(monitoring.history.changes(0));

      assert.equal(results.length, 42);
      assert.deepEqual(
        changes.map(({ monitor, state }) => `${monitor} ${state}`),
        ['api up', 'web up'],
      );
    });

    test('what a process that has died left behind is put right by the one that goes on checking', async (t) => {
      const db = await open(t);
      const first = await watch(t, async () => db, [service('api')]);
      const second = await watch(t, async () => db, [service('api')], { clock: first.clock });
      first.net.fail('api');
      await pass(first.clock, 3 * EVERY_MS);
      assert.ok((await first.changes()).some(({ payload }) => payload.to === 'down'));

      await first.monitoring.stop();
      await pass(first.clock, 3 * EVERY_MS);

      assert.equal((await now(second.monitoring, 'api')).state, 'up');
    });

    test('nothing is green any more once nobody checks, also for those who only look', async (t) => {
      const db = await open(t);
      const { clock, monitoring } = await watch(t, async () => db, [service('api')]);
      const viewer = createMonitoring({ ...depsOf(db, clock, scriptedNet()), runsChecks: false });
      await viewer.apply(planFor(monitors([service('api')])));
      await pass(clock, 5 * EVERY_MS);
      assert.equal((await now(viewer, 'api')).state, 'up');

      await monitoring.stop();
      await pass(clock, 5 * EVERY_MS);

      const { state, reason } = await now(viewer, 'api');
      assert.deepEqual([state, reason], ['unknown', 'It was not checked.']);
      const history = (await viewer.facts.history(['api'], 1)).get('api');
      assert.equal(history?.availability.ms.up, 6 * EVERY_MS);
    });

    test('a monitor that was removed stays unknown, although a check of it was under way', async (t) => {
      const { clock, net, monitoring, changes } = await watch(t, open, [service('slow')]);
      const answer = net.hold('slow');
      await pass(clock, EVERY_MS);

      await monitoring.apply(planFor([]));
      await monitoring.apply(planFor(monitors([service('other')])));
      answer();
      await pass(clock, EVERY_MS);

      const ofSlow = (await changes()).filter(({ payload }) => payload.monitor === 'slow');
      assert.deepEqual(
        ofSlow.map(({ payload }) => payload.to),
        ['up', 'unknown'],
      );
    });

    test('a state is committed only on top of the very one that was seen, and of nothing that is gone', async (t) => {
      const db = await open(t);
      const registration = { environment: 'live', ids: createSystemIds(new FakeClock()), at: 1_000 };
      const registered = await db.quiet('test', (tx) => register(tx, monitors([service('api')]), registration));
      const seen = registered.get('api');
      assert.ok(seen);
      const commit = (on: MonitorRecord, state: 'up' | 'down', at: number) => {
        const change = { environment: 'live', state, at, confirmedAt: at, reason: null, rootCause: null };
        return db.tx((tx) => commitState(tx, on, change));
      };
      const up = await commit(seen, 'up', 2_000);
      assert.ok(up);
      const down = await commit(up, 'down', 3_000);
      assert.ok(down);
      const upAgain = await commit(down, 'up', 4_000);
      assert.ok(upAgain);

      assert.equal(await commit(up, 'down', 2_500), undefined, 'it was down and came back since');
      const afterClockWentBack = await commit(upAgain, 'down', 3_500);
      assert.equal(afterClockWentBack?.since, 4_000, 'history never runs backwards');
      await db.quiet('test', (tx) => register(tx, [], { ...registration, at: 5_000 }));
      const [gone] = await monitorStore.list(db, 'live');
      assert.ok(gone);
      assert.equal(await commit(gone, 'up', 6_000), undefined, 'it is watched no more');
    });

    test('an outage that cannot be committed at once keeps the date of its first failing check', async (t) => {
      const { db, clock, net, changes, startedAt } = await watch(t, open, [service('api')]);
      await pass(clock, 0);
      db.isAway = true;
      net.fail('api');
      await pass(clock, 10 * EVERY_MS);
      db.isAway = false;
      await pass(clock, EVERY_MS);

      const down = (await changes()).find(({ payload }) => payload.to === 'down');
      assert.equal((down?.payload.at ?? 0) - startedAt, EVERY_MS);
    });

    test('a heartbeat that comes back into the manifest has its whole interval again', async (t) => {
      const nightly = {
        monitors: { nightly: { heartbeat: { kind: 'interval', everyMs: 60_000 }, grace: 0, zone: 'UTC' } },
      };
      const heartbeat = monitorsOf(modelOf([]), { services: {}, ...nightly }).monitors;
      const { clock, monitoring } = await watch(t, open, []);
      await monitoring.apply(planFor(heartbeat));
      await monitoring.recordPing(await monitoring.pingKeyOf('nightly'), { outcome: 'success' });
      await pass(clock, 30 * SECOND_MS);
      await monitoring.apply(planFor([]));
      await pass(clock, HOUR_MS);

      await monitoring.apply(planFor(heartbeat));
      await pass(clock, 30 * SECOND_MS);

      assert.notEqual((await now(monitoring, 'nightly')).state, 'down');
    });

    test('forgets old pings, but never the latest', async (t) => {
      const db = await open(t);
      const { clock, monitoring } = await watch(t, async () => db, [service('api')]);
      for (const at of [1, 2, 3]) {
        await db.quiet('test', (tx) => pingStore.insert(tx, 1, { at, outcome: 'success', run: null, body: null }));
      }

      const pruning = monitoring.tidy(new AbortController().signal);
      for (let pauses = 0; pauses < 50; pauses += 1) await pass(clock, 10);
      await pruning;

      assert.equal((await pingStore.latest(db, 1))?.at, 3);
    });
  });
}
