import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import type { EventConsumer } from '../../src/contracts/events.ts';
import { MINUTE_MS } from '../../src/kernel/clock.ts';
import { alerted, emits, goes, STARTED_AT, settings, shown, stateChange } from '../support/alerted.ts';
import { ENGINES } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';

const DEV_ONLY = settings({ route: { channels: ['dev'], people: [], firstLevel: null } });

for (const { engine, open } of ENGINES) {
  describe(`alerting on ${engine}`, () => {
    test('a monitor that goes down is told at once, and its recovery to the same channels in one thread [ALR-01/R]', async (t) => {
      const route = { channels: ['ops', 'dev'], people: ['ada'], firstLevel: ['ada', 'ops'] };
      const { alerting, happens, sent, events } = await alerted(t, open, { settings: settings({ route }) });

      await happens(goes('api', 'down'));
      assert.deepEqual((await sent()).map(shown), [
        'person:ada hears api is down (page)',
        'ops hears api is down (page)',
        'dev hears api is down (page)',
      ]);
      const { startedAt, confirmedAt } = (await sent())[0]?.notice.data ?? {};
      assert.deepEqual([startedAt, confirmedAt], ['2026-11-21T10:00:00.000Z', '2026-11-21T10:00:10.000Z']);
      // Whoever heard of the beginning hears of the end, wherever alerts go by now.
      alerting.apply(settings({ route: { channels: ['new'], people: [], firstLevel: null } }));
      await happens(goes('api', 'up', { after: 370 }));

      const [alert] = await alerting.facts.alerts(10);
      assert.ok(alert);
      assert.deepEqual((await sent()).slice(3).map(shown).toSorted(), [
        'dev hears api is back after 6 min 10 s (page)',
        'ops hears api is back after 6 min 10 s (page)',
        'person:ada hears api is back after 6 min 10 s (page)',
      ]);
      assert.deepEqual([...new Set((await sent()).map(({ thread }) => thread))], [alert.id]);
      assert.match(alert.id, /^alr_/);
      assert.deepEqual(alert, {
        id: alert.id,
        title: 'api is down',
        severity: 'critical',
        state: 'resolved',
        cause: 'api',
        affected: ['api'],
        reason: 'The connection to api was refused.',
        openedAt: STARTED_AT,
        resolvedAt: STARTED_AT + 370_000,
        toldTo: ['dev', 'ops', 'person:ada'],
      });
      const same = { environment: 'live', alert: alert.id };
      assert.deepEqual(await events('alert.opened'), [
        { ...same, title: 'api is down', severity: 'critical', cause: 'api', at: STARTED_AT },
      ]);
      assert.deepEqual(await events('alert.resolved'), [
        { ...same, title: 'api is back after 6 min 10 s', at: STARTED_AT + 370_000 },
      ]);
    });

    test('the same monitor failing twice is one signal and one message', async (t) => {
      const { alerting, happens, sent } = await alerted(t, open, { settings: DEV_ONLY });

      await happens(goes('api', 'down'), goes('api', 'down', { after: 60 }));

      assert.equal((await sent()).length, 1);
      assert.equal((await alerting.facts.alerts(10)).length, 1);
    });

    test('not knowing is no failure, and no recovery', async (t) => {
      const { alerting, happens, sent } = await alerted(t, open, { settings: DEV_ONLY });

      await happens(goes('web', 'unknown'), goes('web', 'maintenance'));
      assert.deepEqual(await sent(), []);
      await happens(goes('api', 'down'), goes('api', 'unknown'), goes('api', 'maintenance'), goes('api', 'down'));

      assert.equal((await sent()).length, 1);
      assert.equal((await alerting.facts.alerts(10))[0]?.state, 'open');
    });

    test('everything that fails because of one cause is one alert, which ends when the last of it is well', async (t) => {
      const { alerting, happens, sent } = await alerted(t, open, { settings: DEV_ONLY });

      await happens(goes('web', 'down', { cause: 'api', after: 2 }));
      const [first] = await alerting.facts.alerts(10);
      assert.equal(first?.title, 'api is down');
      assert.equal(first.reason, 'It shows in web, which depends on it: The connection to web was refused.');
      await happens(goes('checkout', 'degraded', { cause: 'api', after: 3 }), goes('api', 'down'));
      await happens(goes('api', 'up', { after: 60 }), goes('web', 'up', { after: 61 }));
      assert.equal((await sent()).length, 1, 'checkout does not work yet');
      await happens(goes('checkout', 'up', { after: 65 }));

      const [alert, ...more] = await alerting.facts.alerts(10);
      assert.deepEqual(more, []);
      assert.deepEqual(alert?.affected, ['api', 'web', 'checkout']);
      assert.equal(alert.reason, 'The connection to api was refused.', 'the cause knows best');
      const [, resolved] = await sent();
      assert.equal(resolved?.notice.title, 'api is back after 1 min 3 s');
      assert.ok(resolved.notice.text.includes('It also affected: web, checkout.'));
    });

    test('two causes are two alerts', async (t) => {
      const { happens, sent } = await alerted(t, open, { settings: DEV_ONLY });

      await happens(goes('api', 'down'), goes('db', 'down'));

      assert.deepEqual((await sent()).map(shown), ['dev hears api is down (page)', 'dev hears db is down (page)']);
    });

    test('a warning that becomes critical is told again, to `dev` as well, and ends in everybody’s own lane [ALR-08/R]', async (t) => {
      const route = { channels: ['dev'], people: ['ada'], firstLevel: ['ada'] };
      const { happens, sent } = await alerted(t, open, { settings: settings({ route }) });

      await happens(goes('api', 'degraded'), goes('api', 'down', { after: 60 }), goes('api', 'up', { after: 90 }));

      assert.deepEqual((await sent()).map(shown), [
        'person:ada hears api is slow or partly failing (alert)',
        'person:ada hears api is down (page)',
        'dev hears api is down (page)',
        'dev hears api is back after 1 min 30 s (page)',
        'person:ada hears api is back after 1 min 30 s (alert)',
      ]);
    });

    test('what gets a little better is not told, what gets worse after that is', async (t) => {
      const { alerting, happens, sent } = await alerted(t, open, { settings: DEV_ONLY });

      await happens(goes('api', 'down'), goes('api', 'degraded'), goes('api', 'degraded'));
      assert.equal((await sent()).length, 1);
      await happens(goes('api', 'down', { after: 30 }));

      assert.deepEqual((await sent()).map(shown), ['dev hears api is down (page)', 'dev hears api is down (page)']);
      assert.equal((await alerting.facts.alerts(10)).length, 1);
    });

    test('what is left when its cause is well again goes by its own name', async (t) => {
      const { happens, sent } = await alerted(t, open, { settings: DEV_ONLY });

      await happens(goes('api', 'down'), goes('web', 'degraded', { cause: 'api' }), goes('api', 'up', { after: 20 }));
      await happens(goes('web', 'down', { after: 30 }));

      assert.deepEqual((await sent()).map(shown), ['dev hears api is down (page)', 'dev hears web is down (page)']);
    });

    test('a monitor whose failure gets another cause leaves no alert behind', async (t) => {
      const { alerting, happens, sent } = await alerted(t, open, { settings: DEV_ONLY });

      await happens(goes('web', 'degraded'), goes('web', 'down', { cause: 'db' }), goes('db', 'down'));
      await happens(goes('web', 'up', { after: 9 }), goes('db', 'up', { after: 9 }));

      assert.deepEqual((await alerting.facts.alerts(10)).map(({ cause, state }) => `${cause} ${state}`).toSorted(), [
        'db resolved',
        'web resolved',
      ]);
      assert.equal((await sent()).filter(({ notice }) => notice.phase === 'resolved').length, 2);
    });

    test('a backup that fails is a warning until one was taken, a restore until one was proven', async (t) => {
      const { alerting, happens, sent } = await alerted(t, open, { settings: DEV_ONLY });
      const of = { environment: 'live', service: 'db', at: STARTED_AT };
      const failed = { ...of, code: 'DISK_FULL', reason: 'The disk is full.' };
      const taken = { ...of, backup: 'b1', bytes: 1, at: STARTED_AT + 3_600_000 };

      await happens(emits('backup.failed', { ...failed, step: 'backup' }));
      await happens(emits('backup.failed', { ...failed, step: 'proof' }));
      await happens(emits('backup.taken', taken));
      assert.deepEqual((await sent()).map(shown), ['dev hears The backup of db failed (alert)']);
      const [alert] = await alerting.facts.alerts(10);
      assert.deepEqual([alert?.cause, alert?.affected], ['backup of db', ['backup of db', 'restore of db']]);
      await happens(emits('backup.proven', { ...of, backup: 'b1', tookMs: 1, at: taken.at }));

      assert.equal((await sent())[1]?.notice.title, 'The backup of db works again after 1 h');
    });

    test('with nobody to tell the alert is kept, and the log says so once', async (t) => {
      const route = { channels: [], people: [], firstLevel: null };
      const { alerting, log, happens, sent } = await alerted(t, open, { settings: settings({ route }) });

      await happens(goes('api', 'degraded'), goes('api', 'down'), goes('web', 'down', { cause: 'api' }));
      await happens(goes('api', 'up'), goes('web', 'up'));

      assert.deepEqual(await sent(), []);
      const [alert] = await alerting.facts.alerts(10);
      assert.deepEqual([alert?.state, alert?.toldTo], ['resolved', []]);
      assert.equal(log.lines.filter(({ level }) => level === 'warn').length, 1);
    });

    test('an environment that is not ours is not our business', async (t) => {
      const { alerting, happens } = await alerted(t, open);

      await happens(goes('api', 'down', { environment: 'sandbox' }));

      assert.deepEqual(await alerting.facts.alerts(10), []);
    });

    test('two environments in one database take nothing away from each other', async (t) => {
      const { db, alerting, happens } = await alerted(t, open);
      const sandbox = await alerted(t, async () => db, { settings: settings(), environment: 'sandbox' });
      const alerts = async () => {
        const all = [...(await alerting.facts.alerts(10)), ...(await sandbox.alerting.facts.alerts(10))];
        return all.map(({ cause, state }) => `${cause} ${state}`);
      };
      const hear = async (...what: readonly ReturnType<typeof goes>[]) => {
        await happens(...what);
        await sandbox.happens();
      };

      await hear(async (tx) => {
        await goes('api', 'down', { environment: 'live' })(tx);
        await goes('api', 'down', { environment: 'sandbox' })(tx);
      });
      assert.deepEqual(await alerts(), ['api open', 'api open']);

      sandbox.alerting.apply(settings({ monitors: [] }));
      await hear(emits('manifest.applied', { app: 'shop', digest: '', services: 1, monitors: 0, at: STARTED_AT }));
      assert.deepEqual(await alerts(), ['api open', 'api resolved']);

      await hear(goes('api', 'up', { environment: 'live' }));
      assert.equal(await sandbox.alerting.prune(Number.MAX_SAFE_INTEGER), 1);
      assert.deepEqual(await alerts(), ['api resolved']);
    });

    test('on the day it is installed, what failed long before is history', async (t) => {
      const db = await open(t);
      await db.tx(goes('api', 'down'));
      await db.quiet('test', (tx) => sql`update outbox set at = at - ${20 * MINUTE_MS}`.execute(tx.of()));
      await db.tx(goes('web', 'down'));
      const { alerting, happens } = await alerted(t, async () => db);

      await happens();

      assert.deepEqual(
        (await alerting.facts.alerts(10)).map(({ cause }) => cause),
        ['web'],
      );
    });

    test('a crash after any of its writes repeats all of them, and says everything once', async (t) => {
      let crashes = 0;
      const crashing = (inner: EventConsumer): EventConsumer => {
        const crashed = new Set<string>();
        return {
          name: inner.name,
          async handle(event, tx) {
            await inner.handle(event, tx);
            if (event.name !== 'monitor.state-changed' || crashed.has(event.position)) return;
            crashed.add(event.position);
            crashes += 1;
            throw new Error('power cut');
          },
        };
      };
      const { alerting, happens, sent, events } = await alerted(t, open, { settings: DEV_ONLY, through: crashing });

      await happens(goes('api', 'degraded'));
      await happens(goes('api', 'down'));
      await happens(goes('api', 'up', { after: 5 }));

      assert.equal(crashes, 3);
      assert.deepEqual((await sent()).map(shown), [
        'dev hears api is slow or partly failing (alert)',
        'dev hears api is down (page)',
        'dev hears api is back after 5 s (alert)',
      ]);
      assert.equal((await alerting.facts.alerts(10)).length, 1);
      assert.equal((await events('alert.opened')).length, 1);
      assert.equal((await events('alert.resolved')).length, 1);
    });

    test('handling the same event again changes nothing', async (t) => {
      const { db, alerting, happens, sent } = await alerted(t, open, { settings: DEV_ONLY });
      await happens(goes('web', 'down', { cause: 'api' }));
      const before = await alerting.facts.alerts(10);

      const payload = stateChange('web', 'down', { cause: 'api' });
      const event = { position: '0/1', name: 'monitor.state-changed', payload } as const;
      await db.quiet('test', (tx) => alerting.consumer.handle(event, tx));

      assert.deepEqual(await alerting.facts.alerts(10), before);
      assert.equal((await sent()).length, 1);
    });

    test('an alert waits until somebody says where alerts go', async (t) => {
      const { db, log, alerting, sent } = await alerted(t, open, { settings: undefined });
      await db.tx(goes('api', 'down'));
      await eventually(() => assert.ok(log.lines.some(({ level }) => level === 'error')));
      assert.deepEqual(await alerting.facts.alerts(10), []);

      alerting.apply(DEV_ONLY);

      await eventually(async () => assert.equal((await sent()).length, 1));
    });
  });
}
