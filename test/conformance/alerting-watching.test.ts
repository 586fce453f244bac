import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CANARY } from '../../src/contracts/canary.ts';
import type { EventPayload } from '../../src/contracts/events.ts';
import { MINUTE_MS } from '../../src/kernel/clock.ts';
import { alerted, emits, goes, STARTED_AT, settings, shown } from '../support/alerted.ts';
import { ENGINES } from '../support/databases.ts';

const at = STARTED_AT;
const later = STARTED_AT + 5 * MINUTE_MS;
const environment = 'live';
const toDev = { settings: settings({ route: { channels: ['dev'], people: [], firstLevel: null } }) };

const lost = (changes: Partial<EventPayload<'coverage.lost'>> = {}) =>
  emits('coverage.lost', {
    environment,
    what: 'monitors',
    reason: '2 of 4 monitors have no fresh result: nobody knows how they are.',
    monitors: ['api', 'db'],
    at,
    noticedAt: at + MINUTE_MS,
    ...changes,
  });
const restored = (what = 'monitors') => emits('coverage.restored', { environment, what, at: later });

const ABOUT = { environment, rule: 'disk-space', monitor: 'db', reading: 'disk:/var' };
const crossed = (changes: Partial<EventPayload<'threshold.crossed'>> = {}) =>
  emits('threshold.crossed', {
    ...ABOUT,
    level: 'warning',
    reason: 'Disk /var is at 82%, above 80%.',
    value: '82%',
    runbook: 'disk-space',
    at,
    confirmedAt: at + MINUTE_MS,
    ...changes,
  });
const cleared = (changes: Partial<EventPayload<'threshold.cleared'>> = {}) =>
  emits('threshold.cleared', { ...ABOUT, at: later, ...changes });

const burning = (severity: 'warning' | 'critical', burnRate: number) =>
  emits('objective.burning', {
    environment,
    objective: 'api availability',
    severity,
    burnRate,
    reason: 'Within an hour 2% of the budget of 30 days was spent.',
    budgetLeft: 0.4,
    at,
  });

for (const { engine, open } of ENGINES) {
  describe(`alerts about watching on ${engine}`, () => {
    test('monitors that nobody checks are one page, told once and ended once', async (t) => {
      const { alerting, happens, sent } = await alerted(t, open, toDev);

      await happens(lost(), lost({ monitors: ['api', 'db', 'web'], reason: '3 of 4 monitors have no fresh result.' }));
      const [alert] = await alerting.facts.alerts(10);
      assert.deepEqual(
        [alert?.title, alert?.cause, alert?.reason],
        ['3 monitors are not being checked', 'coverage of monitors', '3 of 4 monitors have no fresh result.'],
      );
      await happens(restored());

      assert.deepEqual((await sent()).map(shown), [
        'dev hears 2 monitors are not being checked (page)',
        'dev hears The coverage of monitors is whole again after 5 min (page)',
      ]);
    });

    test('the canary, the connection and a location have alerts of their own', async (t) => {
      const { happens, sent } = await alerted(t, open, toDev);

      for (const what of ['canary', 'connection', 'location fra', 'monitors']) {
        await happens(lost({ what, monitors: what === 'monitors' ? ['api'] : [] }));
      }

      assert.deepEqual((await sent()).map(shown), [
        'dev hears Failures may go unnoticed (page)',
        'dev hears Evenkeel has no connection (page)',
        'dev hears Nothing is heard of location fra (page)',
        'dev hears api is not being checked (page)',
      ]);
    });

    test('that the canary fails is no alert: it must', async (t) => {
      const { happens, sent } = await alerted(t, open, toDev);

      await happens(goes(CANARY, 'down'));

      assert.deepEqual(await sent(), []);
    });

    test('a threshold says what was measured where, and which runbook helps', async (t) => {
      const { happens, sent } = await alerted(t, open, toDev);

      await happens(crossed(), crossed({ level: 'critical', value: '91%', reason: 'Disk /var is at 91%, above 90%.' }));
      await happens(cleared());

      const messages = await sent();
      assert.deepEqual(messages.map(shown), [
        'dev hears db: disk /var 82% (alert)',
        'dev hears db: disk /var 91% (page)',
        'dev hears disk-space of db is within its limit again after 5 min (alert)',
      ]);
      const [first, worse] = messages;
      assert.deepEqual(first?.notice.text, ['Disk /var is at 82%, above 80%.']);
      assert.deepEqual(first.notice.facts.at(-1), { label: 'Runbook', value: 'disk-space' });
      assert.equal(first.notice.data['runbook'], 'disk-space');
      assert.equal(worse?.notice.text[0], 'It got worse: before, it was a warning.');
    });

    test('two full disks of one host are one alert, which ends when both are well', async (t) => {
      const { alerting, happens, sent } = await alerted(t, open, toDev);

      await happens(crossed(), crossed({ reading: 'disk:/', value: '85%' }), cleared());
      assert.equal((await alerting.facts.alerts(1))[0]?.state, 'open');
      await happens(cleared({ reading: 'disk:/' }));

      assert.equal((await sent()).length, 2);
      assert.deepEqual((await alerting.facts.alerts(1))[0]?.affected, ['disk / of db', 'disk /var of db']);
    });

    test('what is not measured any more is not called well', async (t) => {
      const { happens, sent } = await alerted(t, open, toDev);

      await happens(crossed(), cleared({ gone: 'It is not measured any more.' }));

      const last = (await sent()).at(-1)?.notice;
      assert.equal(last?.title, 'disk /var of db is no longer watched');
      assert.equal(last.text[0], 'It is not measured any more.');
    });

    test('a threshold follows its monitor through a rename, and ends when that is gone', async (t) => {
      const { alerting, happens, sent } = await alerted(t, open, toDev);
      const applied = emits('manifest.applied', { app: 'shop', digest: 'd', services: 1, monitors: 1, at: later });
      await happens(crossed());

      alerting.apply({ ...toDev.settings, monitors: [{ name: 'store', was: ['db'] }] });
      await happens(applied, crossed({ monitor: 'store' }));
      assert.equal((await sent()).length, 1);
      alerting.apply({ ...toDev.settings, monitors: [] });
      await happens(applied);

      assert.equal((await sent()).at(-1)?.notice.title, 'disk /var of db is no longer watched');
    });

    test('an objective is one alert, however it is in danger, and it gets worse only once', async (t) => {
      const { happens, sent } = await alerted(t, open, toDev);
      const budget = { environment, objective: 'api availability', budgetLeft: 0 };

      await happens(burning('warning', 3), burning('critical', 14.42), burning('critical', 15));
      await happens(emits('objective.budget-spent', { ...budget, releases: 'blocked', at }));
      await happens(emits('objective.calmed', { ...budget, at: later }));
      assert.equal((await sent()).length, 2);
      await happens(emits('objective.budget-restored', { ...budget, at: later }));

      assert.deepEqual((await sent()).map(shown), [
        'dev hears api availability: the error budget is being spent 3 times too fast (alert)',
        'dev hears api availability: the error budget is being spent 14.4 times too fast (page)',
        'dev hears The objective api availability is out of danger after 5 min (alert)',
      ]);
    });

    test('announced work opens no alert and ends none', async (t) => {
      const { alerting, happens, sent } = await alerted(t, open, toDev);

      await happens(goes('web', 'maintenance'), goes('api', 'down'), goes('api', 'maintenance', { after: 1 }));

      assert.deepEqual((await sent()).map(shown), ['dev hears api is down (page)']);
      assert.equal((await alerting.facts.alerts(1))[0]?.state, 'open');
    });

    test('the title says how many one failure takes along, as long as it does', async (t) => {
      const { alerting, happens, sent } = await alerted(t, open, toDev);
      const title = async () => (await alerting.facts.alerts(1))[0]?.title;

      await happens(goes('db', 'down'), goes('api', 'down', { cause: 'db' }));
      assert.equal(await title(), 'db is down');
      await happens(goes('web', 'down', { cause: 'db' }), goes('checkout', 'down', { cause: 'db' }));
      assert.equal(await title(), '3 services are down because db is');
      await happens(goes('web', 'up'), goes('checkout', 'up'));

      assert.equal(await title(), 'db is down');
      assert.equal((await sent()).length, 1);
    });
  });
}
