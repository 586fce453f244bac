import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aDelivery, anAlert } from '../support/area-facts.ts';
import { openHttpFace } from '../support/http-face.ts';

test('alerts are told as alerting tells them, with times people and programs can read', async (t) => {
  const { ask } = await openHttpFace(t);

  const { json } = await ask('GET', '/api/v1/alerts', { as: 'viewer' });

  assert.deepEqual(json, {
    alerts: [
      {
        ...anAlert(),
        openedAt: '2026-11-20T09:30:00.000Z',
        resolvedAt: null,
        messages: [{ channel: 'dev', state: 'delivered', lastAttempt: null }],
      },
    ],
  });
});

test('of each channel an alert tells what became of its newest message, not of others', async (t) => {
  const AT = Date.parse('2026-11-20T09:31:00Z');
  const failed = { at: AT, tookMs: 5, outcome: 'failed', detail: 'HTTP 410' } as const;
  const deliveries = [
    aDelivery({ thread: 'alr_2', channel: 'mail' }),
    aDelivery({ channel: 'hook', state: 'dead', attempts: [{ ...failed, detail: 'HTTP 500' }, failed] }),
    aDelivery({ channel: 'mail', state: 'waiting', attempts: [] }),
    aDelivery({ channel: 'mail' }),
    aDelivery({ channel: 'dev' }),
  ];
  const toldTo = ['dev', 'hook', 'mail', 'old'];
  const { ask } = await openHttpFace(t, { alerts: [anAlert({ toldTo })], deliveries: async () => deliveries });

  const { json } = await ask('GET', '/api/v1/alerts', { as: 'viewer' });
  const { json: status } = await ask('GET', '/api/v1/status', { as: 'viewer' });

  const told = [
    { channel: 'dev', state: 'delivered', lastAttempt: null },
    { channel: 'hook', state: 'dead', lastAttempt: { ...failed, at: '2026-11-20T09:31:00.000Z' } },
    { channel: 'mail', state: 'waiting', lastAttempt: null },
    { channel: 'old', state: null, lastAttempt: null },
  ];
  assert.deepEqual([json.alerts[0].messages, status.alerts[0].messages], [told, told]);
});

test('each message comes with its attempts and what the receiver said', async (t) => {
  const { ask } = await openHttpFace(t);

  const { json } = await ask('GET', '/api/v1/alerts/deliveries?limit=1', { as: 'viewer' });

  assert.equal(json.deliveries.length, 1);
  assert.deepEqual(json.deliveries[0].attempts, [
    { at: '2026-11-20T09:30:00.010Z', tookMs: 110, outcome: 'delivered', detail: 'ok' },
  ]);
});

for (const target of [
  '/api/v1/alerts?limit=0',
  '/api/v1/alerts?limit=201',
  '/api/v1/alerts?open=true',
  '/api/v1/alerts/deliveries?limit=many',
]) {
  test(`${target} is refused`, async (t) => {
    const { ask } = await openHttpFace(t);

    const { status, json } = await ask('GET', target, { as: 'viewer' });

    assert.equal(status, 400);
    assert.equal(json.error.code, 'HTTP_INPUT_INVALID');
  });
}

test('the status names open alerts, readiness, and what could not be delivered lately', async (t) => {
  const now = Date.now();
  const failed = { at: now - 60_000, tookMs: 5, outcome: 'failed', detail: 'HTTP 500' } as const;
  const deliveries = [
    aDelivery({ id: 'msg_fine' }),
    aDelivery({ id: 'msg_dead', state: 'dead', attempts: [failed] }),
    aDelivery({ id: 'msg_old', state: 'dead', attempts: [{ ...failed, at: now - 25 * 3_600_000 }] }),
    aDelivery({ id: 'msg_retry', state: 'waiting', attempts: [failed] }),
    aDelivery({ id: 'msg_new', state: 'waiting', attempts: [] }),
  ];
  const { ask } = await openHttpFace(t, {
    alerts: [anAlert(), anAlert({ id: 'alr_0', state: 'resolved', resolvedAt: now })],
    deliveries: async () => deliveries,
  });

  const { json } = await ask('GET', '/api/v1/status', { as: 'viewer' });

  const idsOf = (views: readonly { readonly id: string }[]) => views.map(({ id }) => id);
  assert.deepEqual(idsOf(json.alerts), ['alr_1']);
  assert.deepEqual(idsOf(json.undelivered), ['msg_dead', 'msg_retry']);
  assert.deepEqual(
    json.readiness.map((source: Record<string, unknown>) => [source['service'], source['level']]),
    [['db', 'readable']],
  );
});

test('/metrics counts open alerts, tells what became of messages, and when a restore last proved a backup', async (t) => {
  const { ask } = await openHttpFace(t, {
    alerts: [anAlert(), anAlert({ id: 'alr_2', severity: 'warning' }), anAlert({ id: 'alr_0', state: 'resolved' })],
  });

  const { text } = await ask('GET', '/metrics', { as: 'viewer' });

  for (const line of [
    'evenkeel_alerts{state="open",severity="critical"} 1',
    'evenkeel_alerts{state="open",severity="warning"} 1',
    'evenkeel_alerts{state="open",severity="info"} 0',
    'evenkeel_deliveries{state="delivered"} 2',
    'evenkeel_deliveries{state="dead"} 0',
    `evenkeel_backup_last_stored_timestamp_seconds{service="db"} ${Date.parse('2026-11-20T09:30:00Z') / 1_000}`,
    `evenkeel_backup_last_proven_timestamp_seconds{service="db"} ${Date.parse('2026-11-20T08:30:00Z') / 1_000}`,
    'evenkeel_backup_last_restore_duration_seconds{service="db"} 14',
  ]) {
    assert.ok(text.split('\n').includes(line), line);
  }
});

test('numbers of one area that cannot be read leave the others in place', async (t) => {
  let isBroken = false;
  const deliveries = async () => {
    if (isBroken) throw new Error('database is locked');
    return [aDelivery()];
  };
  const { ask, log } = await openHttpFace(t, { deliveries });
  const before = await ask('GET', '/metrics', { as: 'viewer' });
  isBroken = true;

  const { status, text } = await ask('GET', '/metrics', { as: 'viewer' });

  assert.equal(status, 200);
  assert.match(before.text, /^evenkeel_deliveries\{/m);
  assert.doesNotMatch(text, /^evenkeel_deliveries\{/m);
  assert.match(text, /^evenkeel_backup_last_proven_timestamp_seconds\{/m);
  assert.ok(log.lines.some(({ level, data }) => level === 'warn' && /database is locked/.test(String(data['error']))));
});
