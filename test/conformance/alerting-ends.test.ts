import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createAlerting } from '../../src/alerting/index.ts';
import type { OutboundMessage } from '../../src/contracts/outbound.ts';
import { STATES } from '../../src/contracts/state.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { alerted, emits, goes, STARTED_AT, settings, stateChange } from '../support/alerted.ts';
import { ENGINES } from '../support/databases.ts';
import { silentLog } from '../support/silent-log.ts';

const MONITORS = ['web', 'api', 'db', 'checkout'] as const;
const APPLIED = { app: 'shop', digest: '', services: 1, monitors: 1, at: STARTED_AT + 60_000 };

for (const { engine, open } of ENGINES) {
  describe(`the end of alerts on ${engine}`, () => {
    test('what is taken out of the manifest while it fails ends its alert, and nothing else', async (t) => {
      const { alerting, happens, sent } = await alerted(t, open);
      await happens(goes('api', 'down'), goes('web', 'down', { cause: 'api' }), goes('db', 'down'));

      alerting.apply(
        settings({
          monitors: [
            { name: 'web', was: [] },
            { name: 'db', was: [] },
          ],
        }),
      );
      await happens(goes('api', 'unknown'), emits('manifest.applied', APPLIED));
      assert.equal((await sent()).length, 2, 'web fails still');
      alerting.apply(settings({ monitors: [{ name: 'db', was: [] }] }));
      await happens(goes('web', 'unknown'), emits('manifest.applied', APPLIED));

      assert.deepEqual(
        (await alerting.facts.alerts(10)).map(({ cause, state }) => `${cause} ${state}`),
        ['db open', 'api resolved'],
      );
      assert.deepEqual(
        (await sent()).slice(2).map(({ notice }) => notice.title),
        ['web is no longer watched'],
      );
    });

    test('a monitor that is renamed while it fails goes on failing, and its recovery ends the alert', async (t) => {
      const { alerting, happens, sent } = await alerted(t, open);
      await happens(goes('api', 'degraded'));

      alerting.apply(
        settings({
          monitors: [
            { name: 'backend', was: ['api'] },
            { name: 'web', was: [] },
          ],
        }),
      );
      await happens(emits('manifest.applied', APPLIED));
      await happens(goes('backend', 'down'), goes('web', 'down', { cause: 'backend' }));
      const alerts = await alerting.facts.alerts(10);
      assert.deepEqual(
        alerts.map(({ state, affected }) => [state, affected]),
        [['open', ['api', 'web']]],
      );
      await happens(goes('web', 'up'), goes('backend', 'up', { after: 60 }));

      assert.deepEqual(
        (await sent()).map(({ notice }) => notice.type),
        ['alert.opened', 'alert.worse', 'alert.resolved'],
      );
    });

    test('two monitors that became one while both failed recover together', async (t) => {
      const { alerting, happens } = await alerted(t, open);
      await happens(goes('api', 'down'), goes('web', 'down', { after: 1 }));

      alerting.apply(settings({ monitors: [{ name: 'web', was: ['api'] }] }));
      await happens(goes('api', 'unknown'), emits('manifest.applied', APPLIED));
      await happens(goes('web', 'up', { after: 60 }));

      assert.deepEqual(
        (await alerting.facts.alerts(10)).map(({ state }) => state),
        ['resolved', 'resolved'],
      );
    });

    test('the same failure after the end of its alert is a new alert', async (t) => {
      const { alerting, happens } = await alerted(t, open);

      await happens(goes('api', 'down'), goes('api', 'up', { after: 1 }), goes('api', 'down', { after: 2 }));

      assert.deepEqual(
        (await alerting.facts.alerts(10)).map(({ state }) => state),
        ['open', 'resolved'],
      );
    });

    test('open alerts are named first, then the others, newest first', async (t) => {
      const { alerting, happens } = await alerted(t, open);
      await happens(goes('api', 'down'), goes('web', 'down', { after: 1 }), goes('db', 'down', { after: 2 }));
      await happens(goes('checkout', 'down', { after: 3 }), goes('web', 'up', { after: 4 }));
      await happens(goes('checkout', 'up', { after: 5 }));

      assert.deepEqual(
        (await alerting.facts.alerts(3)).map(({ cause }) => cause),
        ['db', 'api', 'checkout'],
      );
    });

    test('forgets what was resolved long ago, and nothing that is open', async (t) => {
      const { alerting, happens } = await alerted(t, open);
      await happens(goes('api', 'down'), goes('web', 'down'), goes('db', 'down'));
      await happens(goes('web', 'up', { after: 10 }), goes('db', 'up', { after: 20 }));

      assert.equal(await alerting.prune(STARTED_AT + 20_000), 1);

      assert.deepEqual(
        (await alerting.facts.alerts(10)).map(({ cause }) => cause),
        ['api', 'db'],
      );
    });

    test('whatever happened, all is told and resolved in the end [ALR-01/R]', async (t) => {
      const db = await open(t);
      const anyChange = fc.record({
        monitor: fc.constantFrom(...MONITORS),
        to: fc.constantFrom(...STATES),
        cause: fc.option(fc.constantFrom(...MONITORS), { nil: undefined }),
      });
      const anyRoute = fc.record({
        channels: fc.constantFrom([], ['dev'], ['dev', 'ops']),
        people: fc.constant(['ada']),
        firstLevel: fc.constantFrom(null, ['ada'], ['ops', 'ada']),
      });
      let runs = 0;

      await fc.assert(
        fc.asyncProperty(fc.array(anyChange, { maxLength: 20 }), anyRoute, async (changes, route) => {
          runs += 1;
          const environment = `run-${runs}`;
          const messages: OutboundMessage[] = [];
          const alerting = createAlerting({
            db,
            ids: createSystemIds(systemClock),
            log: silentLog,
            environment,
            links: { statusPage: () => 'https://status.shop.example/' },
            outbound: { enqueue: async (_tx, message) => messages.push(message) > 0 },
          });
          alerting.apply(settings({ route }));
          const end = MONITORS.map((monitor) => ({ monitor, to: 'up', cause: undefined }) as const);

          await db.quiet('test', async (tx) => {
            for (const [after, { monitor, to, cause = monitor }] of [...changes, ...end].entries()) {
              const payload = stateChange(monitor, to, { after, cause, environment });
              const before = messages.length;
              await alerting.consumer.handle({ position: '0/1', name: 'monitor.state-changed', payload }, tx);
              const news = messages.slice(before).map(({ notice }) => notice.phase);
              assert.ok(to === 'up' ? !news.includes('opened') : !news.includes('resolved'));
            }
          });

          const alerts = await alerting.facts.alerts(1_000);
          assert.ok(alerts.every(({ state }) => state === 'resolved'));
          assert.equal(new Set(messages.map(({ key }) => key)).size, messages.length, 'a key was used twice');
          for (const { id, severity, toldTo } of alerts) {
            const told = messages.filter(({ thread }) => thread === id);
            assert.deepEqual([...new Set(told.map(({ channel }) => channel))].toSorted(), toldTo);
            for (const each of toldTo) expectOneStory(told.filter(({ channel }) => channel === each));
            if (severity === 'critical' && route.channels.length > 0) assert.ok(toldTo.includes('dev'));
          }
        }),
        { numRuns: engine === 'SQLite' ? 100 : 25 },
      );
    });
  });
}

/** One beginning, perhaps worse, one end, which comes in the lane of the beginning. */
function expectOneStory(messages: readonly OutboundMessage[]): void {
  assert.match(messages.map(({ notice }) => notice.phase).join(' '), /^(?:opened )+resolved$/);
  assert.equal(messages.at(-1)?.lane, messages[0]?.lane);
  assert.equal(messages.filter(({ notice }) => notice.type === 'alert.opened').length <= 1, true);
  const later = messages.slice(1, -1);
  assert.ok(later.every(({ notice, lane }) => notice.type === 'alert.worse' && lane === 'page'));
}
