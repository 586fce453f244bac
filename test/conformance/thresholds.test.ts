import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { RecordedEvent } from '../../src/contracts/events.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts';
import { Secret } from '../../src/kernel/secret.ts';
import * as resultStore from '../../src/monitoring/history/result-store.ts';
import { HERE, type Monitor } from '../../src/monitoring/monitor.ts';
import type { CheckResult } from '../../src/monitoring/monitor-type.ts';
import { register } from '../../src/monitoring/state/registration.ts';
import { createThresholds, type Heard } from '../../src/monitoring/thresholds/keeper.ts';
import type { Rule } from '../../src/monitoring/thresholds/rule.ts';
import { PRESETS } from '../../src/monitoring/thresholds/standard.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { readOutbox, START } from '../../src/platform/sql/outbox.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { ENGINES } from '../support/databases.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { silentLog } from '../support/silent-log.ts';

const EVERY_MS = MINUTE_MS;
const UP = { state: 'up' } as const;

function monitor(name: string, changes: Partial<Monitor> = {}): Monitor {
  return {
    name,
    type: 'tcp',
    settings: { tcp: `${name}:1` },
    description: null,
    intervalMs: EVERY_MS,
    timeoutMs: 1_000,
    confirm: { down: 2, up: 1 },
    dependsOn: [],
    locations: [HERE],
    reach: 'manifest',
    was: [],
    ...changes,
  };
}

const HOST = monitor('host');

/** Thresholds at work over a real database, told of whatever a test says was measured. */
async function measured(
  db: Database,
  clock: FakeClock,
  monitors: readonly Monitor[] = [HOST],
  rules: readonly Rule[] = PRESETS.standard,
) {
  const ids = createSystemIds(clock);
  const thresholds = createThresholds({ db, clock, log: silentLog, environment: 'live' });
  const watches = new Map<string, Heard>();
  await apply(monitors, rules);
  return { thresholds, apply, hears, watches };

  async function apply(wanted: readonly Monitor[], inForce: readonly Rule[]): Promise<void> {
    const records = await db.quiet('test', (tx) => register(tx, wanted, { environment: 'live', ids, at: clock.now() }));
    for (const each of wanted) {
      const record = records.get(each.name);
      assert.ok(record);
      watches.set(each.name, { monitor: each, standing: { record, pending: [] } });
    }
    await thresholds.apply(wanted, inForce);
  }

  /** One result a minute, each stored as the engine does. */
  async function hears(name: string, ...results: readonly CheckResult[]): Promise<void> {
    for (const result of results) {
      const watch = watches.get(name);
      assert.ok(watch);
      thresholds.hear(watch, clock.now(), result);
      const stored = { at: clock.now(), outcome: result.state, latencyMs: null, reason: null };
      await db.quiet('test', (tx) => resultStore.append(tx, [resultStore.toRow(watch.standing.record.id, stored)]));
      await thresholds.settled();
      await clock.advance(EVERY_MS);
    }
  }
}

const disk = (share: number): CheckResult => ({ ...UP, readings: { 'disk:/var': share } });
const cpu = (share: number): CheckResult => ({ ...UP, readings: { cpu: share } });
const times = (count: number, result: CheckResult) => Array.from({ length: count }, () => result);

/** `crossed disk:/var warning` */
async function told(db: Database): Promise<readonly string[]> {
  const { events } = await readOutbox(db, START, 100);
  return events.flatMap((event: RecordedEvent) => {
    if (event.name === 'threshold.crossed') return [`crossed ${event.payload.reading} ${event.payload.level}`];
    if (event.name !== 'threshold.cleared') return [];
    return [`cleared ${event.payload.reading}${event.payload.gone === undefined ? '' : `: ${event.payload.gone}`}`];
  });
}

async function crossedEvent(db: Database) {
  const { events } = await readOutbox(db, START, 100);
  const found = events.find(
    (event): event is RecordedEvent & { name: 'threshold.crossed' } => event.name === 'threshold.crossed',
  );
  return found?.payload;
}

for (const { engine, open } of ENGINES) {
  const start = async (t: TestContext) => {
    const db = await open(t);
    const clock = new FakeClock();
    const host = await measured(db, clock);
    t.after(() => host.thresholds.stop());
    return { db, clock, ...host };
  };

  describe(`thresholds on ${engine}`, () => {
    test('a disk above 80 % is told once, worse above 90 %, and once more when there is room again [ALR-16/R]', async (t) => {
      const { db, clock, hears, thresholds } = await start(t);
      const from = clock.now();
      await hears('host', disk(0.5), disk(0.81), disk(0.82), disk(0.83));

      assert.deepEqual(await crossedEvent(db), {
        environment: 'live',
        rule: 'disk-space',
        monitor: 'host',
        reading: 'disk:/var',
        level: 'warning',
        reason: 'Disk /var is at 82%, above 80%.',
        value: '82%',
        runbook: 'disk-space',
        at: from + EVERY_MS,
        confirmedAt: from + 2 * EVERY_MS,
      });
      await hears('host', disk(0.91), disk(0.92), disk(0.85));
      assert.deepEqual(
        (await thresholds.facts.crossed()).map((each) => [each.monitor, each.level, each.reason, each.runbook]),
        [['host', 'critical', 'Disk /var is at 92%, above 90%.', 'disk-space']],
      );
      await hears('host', disk(0.5), disk(0.5));

      assert.deepEqual(await told(db), [
        'crossed disk:/var warning',
        'crossed disk:/var critical',
        'cleared disk:/var',
      ]);
      assert.deepEqual(await thresholds.facts.crossed(), []);
    });

    test('a processor is told of only when it stays above 90 % for its whole time [ALR-17/R]', async (t) => {
      const { db, hears } = await start(t);
      await hears('host', ...times(10, cpu(0.95)), cpu(0.2), ...times(10, cpu(0.95)));
      assert.deepEqual(await told(db), []);

      await hears('host', ...times(6, cpu(0.95)));

      assert.deepEqual(await told(db), ['crossed cpu warning', 'crossed cpu critical']);
    });

    test('a restart forgets neither what is crossed nor since when a value has been beyond its limit', async (t) => {
      const { db, clock, hears, thresholds } = await start(t);
      await hears('host', disk(0.85), disk(0.85), ...times(6, { ...UP, readings: { cpu: 0.85, 'disk:/var': 0.85 } }));
      await thresholds.stop();

      const second = await measured(db, clock);
      t.after(() => second.thresholds.stop());
      await second.hears('host', ...times(5, { ...UP, readings: { cpu: 0.85, 'disk:/var': 0.85 } }));

      assert.deepEqual(await told(db), ['crossed disk:/var warning', 'crossed cpu warning']);
      await second.hears('host', disk(0.1));
      assert.equal((await told(db)).at(-1), 'cleared disk:/var');
    });

    test('after a longer absence the time begins anew', async (t) => {
      const { db, clock, hears, thresholds } = await start(t);
      await hears('host', ...times(8, cpu(0.85)));
      await thresholds.stop();
      await clock.advance(HOUR_MS);

      const second = await measured(db, clock);
      t.after(() => second.thresholds.stop());
      await second.hears('host', ...times(10, cpu(0.85)));
      assert.deepEqual(await told(db), []);
      await second.hears('host', cpu(0.85));

      assert.deepEqual(await told(db), ['crossed cpu warning']);
    });

    test('two processes that both see it tell of it once', async (t) => {
      const { db, clock, hears } = await start(t);
      const second = await measured(db, clock);
      t.after(() => second.thresholds.stop());
      const still = new FakeClock(new Date(clock.now()).toISOString());
      const third = await measured(db, still);
      t.after(() => third.thresholds.stop());

      await Promise.all([
        hears('host', disk(0.85), disk(0.85), disk(0.85)),
        third.hears('host', disk(0.85), disk(0.85), disk(0.85)),
      ]);
      await Promise.all([hears('host', disk(0.1), disk(0.1)), third.hears('host', disk(0.1), disk(0.1))]);

      const count = (what: string) => told(db).then((all) => all.filter((each) => each.startsWith(what)).length);
      assert.deepEqual([await count('crossed'), await count('cleared')], [1, 1]);
    });

    test('whoever takes a monitor over goes on with what the other knew', async (t) => {
      const { db, clock, hears } = await start(t);
      const second = await measured(db, clock);
      t.after(() => second.thresholds.stop());
      await hears('host', disk(0.85), disk(0.85));

      await second.thresholds.refresh();
      await second.hears('host', disk(0.85), disk(0.1));

      assert.deepEqual(await told(db), ['crossed disk:/var warning', 'cleared disk:/var']);
    });

    test('announced work and outages are told of by themselves: what is measured meanwhile is not', async (t) => {
      const { db, hears, watches } = await start(t);
      const watch = watches.get('host');
      assert.ok(watch);
      for (const state of ['maintenance', 'down'] as const) {
        watch.standing.record = { ...watch.standing.record, state };
        await hears('host', ...times(4, disk(0.99)));
      }

      assert.deepEqual(await told(db), []);
      watch.standing.record = { ...watch.standing.record, state: 'up' };
      await hears('host', disk(0.99));
      assert.deepEqual(await told(db), [], 'what was in a row before does not count');
      await hears('host', disk(0.99));
      assert.deepEqual(await told(db), ['crossed disk:/var critical']);
    });

    test('what is not measured any more is not called well', async (t) => {
      const { db, hears } = await start(t);
      await hears('host', disk(0.85), disk(0.85), ...times(60, cpu(0.1)));
      assert.deepEqual(await told(db), ['crossed disk:/var warning']);

      await hears('host', cpu(0.1), cpu(0.1));

      assert.deepEqual(await told(db), [
        'crossed disk:/var warning',
        'cleared disk:/var: It is not measured any more.',
      ]);
    });

    test('a rule that leaves the manifest ends what it was about', async (t) => {
      const { db, hears, apply } = await start(t);
      await hears('host', disk(0.85), disk(0.85));

      await apply([HOST], PRESETS.none);

      assert.deepEqual((await told(db)).at(-1), 'cleared disk:/var: No rule of the manifest is about it any more.');
    });

    test('while the database is away nothing is lost: it is told once it is back', async (t) => {
      const db = await open(t);
      let isAway = false;
      const clock = new FakeClock();
      const shaky: Database = {
        ...db,
        tx: (work) => (isAway ? Promise.reject(new Error('The database is away.')) : db.tx(work)),
      };
      const { thresholds, watches } = await measured(shaky, clock);
      t.after(() => thresholds.stop());
      const watch = watches.get('host');
      assert.ok(watch);
      isAway = true;
      for (let minute = 0; minute < 3; minute += 1) {
        thresholds.hear(watch, clock.now(), disk(0.95));
        await clock.advance(EVERY_MS);
      }
      assert.deepEqual(await told(db), []);

      isAway = false;
      await clock.advance(EVERY_MS);
      await thresholds.settled();

      assert.deepEqual(await told(db), ['crossed disk:/var critical']);
    });

    describe('of a website', () => {
      const SITE = monitor('web', {
        type: 'http',
        confirm: { down: 4, up: 1 },
        settings: { http: new Secret('https://web/', 'url') },
      });
      const answer = (latencyMs: number): CheckResult => ({ ...UP, latencyMs });
      const FAILED: CheckResult = { state: 'down', reason: 'HTTP 503' };
      const website = async (t: TestContext) => {
        const db = await open(t);
        const clock = new FakeClock();
        const web = await measured(db, clock, [SITE]);
        t.after(() => web.thresholds.stop());
        return { db, clock, ...web };
      };

      test('answers that mostly take more than a second are a warning', async (t) => {
        const { db, hears } = await website(t);
        await hears('web', ...times(20, answer(200)), answer(3_000));
        assert.deepEqual(await told(db), [], 'one slow answer is nothing');

        await hears('web', answer(3_000), answer(3_000));

        assert.deepEqual(await told(db), ['crossed p95 warning']);
      });

      test('an outage is told by the monitor alone, however many checks fail', async (t) => {
        const { db, hears, watches } = await website(t);
        const watch = watches.get('web');
        assert.ok(watch);
        await hears('web', ...times(20, answer(200)), ...times(3, FAILED));
        watch.standing.record = { ...watch.standing.record, state: 'down' };
        await hears('web', ...times(10, FAILED));
        watch.standing.record = { ...watch.standing.record, state: 'up' };
        await hears('web', ...times(40, answer(200)));

        assert.deepEqual(await told(db), []);
      });

      test('failures that come and go, and never make an outage, are told as a share of errors', async (t) => {
        const { db, hears } = await website(t);
        await hears('web', ...times(20, answer(200)));
        for (let round = 0; round < 3; round += 1) await hears('web', FAILED, ...times(4, answer(200)));

        assert.deepEqual(await told(db), ['crossed error_rate critical']);
      });
    });
  });
}
