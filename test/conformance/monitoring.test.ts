import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { AppModel } from '../../src/contracts/app-model.ts';
import type { RecordedEvent } from '../../src/contracts/events.ts';
import { HOUR_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { createMonitoring, type Monitor, monitorsOf } from '../../src/monitoring/index.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { readOutbox, START } from '../../src/platform/sql/outbox.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { ENGINES } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { scriptedNet } from '../support/scripted-net.ts';
import { silentLog } from '../support/silent-log.ts';

const EVERY_MS = 10 * SECOND_MS;
/** Results are written in batches; by then the latest ones are. */
const GATHERED_MS = SECOND_MS;

for (const { engine, open } of ENGINES) {
  describe(`monitoring on ${engine}`, () => {
    test('commits an outage once it is confirmed, dated back to the first failing check', async (t) => {
      const { clock, net, monitoring, changes, startedAt } = await watch(t, open, [service('api')]);
      await pass(clock, 0);
      net.fail('api');

      await pass(clock, EVERY_MS);
      assert.equal((await now(monitoring, 'api')).state, 'up', 'one failure is not an outage');
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
      second = await watch(t, async () => db, [service('api')], clock);
      await pass(clock, 10 * EVERY_MS);

      const history = (await second.monitoring.facts.history(['api'], 1)).get('api');
      const unknownMs = (history?.availability.ms.unknown ?? 0) - (first.startedAt % (24 * HOUR_MS));
      assert.equal(unknownMs, HOUR_MS - EVERY_MS);
      assert.equal(history?.availability.ms.up, 21 * EVERY_MS);
    });

    test('a renamed monitor keeps its history, a removed one too', async (t) => {
      const { clock, monitoring } = await watch(t, open, [service('api'), service('old')]);
      await pass(clock, 5 * EVERY_MS);

      await monitoring.apply(monitors([service('backend', { was: ['api'] })]));
      await pass(clock, 5 * EVERY_MS);

      const history = await monitoring.facts.history(['backend', 'old'], 1);
      assert.equal(history.get('backend')?.availability.ms.up, 10 * EVERY_MS);
      // It was first checked 5 ms after the other, and is unknown since it was taken out.
      assert.equal(history.get('old')?.availability.ms.up, 5 * EVERY_MS - 5);
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
  });
}

async function watch(
  t: TestContext,
  open: (t: TestContext) => Promise<Database>,
  services: AppModel['services'],
  clock: FakeClock = new FakeClock(),
) {
  // Hooks run in the order of their registration, and the database must outlive what writes to it.
  t.after(() => monitoring.stop());
  const db = counted(await open(t));
  const net = scriptedNet();
  const deps = { db, clock, ids: createSystemIds(clock), log: silentLog, net, environment: 'live', runsChecks: true };
  const monitoring = createMonitoring(deps);
  await monitoring.apply(monitors(services));
  const startedAt = clock.now();
  monitoring.start();
  await pass(clock, 0);
  const changes = async () =>
    (await readOutbox(db, START, 100)).events.filter(
      (event): event is RecordedEvent & { name: 'monitor.state-changed' } => event.name === 'monitor.state-changed',
    );
  return { db, clock, net, monitoring, changes, startedAt };
}

/** Lets time pass in steps, each long enough for a real database to finish what the step began. */
async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let left = ms; ; left -= EVERY_MS) {
    await clock.advance(Math.min(left, EVERY_MS));
    do await delay(1);
    while (isBusy());
    if (left <= EVERY_MS) return;
  }
}

let underWay = 0;

function isBusy(): boolean {
  return underWay > 0;
}

/** Counts the units of work under way, because virtual time does not wait for them. */
function counted(db: Database): Database {
  const count = async <Result>(work: Promise<Result>): Promise<Result> => {
    underWay += 1;
    return work.finally(() => {
      underWay -= 1;
    });
  };
  return { ...db, tx: (work) => count(db.tx(work)), quiet: (reason, work) => count(db.quiet(reason, work)) };
}

async function now(monitoring: ReturnType<typeof createMonitoring>, name: string) {
  const found = (await monitoring.facts.monitors()).find((monitor) => monitor.name === name);
  assert.ok(found);
  return found;
}

function monitors(services: AppModel['services']): readonly Monitor[] {
  const model = { app: 'shop', environment: 'live', environments: ['live'], services };
  const timing = Object.fromEntries(services.map(({ name }) => [name, { every: EVERY_MS }]));
  return monitorsOf(model, { monitors: {}, services: timing }).monitors;
}

function service(name: string, changes: Partial<AppModel['services'][number]> = {}): AppModel['services'][number] {
  const url = new Secret(`tcp://${name}:80`, name);
  return { name, url, description: null, was: [], source: null, engine: null, health: null, dependsOn: [], ...changes };
}
