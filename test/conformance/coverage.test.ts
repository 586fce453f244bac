import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { RecordedEvent } from '../../src/contracts/events.ts';
import { MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import { canaryMonitor } from '../../src/monitoring/coverage/canary.ts';
import { createWatchdog } from '../../src/monitoring/coverage/watchdog.ts';
import * as resultStore from '../../src/monitoring/history/result-store.ts';
import type { Monitor } from '../../src/monitoring/monitor.ts';
import type { Outcome } from '../../src/monitoring/state/confirmation.ts';
import * as monitorStore from '../../src/monitoring/state/monitor-store.ts';
import { register } from '../../src/monitoring/state/registration.ts';
import { commitState } from '../../src/monitoring/state/state-commit.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { readOutbox, START } from '../../src/platform/sql/outbox.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { ENGINES } from '../support/databases.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { silentLog } from '../support/silent-log.ts';
import { monitors, service } from '../support/watched.ts';

const EVERY_MS = 10 * SECOND_MS;
const LOOK_MS = 5 * SECOND_MS;
const CANARY_URL = 'http://127.0.0.1:1/';

/** Watchdogs over a real database, in which a test writes what checks would. */
async function guarded(
  t: TestContext,
  open: (t: TestContext) => Promise<Database>,
  names: readonly string[],
  withCanary = false,
) {
  const db = await open(t);
  const clock = new FakeClock();
  const watched: readonly Monitor[] = [
    ...monitors(names.map((name) => service(name))),
    ...(withCanary ? [canaryMonitor(CANARY_URL)] : []),
  ];
  const registration = { environment: 'live', ids: createSystemIds(clock), at: clock.now() };
  const records = await db.quiet('test', (tx) => register(tx, watched, registration));
  const cutOff: { since: number | null } = { since: null };
  const database = {
    ...db,
    isAway: false,
    of<Tables>() {
      if (database.isAway) throw new Error('The database is away.');
      return db.of<Tables>();
    },
  };
  const dog = (self: string, seesCut = true) =>
    createWatchdog({
      db: database,
      clock,
      log: silentLog,
      environment: 'live',
      self,
      monitors: () => watched,
      isResting: () => false,
      connectivity: { cutOffSince: () => (seesCut ? cutOff.since : null) },
    });
  const idOf = (name: string) => records.get(name)?.id ?? 0;
  return { db, database, clock, dog, watched, cutOff, result, idOf, passes, told };

  async function result(name: string, outcome: Outcome = 'up'): Promise<void> {
    const row = resultStore.toRow(idOf(name), { at: clock.now(), outcome, latencyMs: null, reason: null });
    await db.quiet('test', (tx) => resultStore.append(tx, [row]));
  }

  /** Everybody named is checked in its turn, and every dog looks. */
  async function passes(
    ms: number,
    dogs: readonly ReturnType<typeof dog>[],
    checked: Readonly<Record<string, Outcome>> = {},
  ) {
    for (let passed = 0; passed < ms; passed += LOOK_MS) {
      await clock.advance(LOOK_MS);
      for (const [name, outcome] of Object.entries(checked)) await result(name, outcome);
      await Promise.all(dogs.map((each) => each.look()));
    }
  }

  /** `lost monitors: api, db` */
  async function told(): Promise<readonly string[]> {
    const { events } = await readOutbox(db, START, 200);
    return events.flatMap((event: RecordedEvent) => {
      if (event.name === 'coverage.restored') return [`restored ${event.payload.what}`];
      if (event.name !== 'coverage.lost') return [];
      const { what, monitors: lost } = event.payload;
      return [lost.length === 0 ? `lost ${what}` : `lost ${what}: ${lost.join(', ')}`];
    });
  }
}

for (const { engine, open } of ENGINES) {
  describe(`coverage on ${engine}`, () => {
    test('monitors without a fresh result are told of once, all together, and once more when all are back', async (t) => {
      const { dog, passes, told } = await guarded(t, open, ['api', 'db', 'web']);
      const dogs = [dog('a'), dog('b')];
      await passes(MINUTE_MS, dogs, { api: 'up', db: 'up', web: 'up' });
      assert.deepEqual(await told(), []);

      await passes(MINUTE_MS, dogs, { web: 'up' });
      assert.deepEqual(await told(), ['lost monitors: api, db']);
      await passes(MINUTE_MS, dogs, { web: 'up', db: 'up' });
      assert.deepEqual(await told(), ['lost monitors: api, db'], 'one is still missing');
      await passes(MINUTE_MS, dogs, { web: 'up', db: 'up', api: 'up' });

      assert.deepEqual(await told(), ['lost monitors: api, db', 'restored monitors']);
    });

    test('a process that only delivers notices that nobody checks any more', async (t) => {
      const { db, clock, dog, passes, told } = await guarded(t, open, ['api']);
      await passes(MINUTE_MS, [dog('delivers')], { api: 'up' });
      const stoppedAt = clock.now();
      const watching = dog('delivers');
      await passes(2 * EVERY_MS + 2 * LOOK_MS, [watching]);

      assert.deepEqual(await told(), ['lost monitors: api']);
      const { events } = await readOutbox(db, START, 100);
      const lost = events.find(
        (event): event is RecordedEvent & { name: 'coverage.lost' } => event.name === 'coverage.lost',
      );
      assert.equal(lost?.payload.at, stoppedAt);
      assert.equal(lost.payload.reason, '1 of 1 monitors have no fresh result: nobody knows how they are.');
    });

    test('a whole server that was stopped for an hour tells of nothing when it comes back', async (t) => {
      const { clock, dog, passes, told } = await guarded(t, open, ['api']);
      await passes(MINUTE_MS, [dog('first')], { api: 'up' });
      await clock.advance(60 * MINUTE_MS);

      const second = dog('second');
      await second.look();
      await passes(MINUTE_MS, [second], { api: 'up' });

      assert.deepEqual(await told(), []);
    });

    test('a process that has just started does not say that all is well where another one misses results', async (t) => {
      const { dog, passes, told } = await guarded(t, open, ['api', 'db'], true);
      const first = dog('first');
      await passes(MINUTE_MS, [first], { api: 'up', db: 'up', 'evenkeel.canary': 'up' });
      await passes(MINUTE_MS, [first], { db: 'up' });
      assert.deepEqual(await told(), ['lost canary', 'lost monitors: api']);

      await passes(2 * MINUTE_MS, [first, dog('second')], { db: 'up' });

      assert.deepEqual(await told(), ['lost canary', 'lost monitors: api']);
    });

    test('results that could not be written while the database was away are missed by nobody', async (t) => {
      const { clock, database, dog, passes, told } = await guarded(t, open, ['api']);
      const one = dog('a');
      await passes(MINUTE_MS, [one], { api: 'up' });
      database.isAway = true;
      for (let looks = 0; looks < 3; looks += 1) {
        await clock.advance(LOOK_MS);
        await assert.rejects(one.look(), /away/);
      }
      database.isAway = false;
      await passes(2 * LOOK_MS, [one]);
      await passes(MINUTE_MS, [one], { api: 'up' });

      assert.deepEqual(await told(), []);
    });

    test('a long list is brought up to date, but not at every look', async (t) => {
      const { dog, passes, told } = await guarded(t, open, ['api', 'db']);
      const one = dog('a');
      await passes(MINUTE_MS, [one], { api: 'up', db: 'up' });
      await passes(2 * MINUTE_MS, [one], { db: 'up' });
      await passes(2 * MINUTE_MS, [one]);
      assert.deepEqual(await told(), ['lost monitors: api']);

      await passes(8 * MINUTE_MS, [one]);

      assert.deepEqual(await told(), ['lost monitors: api', 'lost monitors: api, db']);
    });

    test('the canary that is not found failing is an alarm, whatever else is well', async (t) => {
      const { db, idOf, clock, dog, passes, told } = await guarded(t, open, ['api'], true);
      const one = dog('a');
      const canary = 'evenkeel.canary';
      await passes(MINUTE_MS, [one], { api: 'up', [canary]: 'down' });
      const record = await monitorStore.find(db, idOf(canary));
      assert.ok(record);
      const at = clock.now();
      const change = {
        state: 'down',
        at,
        confirmedAt: at,
        reason: null,
        rootCause: null,
        environment: 'live',
      } as const;
      await db.tx(async (tx) => void (await commitState(tx, record, change)));
      await passes(4 * MINUTE_MS, [one], { api: 'up', [canary]: 'down' });
      assert.deepEqual(await told(), []);

      await passes(MINUTE_MS, [one], { api: 'up', [canary]: 'up' });
      assert.deepEqual(await told(), ['lost canary']);
      await passes(MINUTE_MS, [one], { api: 'up', [canary]: 'down' });

      assert.deepEqual(await told(), ['lost canary', 'restored canary']);
    });

    test('a failure that nobody commits is noticed by the canary', async (t) => {
      const { dog, passes, told } = await guarded(t, open, [], true);

      await passes(5 * MINUTE_MS, [dog('a')], { 'evenkeel.canary': 'down' });

      assert.deepEqual(await told(), ['lost canary']);
    });

    test('without a connection that alone is told, and only its own process says that it is back', async (t) => {
      const { clock, cutOff, dog, passes, told } = await guarded(t, open, ['api']);
      const cut = dog('cut');
      const other = dog('other', false);
      await passes(MINUTE_MS, [cut, other], { api: 'up' });
      cutOff.since = clock.now();

      await passes(MINUTE_MS, [cut, other]);
      assert.deepEqual(await told(), ['lost connection']);
      cutOff.since = null;
      await passes(LOOK_MS, [cut, other], { api: 'up' });

      assert.deepEqual(await told(), ['lost connection', 'restored connection']);
    });

    test('a connection that comes back at once is no news, and a process that died is not waited for', async (t) => {
      const { clock, cutOff, dog, passes, told } = await guarded(t, open, ['api']);
      const cut = dog('cut');
      const other = dog('other', false);
      cutOff.since = clock.now();
      await passes(LOOK_MS, [cut, other], { api: 'up' });
      assert.deepEqual(await told(), []);

      await passes(20 * SECOND_MS, [cut, other], { api: 'up' });
      assert.deepEqual(await told(), ['lost connection']);
      await passes(2 * MINUTE_MS, [other], { api: 'up' });
      assert.deepEqual(await told(), ['lost connection']);
      await passes(2 * MINUTE_MS, [other], { api: 'up' });

      assert.deepEqual(await told(), ['lost connection', 'restored connection']);
    });
  });
}
