import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { aDelivery } from '../../test/support/readiness-facts.ts';
import type { AlertNow, DeliveryNow } from '../contracts/facts.ts';
import { type RehearsalStep, rehearse } from './demo-rehearsal.ts';

/** The shop's api and a team, as the facts would tell of them a while after each turn of the switch. */
function aStage() {
  const clock = new FakeClock();
  const ending = new AbortController();
  const said: RehearsalStep[] = [];
  const faults: string[] = [];
  const alerts: AlertNow[] = [anAlert({ id: 'alr_old', openedAt: clock.now() - 60_000, state: 'resolved' })];
  const deliveries: DeliveryNow[] = [
    aDelivery({ thread: 'alr_old', knownAt: clock.now() - 50_000, deliveredAt: clock.now() - 49_000 }),
  ];
  const running = rehearse({
    clock,
    signal: ending.signal,
    alerting: { alerts: () => Promise.resolve(alerts) },
    delivery: { deliveries: () => Promise.resolve(deliveries) },
    shop: { turnSwitch: (part, fault) => Promise.resolve(void faults.push(`${part} ${fault}`)) },
    say: (step) => said.push(step),
  });
  // The test looks at it when it is over.
  running.catch(() => undefined);
  return {
    clock,
    ending,
    said,
    faults,
    running,
    tell(alert: Partial<AlertNow>, title: string, tookMs: number | null) {
      const knownAt = clock.now();
      const deliveredAt = tookMs === null ? null : knownAt + tookMs;
      alerts.unshift(anAlert({ id: 'alr_new', openedAt: knownAt, ...alert }));
      if (alerts[1]?.id === 'alr_new') alerts.splice(1, 1);
      deliveries.unshift(aDelivery({ thread: 'alr_new', title, knownAt, deliveredAt }));
    },
  };
}

function anAlert(alert: Partial<AlertNow>): AlertNow {
  return {
    id: 'alr',
    title: 'api is down',
    severity: 'critical',
    state: 'open',
    cause: 'api',
    affected: ['api', 'web'],
    reason: null,
    openedAt: 0,
    resolvedAt: null,
    toldTo: ['dev'],
    ...alert,
  };
}

test('the rehearsal breaks the api, waits until the team has heard of it, mends it, and waits for the end', async () => {
  const stage = aStage();
  await stage.clock.advance(6_000);
  assert.deepEqual(stage.faults, ['api down']);

  stage.tell({}, 'api is down', 200);
  await stage.clock.advance(200);
  assert.deepEqual(stage.faults, ['api down', 'api off']);

  stage.tell({ state: 'resolved' }, 'api is back', 40);
  await stage.clock.advance(200);
  await stage.running;

  assert.deepEqual(stage.said, [
    { step: 'broken' },
    { step: 'told', title: 'api is down', sureAfterMs: 6_000, tookMs: 200 },
    { step: 'mended' },
    { step: 'over', title: 'api is back', tookMs: 40 },
  ]);
});

test('an alert that nobody took is not called delivered, and what was broken is mended all the same', async () => {
  const stage = aStage();
  await stage.clock.advance(6_000);
  stage.tell({}, 'api is down', null);

  await stage.clock.advance(30_000);
  await stage.running;

  assert.deepEqual(stage.said, [{ step: 'broken' }, { step: 'silent' }]);
  assert.deepEqual(stage.faults, ['api down', 'api off']);
});

test('an earlier alert, or one with another cause, is not taken for the one of the rehearsal', async () => {
  const stage = aStage();
  await stage.clock.advance(6_000);
  stage.tell({ cause: 'worker' }, 'worker is down', 200);

  await stage.clock.advance(1_000);

  assert.deepEqual(stage.said, [{ step: 'broken' }]);
  stage.ending.abort();
});

test('whoever ends the rehearsal half-way finds nothing broken', async () => {
  const stage = aStage();
  await stage.clock.advance(6_000);

  stage.ending.abort();

  await assert.rejects(stage.running, { name: 'AbortError' });
  assert.deepEqual(stage.faults, ['api down', 'api off']);
});
