import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CANARY } from '../../src/contracts/canary.ts';
import type { RecordedEvent } from '../../src/contracts/events.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import type { HttpResponse } from '../../src/kernel/net.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { plannedWindowsOf } from '../../src/monitoring/maintenance/window-of.ts';
import { rulesOf } from '../../src/monitoring/thresholds/rules-of.ts';
import { Thresholds } from '../../src/monitoring/thresholds/section.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { readOutbox, START } from '../../src/platform/sql/outbox.ts';
import { ENGINES } from '../support/databases.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { aBatch, aResult } from '../support/located.ts';
import { monitors, now, pass, service, watch } from '../support/watched.ts';

const PAUSE = { until: null, reason: null, startedBy: 'ada' };
const FOR_REAL = { dryRun: false };
/** The clock of the tests begins at nine. */
const NINE = new FakeClock().now();
const LATE_MS = 2 * SECOND_MS;

for (const { engine, open } of ENGINES) {
  describe(`work and other reasons not to believe a check, on ${engine}`, () => {
    test('a paused monitor is not checked, is in maintenance for hours, and is checked at once afterwards', async (t) => {
      const { clock, net, monitoring, changes } = await watch(t, open, [service('api')]);
      await pass(clock, MINUTE_MS + SECOND_MS);
      await monitoring.maintenance.pause('api', PAUSE, FOR_REAL);
      const pausedAt = clock.now();
      net.fail('api');
      await pass(clock, SECOND_MS);
      const before = (await monitoring.results('api', { since: 0, limit: 100 })).length;
      await pass(clock, 3 * HOUR_MS);

      assert.equal((await now(monitoring, 'api')).state, 'maintenance');
      assert.equal((await monitoring.results('api', { since: 0, limit: 100 })).length, before, 'it was checked');

      net.heal('api');
      await monitoring.maintenance.resume('api', FOR_REAL);
      const resumedAt = clock.now();
      await pass(clock, LATE_MS);
      assert.equal((await now(monitoring, 'api')).state, 'up');
      const told = (await changes()).map(({ payload: { to, at } }) => ({ to, at }));
      assert.deepEqual(
        told.map(({ to }) => to),
        ['up', 'maintenance', 'unknown', 'up'],
      );
      assert.equal(told[1]?.at, pausedAt);
      for (const { at } of told.slice(2)) assert.ok(at >= resumedAt && at <= resumedAt + LATE_MS);
    });

    test('a check asked for during a pause says nothing, and not what was found before it', async (t) => {
      const { clock, monitoring } = await watch(t, open, [service('api')]);
      await pass(clock, MINUTE_MS);
      assert.equal((await monitoring.checkNow('api'))?.state, 'up');

      await monitoring.maintenance.pause('api', PAUSE, FOR_REAL);

      assert.equal(await monitoring.checkNow('api'), null);
    });

    test('a planned window stands in the history from its exact beginning to its exact end', async (t) => {
      const from = '2026-01-05T09:10:03';
      const plan = { maintenance: plannedWindowsOf({ disks: { title: 'Disks', from, for: 20 * MINUTE_MS } }) };
      const { clock, net, monitoring, changes } = await watch(t, open, [service('api')], { plan });
      await pass(clock, 15 * MINUTE_MS);
      net.fail('api');
      await pass(clock, 5 * MINUTE_MS);
      net.heal('api');
      await pass(clock, 20 * MINUTE_MS);

      const startsAt = Date.parse(`${from}Z`);
      assert.deepEqual(
        (await changes()).map(({ payload: { to, at, reason } }) => [to, at, reason]),
        [
          ['up', NINE, null],
          ['maintenance', startsAt, 'Disks'],
          ['up', startsAt + 20 * MINUTE_MS, null],
        ],
      );
      assert.ok((await monitoring.results('api', { since: startsAt, limit: 1_000 })).length > 100, 'it was checked');
    });

    test('work that ends while its last checks still failed is looked at once more before anybody is woken', async (t) => {
      const { clock, net, monitoring, changes } = await watch(t, open, [service('api')]);
      await pass(clock, MINUTE_MS);
      const wish = { title: 'Disks', monitors: ['api'], pausesChecks: false, ...PAUSE };
      const { window } = await monitoring.maintenance.start(wish, FOR_REAL);
      net.fail('api');
      await pass(clock, MINUTE_MS + SECOND_MS);
      net.heal('api');
      await monitoring.maintenance.end(window, FOR_REAL);
      await pass(clock, MINUTE_MS);

      assert.deepEqual(
        (await changes()).map(({ payload }) => payload.to),
        ['up', 'maintenance', 'unknown', 'up'],
      );
    });

    test('what still fails after the work is down from the end of that work on', async (t) => {
      const { clock, net, monitoring, changes } = await watch(t, open, [service('api')]);
      await pass(clock, MINUTE_MS);
      const wish = { title: 'Disks', monitors: ['api'], pausesChecks: false, ...PAUSE };
      const { window } = await monitoring.maintenance.start(wish, FOR_REAL);
      net.fail('api');
      await pass(clock, MINUTE_MS + SECOND_MS);
      await monitoring.maintenance.end(window, FOR_REAL);
      await pass(clock, LATE_MS);

      const last = (await changes()).at(-1)?.payload;
      assert.equal(last?.to, 'down');
      assert.ok(clock.now() - last.at <= LATE_MS);
    });

    test('a pause that ended while nobody was there ended when it ended, and not when it was last checked', async (t) => {
      const db = await open(t);
      const first = await watch(t, async () => db, [service('api')]);
      await pass(first.clock, MINUTE_MS);
      const until = first.clock.now() + 2 * HOUR_MS;
      await first.monitoring.maintenance.pause('api', { ...PAUSE, until }, FOR_REAL);
      await pass(first.clock, MINUTE_MS);
      await first.monitoring.stop();
      await first.clock.advance(3 * HOUR_MS);

      const second = await watch(t, async () => db, [service('api')], first);
      await pass(second.clock, LATE_MS);

      const told = (await second.changes()).map(({ payload: { to, at } }) => [to, at]);
      assert.deepEqual(told.slice(2, 3), [['unknown', until]]);
      assert.equal(told.at(-1)?.[0], 'up');
    });

    test('a failure while something it needs is worked on is put down to that work', async (t) => {
      const services = [service('db'), service('api', { dependsOn: ['db'] })];
      const { clock, net, monitoring, changes } = await watch(t, open, services);
      await pass(clock, MINUTE_MS);
      const wish = { title: 'Disks', monitors: ['db'], pausesChecks: false, ...PAUSE };
      const { window } = await monitoring.maintenance.start(wish, FOR_REAL);
      for (const host of ['db', 'api']) net.fail(host);
      await pass(clock, MINUTE_MS);
      const { state, reason } = await now(monitoring, 'api');
      assert.deepEqual([state, reason], ['maintenance', 'It needs db, which is being worked on: Disks']);

      for (const host of ['db', 'api']) net.heal(host);
      await pass(clock, MINUTE_MS);
      await monitoring.maintenance.end(window, FOR_REAL);
      await pass(clock, MINUTE_MS);

      const told = (await changes()).filter(({ payload }) => payload.monitor === 'api');
      assert.deepEqual(
        told.map(({ payload }) => [payload.to, payload.rootCause]),
        [
          ['up', null],
          ['maintenance', 'db'],
          ['up', null],
        ],
      );
    });

    test('what is shown of a check is what was seen here, however a probe found it', async (t) => {
      const both = monitors([service('api')]).map((each) => ({ ...each, locations: ['here', 'fra'] }));
      const { clock, monitoring } = await watch(t, open, [service('api')], { plan: { monitors: both } });
      await pass(clock, MINUTE_MS);
      const at = clock.now();
      const found = aResult(1, at, { outcome: 'down', latencyMs: 900, reason: 'It refused.' });
      await monitoring.probes.receive('fra', aBatch('fra', at, [found]));

      const { latencyMs, unconfirmed, lastCheckedAt } = await now(monitoring, 'api');

      assert.deepEqual(
        { latencyMs, unconfirmed, lastCheckedAt },
        { latencyMs: 0, unconfirmed: null, lastCheckedAt: at },
      );
    });

    test('the canary is in no list, no history and no fact, and well as long as it fails', async (t) => {
      const { db, clock, monitoring } = await watch(t, open, [service('api')], {
        canaryUrl: 'http://127.0.0.1:1/',
        http: { send: async () => ({ ...ANSWER, status: 503 }) },
      });
      monitoring.startWatchdog();
      await pass(clock, 10 * MINUTE_MS);

      assert.deepEqual(
        (await monitoring.facts.monitors()).map(({ name }) => name),
        ['api'],
      );
      assert.deepEqual(
        (await monitoring.maintenance.windows(HOUR_MS)).flatMap((window) => window.monitors),
        [],
      );
      await assert.rejects(monitoring.checkNow(CANARY), { code: 'MONITOR_UNKNOWN' });
      assert.deepEqual(await monitoring.thresholds.facts.crossed(), []);
      assert.deepEqual(await coverageTold(db), []);
    });

    test('a canary that does not fail is told of as lost coverage', async (t) => {
      const { db, clock, monitoring } = await watch(t, open, [service('api')], {
        canaryUrl: 'http://127.0.0.1:1/',
        http: { send: async () => ({ ...ANSWER, timings: { ...ANSWER.timings, totalMs: 9_000 } }) },
      });
      monitoring.startWatchdog();
      await pass(clock, 2 * MINUTE_MS);

      assert.deepEqual(await coverageTold(db), ['lost canary']);
      await pass(clock, 30 * MINUTE_MS);
      assert.deepEqual(await monitoring.thresholds.facts.crossed(), [], 'of the canary nobody is told anything else');
    });

    test('while Evenkeel itself is cut off nothing goes down: it is unknown, for want of a connection', async (t) => {
      const connectivity = [{ host: 'one.example', port: 443 }];
      const { db, clock, net, monitoring, changes } = await watch(t, open, [far('api')], {
        plan: { connectivity },
      });
      monitoring.startWatchdog();
      await pass(clock, MINUTE_MS);
      for (const host of ['api.example', 'one.example']) net.fail(host);
      await pass(clock, 5 * MINUTE_MS);
      for (const host of ['api.example', 'one.example']) net.heal(host);
      await pass(clock, MINUTE_MS);

      assert.deepEqual(
        (await changes()).map(({ payload: { to, reason } }) => [to, reason]),
        [
          ['up', null],
          ['unknown', 'Evenkeel itself had no connection.'],
          ['up', null],
        ],
      );
      assert.deepEqual(await coverageTold(db), ['lost connection', 'restored connection']);
    });

    test('taking the reference addresses away ends the alarm that none of them answers', async (t) => {
      const connectivity = [{ host: 'one.example', port: 443 }];
      const started = await watch(t, open, [far('api')], { plan: { connectivity } });
      const { db, clock, net, monitoring, plan } = started;
      monitoring.startWatchdog();
      for (const host of ['api.example', 'one.example']) net.fail(host);
      await pass(clock, 2 * MINUTE_MS);
      await monitoring.apply({ ...plan, connectivity: [] });
      await pass(clock, MINUTE_MS);

      assert.deepEqual(await coverageTold(db), ['lost connection', 'restored connection']);
      assert.equal((await now(monitoring, 'api')).state, 'down');
    });

    test('answers that become slow are told of, and told of once more when they are fast again [MON-09/R]', async (t) => {
      const slow = { reading: 'p95', above: '100ms', runbook: 'look' };
      const thresholds = rulesOf(Thresholds.parse({ preset: 'none', slow }));
      let totalMs = 20;
      const http = { send: async () => ({ ...ANSWER, timings: { ...ANSWER.timings, totalMs } }) };
      const api = service('api', { url: new Secret('http://api/', 'api') });
      const { db, clock, monitoring } = await watch(t, open, [api], { plan: { thresholds }, http });
      await pass(clock, 5 * MINUTE_MS);
      assert.deepEqual(await monitoring.thresholds.facts.crossed(), []);
      totalMs = 500;
      await pass(clock, 10 * MINUTE_MS);
      assert.deepEqual(
        (await monitoring.thresholds.facts.crossed()).map(({ rule, monitor, level }) => [rule, monitor, level]),
        [['slow', 'api', 'warning']],
      );
      const slowWhile = { from: clock.now() - 9 * MINUTE_MS, to: clock.now() };
      const { whole } = await monitoring.history.latency('api', slowWhile, 10);
      assert.ok(Math.abs((whole.p95 ?? 0) - 500) <= 5, `95 of 100 within ${whole.p95} ms`);
      totalMs = 20;
      await pass(clock, 30 * MINUTE_MS);

      assert.deepEqual(await monitoring.thresholds.facts.crossed(), []);
      assert.deepEqual(
        (await eventsOf(db)).map(({ name }) => name).filter((name) => name.startsWith('threshold.')),
        ['threshold.crossed', 'threshold.cleared'],
      );
    });
  });
}

const ANSWER: HttpResponse = {
  status: 200,
  headers: {},
  body: new Uint8Array(),
  isTruncated: false,
  address: '127.0.0.1',
  timings: { dnsMs: 0, connectMs: 1, tlsMs: 0, firstByteMs: 1, transferMs: 0, totalMs: 2 },
};

/** Of a name that only the internet can explain. */
function far(name: string) {
  return service(name, { url: new Secret(`tcp://${name}.example:80`, name) });
}

async function eventsOf(db: Database): Promise<readonly RecordedEvent[]> {
  return (await readOutbox(db, START, 500)).events;
}

async function coverageTold(db: Database): Promise<readonly string[]> {
  return (await eventsOf(db)).flatMap((event) => {
    if (event.name === 'coverage.lost') return [`lost ${event.payload.what}`];
    return event.name === 'coverage.restored' ? [`restored ${event.payload.what}`] : [];
  });
}
