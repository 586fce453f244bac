import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aDeliveryView, anAlertView } from '../../../../test/support/api-answers.ts';
import { runFakeCli } from '../../../../test/support/fake-cli.ts';

const FAILED = {
  at: '2026-11-20T11:59:00.000Z',
  tookMs: 10_000,
  outcome: 'failed',
  detail: 'no answer within 10s',
} as const;
const OVER = anAlertView({
  id: 'alr_0',
  title: 'web is slow',
  severity: 'warning',
  state: 'resolved',
  cause: 'web',
  affected: ['web'],
  reason: null,
  openedAt: '2026-11-19T11:00:00.000Z',
  resolvedAt: '2026-11-19T11:20:00.000Z',
  toldTo: [],
});
const ALERTS = {
  'GET /api/v1/alerts': { alerts: [anAlertView({ affected: ['api', 'error_rate of api', 'web', 'checkout'] }), OVER] },
};

test('list tells what is open, why, with what else, and who was told', async () => {
  const run = await runFakeCli(['alert', 'list'], { answers: ALERTS });

  assert.equal(
    run.out,
    `ALERT        STATE   SEVERITY     BEGAN  LASTED  TOLD
api is down  ✗ open  critical    5m ago      5m  dev
  HTTP 503 (with web, checkout)
web is slow  ✓ over  warning   1d1h ago     20m  nobody
  no reason given
`,
  );
  assert.deepEqual([run.code, run.err], [0, '']);
});

test('list tells of a limit which other readings are beyond it, and not the one that the reason tells of', async () => {
  const cause = 'disk-space of host';
  const first = anAlertView({ cause, affected: ['disk:/ of host'], reason: 'Disk / is at 91%.' });
  const both = { ...first, affected: ['disk:/ of host', 'disk:/var of host'] };

  const run = await runFakeCli(['alert', 'list'], { answers: { 'GET /api/v1/alerts': { alerts: [first, both] } } });

  assert.match(run.out, /^ {2}Disk \/ is at 91%\.$/m);
  assert.match(run.out, /^ {2}Disk \/ is at 91%\. \(with disk:\/var of host\)$/m);
});

test('list names as told only who was, and says of the others what became of their message', async () => {
  const lastAttempt = { ...FAILED, detail: 'HTTP 410' };
  const alerts = [
    anAlertView({
      toldTo: ['dev', 'hook', 'old', 'mail', 'new', 'now'],
      messages: [
        { channel: 'dev', state: 'delivered', lastAttempt: null },
        { channel: 'old', state: null, lastAttempt: null },
        { channel: 'hook', state: 'dead', lastAttempt },
        { channel: 'mail', state: 'waiting', lastAttempt: { ...FAILED, outcome: 'unknown', detail: 'stopped' } },
        { channel: 'new', state: 'waiting', lastAttempt: null },
        { channel: 'now', state: 'sending', lastAttempt: null },
      ],
    }),
    anAlertView({ messages: [{ channel: 'dev', state: 'waiting', lastAttempt }] }),
    anAlertView({ messages: [{ channel: 'dev', state: 'dead', lastAttempt }] }),
  ];

  const run = await runFakeCli(['alert', 'list'], { answers: { 'GET /api/v1/alerts': { alerts } } });

  assert.equal(
    run.out,
    `ALERT        STATE   SEVERITY   BEGAN  LASTED  TOLD
api is down  ✗ open  critical  5m ago      5m  dev, old (?)
  HTTP 503
  ✗ hook: given up; the last attempt failed 1m ago: HTTP 410
  ! mail: waiting; the last attempt was cut off, so it may have arrived 1m ago: stopped
  ! new: waiting
  ! now: being sent
api is down  ✗ open  critical  5m ago      5m  nobody yet
  HTTP 503
  ! dev: waiting; the last attempt failed 1m ago: HTTP 410
api is down  ✗ open  critical  5m ago      5m  nobody
  HTTP 503
  ✗ dev: given up; the last attempt failed 1m ago: HTTP 410
`,
  );
});

test('80 columns do not cut the reason', async () => {
  const reason = `the certificate of shop.example is not valid any more, since ${'yesterday '.repeat(4)}at noon`;
  const answers = { 'GET /api/v1/alerts': { alerts: [anAlertView({ reason })] } };

  const run = await runFakeCli(['alert', 'list', '--no-color'], { answers, columns: 80 });

  assert.ok(run.out.includes(`\n  ${reason}\n`), run.out);
});

test('list --open leaves out what is over, also in JSON', async () => {
  const run = await runFakeCli(['alert', 'list', '--open', '--limit', '7', '--json'], { answers: ALERTS });

  assert.deepEqual(run.calls, [['GET /api/v1/alerts', { limit: 7 }]]);
  assert.deepEqual(
    JSON.parse(run.out).alerts.map(({ id }: Record<string, string>) => id),
    ['alr_1'],
  );
});

for (const { argv, words } of [
  { argv: ['alert', 'list'], words: /No alert yet.*evenkeel status/ },
  { argv: ['alert', 'list', '--open'], words: /^No alert is open\.$/m },
]) {
  test(`${argv.join(' ')} says on standard error that there is none`, async () => {
    const run = await runFakeCli(argv, { answers: { 'GET /api/v1/alerts': { alerts: [] } } });

    assert.deepEqual([run.code, run.out], [0, '']);
    assert.match(run.err, words);
  });
}

const DELIVERIES = {
  'GET /api/v1/alerts/deliveries': {
    deliveries: [
      aDeliveryView({ channel: 'hook', type: 'webhook', state: 'waiting', deliveredAt: null, attempts: [] }),
      aDeliveryView({
        channel: 'hook',
        type: 'webhook',
        state: 'waiting',
        deliveredAt: null,
        nextAttemptAt: '2026-11-20T12:00:30.000Z',
        attemptCount: 22,
        attempts: [FAILED, FAILED],
      }),
      aDeliveryView({
        channel: 'old',
        type: null,
        state: 'dead',
        deliveredAt: null,
        attempts: [{ ...FAILED, detail: 'HTTP 410' }],
      }),
      aDeliveryView({
        state: 'sending',
        deliveredAt: null,
        attempts: [{ ...FAILED, outcome: 'unknown', detail: 'stopped' }],
      }),
      aDeliveryView(),
    ],
  },
};

test('deliveries tell in words what became of each message, and why it did not arrive', async () => {
  const run = await runFakeCli(['alert', 'deliveries'], { answers: DELIVERIES });

  assert.equal(
    run.out,
    `  WHEN  CHANNEL         LANE  WHAT         STATE                    ATTEMPTS
5m ago  hook (webhook)  page  api is down  · waiting                       0
5m ago  hook (webhook)  page  api is down  ! tried again in 30s           22
  the last attempt failed 1m ago: no answer within 10s
5m ago  old             page  api is down  ✗ given up                      1
  the last attempt failed 1m ago: HTTP 410
5m ago  dev (slack)     page  api is down  · being sent                    1
  the last attempt was cut off, so it may have arrived 1m ago: stopped
5m ago  dev (slack)     page  api is down  ✓ delivered after 400ms         1
`,
  );
});

test('deliveries --json prints exactly the document of the API', async () => {
  const run = await runFakeCli(['alert', 'deliveries', '--limit', '5', '--json'], { answers: DELIVERIES });

  assert.deepEqual(run.calls, [['GET /api/v1/alerts/deliveries', { limit: 5 }]]);
  assert.deepEqual(JSON.parse(run.out), DELIVERIES['GET /api/v1/alerts/deliveries']);
});

test('before the first message, deliveries say what would be here and what to do', async () => {
  const run = await runFakeCli(['alert', 'deliveries'], {
    answers: { 'GET /api/v1/alerts/deliveries': { deliveries: [] } },
  });

  assert.equal(run.out, '');
  assert.match(run.err, /Nothing was sent yet.*would stand here.*`channels:`.*`evenkeel check`/);
});

test('what a receiver answers cannot steer the terminal', async () => {
  const attempts = [{ ...FAILED, detail: '\u001b[2J\u001b]0;x\u0007' }];
  const deliveries = [aDeliveryView({ state: 'dead', deliveredAt: null, attempts })];

  const run = await runFakeCli(['alert', 'deliveries'], {
    answers: { 'GET /api/v1/alerts/deliveries': { deliveries } },
    columns: 200,
    wishes: { noColour: '1' },
  });

  assert.ok(!run.out.includes('\u001b') && !run.out.includes('\u0007'));
});
