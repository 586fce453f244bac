import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import { goodWithin } from '../../src/monitoring/history/counts.ts';
import type { ResultRecord } from '../../src/monitoring/history/result-store.ts';
import { createCheckTallies } from '../../src/monitoring/objectives/check-tallies.ts';
import { createObjectives } from '../../src/monitoring/objectives/objectives.ts';
import * as monitorStore from '../../src/monitoring/state/monitor-store.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { ENGINES } from '../support/databases.ts';
import { ENVIRONMENT, keeping, promised, promisesOf, registered, told } from '../support/promises.ts';
import { silentLog } from '../support/silent-log.ts';
import { pass, service, watch } from '../support/watched.ts';

const THREE_NINES = { availability: '99.9%' };

for (const { engine, open } of ENGINES) {
  describe(`objectives on ${engine}`, () => {
    test('an outage burns the budget, is told as critical, calms down, and spends the budget of the week [SLO-01/R]', async (t) => {
      const { db, clock, net, startedAt } = await watch(t, open, [service('api')]);
      const objectives = createObjectives({ db, clock, log: silentLog, environment: ENVIRONMENT });
      t.after(() => objectives.stop());
      const written = { ...THREE_NINES, over: '7d', when_spent: { releases: 'blocked' } };
      objectives.apply(promisesOf(written).objectives);
      objectives.start();
      await pass(clock, 40 * MINUTE_MS);
      net.fail('api');
      await pass(clock, MINUTE_MS);
      net.heal('api');
      await pass(clock, 15 * MINUTE_MS);

      const afterOne = (await told(db)).map(({ name, payload }) => ({ name, ...payload }));
      assert.deepEqual(
        afterOne.map(({ name }) => name),
        ['objective.burning', 'objective.calmed'],
      );
      assert.equal(afterOne[0]?.objective, 'api availability');
      const [burning] = await told(db);
      assert.ok(burning?.name === 'objective.burning');
      assert.equal(burning.payload.severity, 'critical');
      assert.match(
        burning.payload.reason,
        /^The error budget of api availability is being spent [\d.]+ times too fast over 1h, \d+ times too fast over 5m; 9\d% of it is left\.$/,
      );
      const began = burning.payload.at - startedAt - 40 * MINUTE_MS;
      assert.ok(began > 0 && began <= MINUTE_MS, `told ${began} ms after the first failing check`);

      net.fail('api');
      await pass(clock, 10 * MINUTE_MS);
      net.heal('api');
      await pass(clock, MINUTE_MS);

      const spent = (await told(db)).find(({ name }) => name === 'objective.budget-spent');
      assert.ok(spent?.name === 'objective.budget-spent');
      assert.equal(spent.payload.releases, 'blocked');
      const [now] = await objectives.facts.objectives();
      assert.deepEqual([now?.isSpent, now?.whenSpent, now?.kind], [true, 'blocked', 'time']);
      // 99.9 % of a week are 604.8 s; the outages lasted 60 s and 600 s.
      assert.equal(now?.budgetLeftMs, 604_800 - 660_000);
      assert.equal(now.goneAt, clock.now());
    });

    test('a monitor of which nothing is known has no numbers, and spends nothing', async (t) => {
      const { clock, objectives, now, told: events } = await promised(t, open, THREE_NINES);

      await objectives.look();
      const unknown = await now();

      const { reached, budgetLeft, budgetLeftMs, coverage, burnRate, goneAt, isSpent } = unknown;
      assert.deepEqual(
        { reached, budgetLeft, budgetLeftMs, coverage, burnRate, goneAt, isSpent },
        {
          reached: null,
          budgetLeft: null,
          budgetLeftMs: null,
          coverage: 0,
          burnRate: null,
          goneAt: null,
          isSpent: false,
        },
      );
      assert.deepEqual(
        unknown.burn.map(({ longRate, shortRate, isBurning }) => [longRate, shortRate, isBurning]),
        Array.from({ length: 4 }, () => [null, null, false]),
      );
      assert.deepEqual([unknown.to, unknown.from], [clock.now(), clock.now() - 30 * DAY_MS]);
      assert.equal(unknown.promise, '99.9% of the time, over 30 days');
      assert.deepEqual(await events(), []);
    });

    test('counts time: announced work costs nothing, what nobody knows counts as neither', async (t) => {
      const { clock, goes, checked, now } = await promised(t, open, THREE_NINES);
      const start = clock.now() - 30 * DAY_MS;
      await goes('up', start);
      await goes('maintenance', start + 10 * DAY_MS);
      await goes('down', start + 11 * DAY_MS);
      await goes('degraded', start + 11 * DAY_MS + 10 * MINUTE_MS);
      await goes('unknown', start + 20 * DAY_MS);
      await goes('up', start + 25 * DAY_MS);
      await checked([check(clock.now() - SECOND_MS, 'up', 5)]);

      const { reached, coverage, budgetLeftMs, budgetLeft } = await now();

      const known = 24 * DAY_MS;
      assert.equal(reached, 1 - (10 * MINUTE_MS) / known);
      assert.equal(coverage, 25 / 30);
      assert.equal(budgetLeftMs, 29 * DAY_MS * 0.001 - 10 * MINUTE_MS);
      assert.ok(Math.abs((budgetLeft ?? 0) - (1 - 600_000 / 2_505_600)) < 1e-9);
    });

    test('what announced work and half working count as can be said', async (t) => {
      const policy = { ...THREE_NINES, maintenance: 'bad', degraded: 'bad' };
      const { clock, goes, checked, now } = await promised(t, open, policy);
      await goes('up', clock.now() - 30 * DAY_MS);
      await goes('maintenance', clock.now() - 3 * HOUR_MS);
      await goes('degraded', clock.now() - 2 * HOUR_MS);
      await goes('up', clock.now() - HOUR_MS);
      await checked([check(clock.now() - SECOND_MS, 'up', 5)]);

      assert.equal((await now()).reached, 1 - 2 / 720);
    });

    test('a quiet day does not dilute a busy hour: every check weighs the same [SLO-01/R]', async (t) => {
      const { clock, goes, checked, now } = await promised(t, open, { p95: '1s', over: '7d' });
      const start = clock.now() - DAY_MS;
      await goes('up', start);
      // 23 h with a check a minute, then an hour with 1000 a minute, every tenth of which is too slow.
      const quiet = Array.from({ length: 23 * 60 }, (_, index) => check(start + index * MINUTE_MS, 'up', 20));
      const busy = Array.from({ length: 60_000 }, (_, index) =>
        check(start + 23 * HOUR_MS + index * 60, 'up', index % 10 === 0 ? 1_500 : 20),
      );
      for (const part of portions([...quiet, ...busy])) await checked(part);

      const { reached, burn, kind } = await now();

      assert.equal(kind, 'checks');
      assert.equal(reached, 1 - 6_000 / 61_380);
      assert.equal((100 * 6_000) / 61_380 > 9.77, true);
      // The day's window holds all of it; the hour's a tenth.
      assert.equal(burn.find(({ longMs }) => longMs === DAY_MS)?.longRate, Number((6_000 / 61_380 / 0.05).toFixed(12)));
      assert.equal(burn.find(({ longMs }) => longMs === HOUR_MS)?.longRate, 2);
    });

    test('a quiet spell forgets nothing', async (t) => {
      const { clock, goes, checked, now } = await promised(t, open, { p95: '1s', over: '7d' });
      const start = clock.now() - 7 * DAY_MS;
      await goes('up', start);
      await checked(Array.from({ length: 100 }, (_, index) => check(start + index * MINUTE_MS, 'up', 1_500)));

      const { reached, burn } = await now();

      assert.equal(reached, 0);
      assert.equal(burn[0]?.longRate, null, 'the last hour says nothing');
    });

    test('too few checks tell no speed, and one failed check never burns', async (t) => {
      const written = { availability: '99.9%', counted: 'checks', min_checks: 20 };
      const { clock, goes, checked, now, objectives, told: events } = await promised(t, open, written);
      const ago = (minutes: number) => clock.now() - minutes * MINUTE_MS;
      await goes('up', ago(300));
      await checked([check(ago(1), 'down', null)]);
      await checked(Array.from({ length: 10 }, (_, index) => check(ago(2 + index), 'up', 5)));
      await objectives.look();

      assert.equal((await now()).burn[0]?.longRate, null);
      await checked(Array.from({ length: 20 }, (_, index) => check(ago(20 + index), 'up', 5)));
      await objectives.look();
      assert.ok(((await now()).burn[0]?.longRate ?? 0) > 14.4);
      assert.deepEqual(await events(), []);
      await checked([check(ago(1) + 1, 'down', null)]);
      await objectives.look();
      assert.deepEqual(
        (await events()).map(({ name }) => name),
        ['objective.burning'],
      );
    });

    test('checks during announced work count as the promise says, whenever they are read', async (t) => {
      const written = { availability: '99%', counted: 'checks', over: '28d' };
      const { clock, goes, checked, now } = await promised(t, open, written);
      const start = clock.now() - 10 * DAY_MS;
      await goes('up', start);
      await goes('maintenance', start + DAY_MS);
      await goes('up', start + DAY_MS + HOUR_MS);
      const hourly = Array.from({ length: 240 }, (_, hour) => check(start + hour * HOUR_MS, 'up', 5));
      await checked(hourly);
      await checked([check(start + DAY_MS + 1, 'down', null), check(start + 2 * DAY_MS + 1, 'down', null)]);

      const first = await now();
      assert.equal(first.reached, 1 - 1 / 240);
      assert.equal(
        first.budgetLeftChecks,
        Math.floor((240 * 28 * 0.01) / 10 - 1),
        'as if the checks went on like that',
      );
      assert.deepEqual({ ...(await now()), goneAt: 0 }, { ...first, goneAt: 0 }, 'days that are over are remembered');
    });

    test('two processes that look at the same moment tell each change once', async (t) => {
      const { clock, goes, checked, objectives, another, told: events } = await promised(t, open, THREE_NINES);
      const second = another();
      await goes('up', clock.now() - HOUR_MS);
      await goes('down', clock.now() - 10 * MINUTE_MS);
      await checked([check(clock.now() - SECOND_MS, 'down', null)]);

      await Promise.all([objectives.look(), second.look(), objectives.look(), second.look()]);
      assert.deepEqual(
        (await events()).map(({ name }) => name),
        ['objective.burning'],
      );
      await goes('up', clock.now());
      for (let minute = 0; minute < 12; minute += 1) {
        await clock.advance(MINUTE_MS);
        await checked([check(clock.now(), 'up', 5)]);
        await Promise.all([objectives.look(), second.look()]);
      }
      assert.deepEqual(
        (await events()).map(({ name }) => name),
        ['objective.burning', 'objective.calmed'],
      );
    });

    test('a process that dies before the end of a transaction has told nothing, and the next one tells it once', async (t) => {
      const { db, clock, goes, checked, told: events } = await promised(t, open, THREE_NINES);
      await goes('up', clock.now() - HOUR_MS);
      await goes('down', clock.now() - 10 * MINUTE_MS);
      await checked([check(clock.now() - SECOND_MS, 'down', null)]);
      const dying: Database = {
        ...db,
        tx: (work) =>
          db.tx(async (tx) => {
            await work(tx);
            throw new Error('It died.');
          }),
      };

      await assert.rejects(keeping(dying, clock, THREE_NINES).look(), /It died/);
      assert.deepEqual(await events(), []);
      await keeping(db, clock, THREE_NINES).look();
      await keeping(db, clock, THREE_NINES).look();

      assert.deepEqual(
        (await events()).map(({ name }) => name),
        ['objective.burning'],
      );
    });

    test('days that are over are counted once, and windows are what they are when counted at once', async (t) => {
      const { db, clock, checked } = await promised(t, open, { p95: '1s' });
      const start = clock.now() - 4 * DAY_MS;
      const slow = (index: number) => (index % 7 === 0 ? 1_200 : 10);
      await checked(Array.from({ length: 960 }, (_, index) => check(start + index * 6 * MINUTE_MS, 'up', slow(index))));
      const objective = oneOf({ p95: '1s' });
      const [record] = await monitorStore.list(db, ENVIRONMENT);
      assert.ok(record);
      const tallies = createCheckTallies(db);

      for (const [fromHours, toHours] of [
        [0, 96],
        [1, 95],
        [30, 31],
        [0, 24],
        [13, 61],
        [0, 96],
        [95, 96],
      ] as const) {
        const window = { from: start + fromHours * HOUR_MS, to: start + toHours * HOUR_MS };
        const { good, total } = await goodWithin(db, record.id, window, 1_000);
        assert.deepEqual(await tallies.read(objective, record.id, window, clock.now()), { good, bad: total - good });
      }
    });

    test('a process that comes back knows what was told', async (t) => {
      const { clock, goes, checked, objectives, another, told: events } = await promised(t, open, THREE_NINES);
      await goes('up', clock.now() - 30 * DAY_MS);
      await goes('down', clock.now() - HOUR_MS);
      await checked([check(clock.now() - SECOND_MS, 'down', null)]);
      await objectives.look();
      const names = (await events()).map(({ name }) => name);

      await another().look();

      assert.deepEqual(names, ['objective.burning', 'objective.budget-spent']);
      assert.deepEqual(
        (await events()).map(({ name }) => name),
        names,
      );
    });

    test('a renamed monitor keeps what was told and what is left', async (t) => {
      const { db, clock, goes, checked, objectives, now } = await promised(t, open, THREE_NINES);
      await goes('up', clock.now() - 30 * DAY_MS);
      await goes('down', clock.now() - HOUR_MS);
      await checked([check(clock.now() - SECOND_MS, 'down', null)]);
      await objectives.look();
      const before = await now();

      const renamed = service('web', { was: ['api'] });
      await registered(db, clock, [renamed]);
      const watched = { ...promisesOf(THREE_NINES).objectives[0], monitor: 'web', name: 'web availability' };
      const after = keeping(db, clock, THREE_NINES);
      after.apply([{ ...oneOf(THREE_NINES), ...watched }]);
      await after.look();

      const [now2] = await after.facts.objectives();
      assert.deepEqual([now2?.name, now2?.reached, now2?.isSpent], ['web availability', before.reached, true]);
      assert.deepEqual(
        (await told(db)).map(({ payload }) => payload.objective),
        ['api availability', 'api availability'],
      );
    });

    test('a promise that is taken back while it burns is told to be over', async (t) => {
      const { clock, goes, checked, objectives, told: events } = await promised(t, open, THREE_NINES);
      await goes('up', clock.now() - 30 * DAY_MS);
      await goes('down', clock.now() - HOUR_MS);
      await checked([check(clock.now() - SECOND_MS, 'down', null)]);
      await objectives.look();
      objectives.apply([]);

      await objectives.look();
      await objectives.look();

      assert.deepEqual(
        (await events()).slice(2).map(({ name }) => name),
        ['objective.calmed', 'objective.budget-restored'],
      );
    });

    test('when nobody checks any more, time goes on as unknown, not as working', async (t) => {
      const { clock, goes, checked, now } = await promised(t, open, { ...THREE_NINES, over: '7d' });
      await goes('up', clock.now() - 2 * DAY_MS);
      await checked([check(clock.now() - DAY_MS, 'up', 5)]);

      assert.equal(Math.round(((await now()).coverage * 7 * DAY_MS) / HOUR_MS), 24);
    });
  });
}

function oneOf(written: Readonly<Record<string, unknown>>) {
  const [objective] = promisesOf(written).objectives;
  assert.ok(objective);
  return objective;
}

function check(at: number, outcome: ResultRecord['outcome'], latencyMs: number | null): ResultRecord {
  return { at, outcome, latencyMs, reason: null };
}

function portions(all: readonly ResultRecord[]): readonly (readonly ResultRecord[])[] {
  return Array.from({ length: Math.ceil(all.length / 5_000) }, (_, index) =>
    all.slice(index * 5_000, (index + 1) * 5_000),
  );
}
