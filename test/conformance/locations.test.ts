import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import { createProbeDesk, type Monitor } from '../../src/monitoring/index.ts';
import { createLocationKeeper } from '../../src/monitoring/locations/keeper.ts';
import * as locationStore from '../../src/monitoring/locations/location-store.ts';
import { createSilenceWatch } from '../../src/monitoring/locations/silence.ts';
import { readOutbox, START } from '../../src/platform/sql/outbox.ts';
import { ENGINES } from '../support/databases.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { aBatch, aResult, located, registered } from '../support/located.ts';
import { silentLog } from '../support/silent-log.ts';

const down = { outcome: 'down', reason: 'api.example answered 503, expected 2xx.' } as const;

for (const { engine, open } of ENGINES) {
  describe(`locations on ${engine}`, () => {
    test('a place keeps its number, and every place has its own', async (t) => {
      const { db, clock } = await opened(t, []);
      const ensure = (name: string, environment = 'live') =>
        db.quiet('test', (tx) => locationStore.ensure(tx, environment, { name, at: clock.now() }));

      const made = await Promise.all(['fra', 'nyc', 'fra', 'sin'].map((name) => ensure(name)));

      assert.deepEqual(new Set(made.map(({ number }) => number)), new Set([1, 2, 3]));
      assert.equal(made[0]?.number, made[2]?.number);
      assert.equal((await ensure('fra', 'sandbox')).number, 1);
    });

    test('what a probe hands in is stored once, however often it comes', async (t) => {
      const { db, clock, desk, stored } = await opened(t, [located('api', ['here', 'fra'])]);
      const batch = aBatch('fra', clock.now(), [
        aResult(1, clock.now() - 20_000),
        aResult(2, clock.now() - 10_000, down),
      ]);

      const first = await desk.receive('fra', batch);
      const again = await Promise.all([
        desk.receive('fra', batch),
        desk.receive('fra', { ...batch, results: [...batch.results, aResult(3, clock.now())] }),
      ]);

      assert.equal(first.storedSeq, 2);
      // Whichever of the two comes first.
      assert.equal(Math.max(...again.map(({ storedSeq }) => storedSeq)), 3);
      assert.deepEqual(await stored(), [
        { location: 1, at: clock.now() - 20_000, outcome: 0 },
        { location: 1, at: clock.now() - 10_000, outcome: 2 },
        { location: 1, at: clock.now(), outcome: 0 },
      ]);
      assert.equal((await locationStore.list(db, 'live'))[0]?.version, '0.1.0');
    });

    test('what was sent with a wrong clock is stored once too, at the right time', async (t) => {
      const { clock, desk, stored } = await opened(t, [located('api', ['fra'])]);
      const theirs = clock.now() - HOUR_MS;
      const results = [aResult(1, theirs)];

      const receipt = await desk.receive('fra', aBatch('fra', theirs, results));
      await clock.advance(700);
      await desk.receive('fra', aBatch('fra', theirs + 300, results));

      assert.equal(receipt.skewMs, HOUR_MS);
      assert.deepEqual(
        (await stored()).map(({ at }) => at),
        [clock.now() - 700],
      );
    });

    test('a clock that is off by more than a day is refused in words', async (t) => {
      const { clock, desk, stored } = await opened(t, [located('api', ['fra'])]);
      const theirs = clock.now() + 30 * HOUR_MS;

      await assert.rejects(desk.receive('fra', aBatch('fra', theirs, [aResult(1, theirs)])), {
        code: 'PROBE_CLOCK_WRONG',
        message: /probe in fra is 30 hours away/,
      });
      assert.deepEqual(await stored(), []);
    });

    test('results that no probe can have kept so long are not stored, or all time would have to be looked at', async (t) => {
      const { clock, desk, stored } = await opened(t, [located('api', ['fra'])]);
      const week = 7 * DAY_MS;
      const results = [aResult(1, 0), aResult(2, clock.now() - 2 * week), aResult(3, clock.now() - week)];

      const { ignored, storedSeq } = await desk.receive('fra', aBatch('fra', clock.now(), results));

      assert.deepEqual([ignored, storedSeq], [2, 3]);
      assert.deepEqual(
        (await stored()).map(({ at }) => at),
        [clock.now() - week],
      );
    });

    test('results of another place, of another monitor and from the future are not stored', async (t) => {
      const { clock, desk, stored } = await opened(t, [located('api', ['fra']), located('db', ['nyc'])]);
      const at = clock.now();

      await assert.rejects(desk.receive('fra', aBatch('nyc', at, [aResult(1, at)])), { code: 'PROBE_LOCATION_OTHER' });
      const { ignored, storedSeq } = await desk.receive(
        'fra',
        aBatch('fra', at, [
          aResult(1, at, { monitor: 'db' }),
          aResult(2, at, { monitor: 'no' }),
          aResult(3, at + MINUTE_MS),
        ]),
      );

      assert.deepEqual([ignored, storedSeq], [3, 3]);
      assert.deepEqual(await stored(), []);
    });

    test('what was measured under an earlier name is kept', async (t) => {
      const { clock, desk, stored } = await opened(t, [located('api', ['fra'], { was: ['backend'] })]);

      await desk.receive('fra', aBatch('fra', clock.now(), [aResult(1, clock.now(), { monitor: 'backend' })]));

      assert.equal((await stored()).length, 1);
    });

    test('a new memory of the probe counts from its own beginning', async (t) => {
      const { clock, desk, stored } = await opened(t, [located('api', ['fra'])]);
      await desk.receive('fra', aBatch('fra', clock.now(), [aResult(7, clock.now() - 1)]));

      const { storedSeq } = await desk.receive('fra', {
        ...aBatch('fra', clock.now(), [aResult(1, clock.now())]),
        spool: 'spool_2',
      });

      assert.equal(storedSeq, 1);
      assert.equal((await stored()).length, 2);
    });

    test('late results fill history, and nobody hears of them', async (t) => {
      const { clock, desk, heard, stored } = await opened(t, [located('api', ['fra'])]);
      const now = clock.now();
      const ages = [10 * MINUTE_MS, 51 * SECOND_MS, 50 * SECOND_MS, 0];

      const { late } = await desk.receive(
        'fra',
        aBatch(
          'fra',
          now,
          ages.map((age, index) => aResult(index + 1, now - age, down)),
        ),
      );

      assert.equal(late, 2);
      assert.equal((await stored()).length, 4);
      assert.deepEqual(heard, [`api fra ${now - 50 * SECOND_MS} down`, `api fra ${now} down`]);
    });

    test('down from one of three is up, and down from two of three is down, since the second is sure', async (t) => {
      const { clock, desk, keeper, id } = await opened(t, [located('api', ['here', 'fra', 'nyc'])]);
      await keeper.apply(id);
      const see = async (location: string, seq: number, outcome: 'up' | 'down') => {
        const reason = outcome === 'up' ? null : down.reason;
        if (location === 'here') keeper.observe('api', 'here', { at: clock.now(), outcome, reason });
        else
          await desk.receive(location, aBatch(location, clock.now(), [aResult(seq, clock.now(), { outcome, reason })]));
      };
      const round = async (seq: number, seen: Readonly<Record<string, 'up' | 'down'>>) => {
        await clock.advance(10 * SECOND_MS);
        for (const [location, outcome] of Object.entries(seen)) await see(location, seq, outcome);
        return keeper.agreement('api');
      };
      const startedAt = clock.now();

      assert.equal((await round(1, { here: 'up', fra: 'up', nyc: 'up' }))?.state, 'up');
      for (const seq of [2, 3, 4]) {
        assert.equal((await round(seq, { here: 'up', fra: 'down', nyc: 'up' }))?.state, 'up');
      }
      assert.equal((await round(5, { here: 'up', fra: 'down', nyc: 'down' }))?.state, 'up');
      assert.deepEqual(await round(6, { here: 'up', fra: 'down', nyc: 'down' }), {
        state: 'down',
        since: startedAt + 50 * SECOND_MS,
        reason: 'api.example answered 503, expected 2xx (from fra and nyc).',
        locations: ['fra', 'nyc'],
      });
      assert.deepEqual(
        keeper.seen('api').map(({ name, state }) => `${name} ${state}`),
        ['here up', 'fra down', 'nyc down'],
      );
    });

    test('a place that fell silent has no vote, and one that is not sure yet keeps others from a majority', async (t) => {
      const { clock, keeper, id } = await opened(t, [located('api', ['here', 'fra'])]);
      await keeper.apply(id);
      const see = (location: string, outcome: 'up' | 'down') =>
        keeper.observe('api', location, { at: clock.now(), outcome, reason: null });

      see('fra', 'down');
      see('here', 'up');
      assert.equal(keeper.agreement('api'), undefined);
      assert.deepEqual(keeper.seen('api')[1], { name: 'fra', state: 'unknown', lastCheckedAt: clock.now() });

      await clock.advance(51 * SECOND_MS);
      see('here', 'up');
      assert.equal(keeper.agreement('api')?.state, 'up');
    });

    test('after a restart the places are as sure as before', async (t) => {
      const { db, clock, desk, keeper, id } = await opened(t, [located('api', ['fra', 'nyc'])]);
      await keeper.apply(id);
      const startedAt = clock.now();
      for (const seq of [1, 2, 3]) {
        await clock.advance(10 * SECOND_MS);
        for (const location of ['fra', 'nyc']) {
          await desk.receive(location, aBatch(location, clock.now(), [aResult(seq, clock.now(), down)]));
        }
      }
      const restarted = createLocationKeeper({ db, clock, environment: 'live' });
      await restarted.apply(id);

      assert.equal(keeper.agreement('api')?.since, startedAt + 10 * SECOND_MS);
      assert.deepEqual(restarted.agreement('api'), keeper.agreement('api'));
    });

    test('another process learns of what was handed in here, and not of what was late', async (t) => {
      const slow = located('slow', ['fra'], { intervalMs: HOUR_MS });
      const { db, clock, desk, id } = await opened(t, [located('api', ['here', 'fra']), located('db', ['fra']), slow]);
      const elsewhere = createLocationKeeper({ db, clock, environment: 'live' });
      await elsewhere.apply(id);
      const late = aResult(1, clock.now() - HOUR_MS, { monitor: 'db' });

      await desk.receive('fra', aBatch('fra', clock.now(), [late, aResult(2, clock.now())]));

      assert.deepEqual(await elsewhere.catchUp(), ['api']);
      assert.deepEqual(await elsewhere.catchUp(), []);
      assert.equal(elsewhere.agreement('api')?.state, 'up');
    });

    test('a silent location is told of once, and once when it is back', async (t) => {
      const monitors = [located('api', ['here', 'fra']), located('db', ['fra'])];
      const { db, clock, desk, coverage } = await opened(t, monitors);
      const silence = () =>
        createSilenceWatch({ db, clock, log: silentLog, environment: 'live', monitors: () => monitors });
      const [one, other] = [silence(), silence()];
      await desk.assignment('fra', '0.1.0');
      const spokeAt = clock.now();

      await passes(clock, MINUTE_MS, [one, other]);
      assert.deepEqual(await coverage(), []);
      await clock.advance(1);
      await Promise.all([one.sweep(), other.sweep()]);
      await one.sweep();
      assert.deepEqual(await coverage(), [
        {
          environment: 'live',
          what: 'location fra',
          reason: 'The probe in fra has not been heard of for more than 60 s.',
          monitors: ['db'],
          at: spokeAt,
          noticedAt: clock.now(),
        },
      ]);

      await desk.receive('fra', aBatch('fra', clock.now(), []));
      await desk.assignment('fra', '0.1.0');
      await one.sweep();
      const [, ...since] = await coverage();
      assert.deepEqual(since, [{ environment: 'live', what: 'location fra', at: clock.now() }]);
    });

    test('our own absence is not the silence of a location', async (t) => {
      const monitors = [located('api', ['fra'])];
      const { db, clock, desk, coverage } = await opened(t, monitors);
      await desk.assignment('fra', '0.1.0');
      await clock.advance(HOUR_MS);

      const restarted = createSilenceWatch({
        db,
        clock,
        log: silentLog,
        environment: 'live',
        monitors: () => monitors,
      });
      await restarted.sweep();

      assert.deepEqual(await coverage(), []);
    });

    test('who was suspended, or had no database, gives every location its time to be heard', async (t) => {
      const monitors = [located('api', ['fra'])];
      const { db, clock, desk, coverage } = await opened(t, monitors);
      const silence = createSilenceWatch({ db, clock, log: silentLog, environment: 'live', monitors: () => monitors });
      await desk.assignment('fra', '0.1.0');
      await passes(clock, MINUTE_MS / 2, [silence]);

      await clock.advance(5 * MINUTE_MS);
      await silence.sweep();
      assert.deepEqual(await coverage(), []);
      await passes(clock, 2 * MINUTE_MS, [silence]);

      assert.equal((await coverage()).length, 1);
    });

    test('a clock that is set back does not freeze what is known of a place', async (t) => {
      const { db, clock, id: kept, desk } = await opened(t, [located('api', ['here', 'fra'])]);
      const keeper = createLocationKeeper({ db, clock, environment: 'live' });
      await keeper.apply(kept);
      keeper.observe('api', 'here', { at: clock.now(), outcome: 'up', reason: null });
      await desk.receive('fra', aBatch('fra', clock.now(), [aResult(1, clock.now())]));
      await keeper.catchUp();
      assert.deepEqual(keeper.agreement('api')?.locations, ['here', 'fra']);
      clock.setWall(-HOUR_MS);

      for (const seq of [2, 3]) {
        await clock.advance(10 * SECOND_MS);
        keeper.observe('api', 'here', { at: clock.now(), ...down });
        await desk.receive('fra', aBatch('fra', clock.now(), [aResult(seq, clock.now(), down)]));
        await keeper.catchUp();
      }

      const { state, locations } = keeper.agreement('api') ?? {};
      assert.deepEqual({ state, locations }, { state: 'down', locations: ['here', 'fra'] });
    });

    test('a location that never spoke is missed, until the manifest names it no more', async (t) => {
      let monitors: readonly Monitor[] = [located('api', ['here', 'fra'])];
      const { db, clock, coverage } = await opened(t, []);
      const silence = createSilenceWatch({ db, clock, log: silentLog, environment: 'live', monitors: () => monitors });
      await silence.sweep();
      await passes(clock, MINUTE_MS, [silence]);
      await clock.advance(1);

      await silence.sweep();
      monitors = [];
      await silence.sweep();

      const told = await coverage();
      assert.equal(told.length, 2);
      assert.match(String(Object(told[0]).reason), /No probe has reported from fra yet/);
    });

    async function opened(t: TestContext, monitors: readonly Monitor[]) {
      const db = await open(t);
      const clock = new FakeClock();
      const keeper = createLocationKeeper({ db, clock, environment: 'live' });
      const id = await registered(db, clock, monitors);
      const heard: string[] = [];
      const desk = createProbeDesk({
        db,
        clock,
        environment: 'live',
        monitors: () => monitors,
        written: () => ({ services: {}, monitors: {} }),
        heard(monitor, location, { at, outcome, reason }) {
          heard.push(`${monitor} ${location} ${at} ${outcome}`);
          keeper.observe(monitor, location, { at, outcome, reason });
        },
      });
      const stored = async () =>
        db
          .of<{ check_result: { location: number; at: number; outcome: number } }>()
          .selectFrom('check_result')
          .select(['location', 'at', 'outcome'])
          .orderBy('at')
          .execute();
      const coverage = async () =>
        (await readOutbox(db, START, 100)).events
          .filter(({ name }) => name.startsWith('coverage.'))
          .map(({ payload }) => payload);
      return { db, clock, keeper, id, heard, desk, stored, coverage };
    }
  });
}

/** Time goes by, and each of them looks every five seconds. */
async function passes(clock: FakeClock, ms: number, watches: readonly { sweep(): Promise<void> }[]): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5 * SECOND_MS) {
    await clock.advance(5 * SECOND_MS);
    for (const each of watches) await each.sweep();
  }
}
