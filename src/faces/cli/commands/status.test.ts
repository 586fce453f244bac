import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  aBackupSourceView,
  aDeliveryView,
  aMonitorView,
  anAlertView,
  aStatusView,
} from '../../../../test/support/api-answers.ts';
import { runFakeCli } from '../../../../test/support/fake-cli.ts';

const DOWN = aStatusView([aMonitorView(), aMonitorView({ name: 'api', state: 'down', reason: 'HTTP 503' })]);

test('shows the application and the platform on one screen', async () => {
  const run = await runFakeCli(['status'], { answers: { 'GET /api/v1/status': DOWN } });

  assert.equal(
    run.out,
    `shop in live: ✗ down (1 up, 1 down)

MONITOR  STATE    FOR  LATENCY  CHECKED  WHAT
web      ✓ up    3d4h   123 ms  12s ago  http shop.example
api      ✗ down  3d4h   123 ms  12s ago  HTTP 503

No alert is open.

How ready we are
Nothing is backed up. Make keys with \`evenkeel key create\`,
then say \`backup: true\` at a service in evenkeel.yaml.

Evenkeel 0.1.0: ✓ pass, running for 3d
  database  ✓ pass
  manifest  ✓ pass
`,
  );
  assert.deepEqual([run.code, run.err], [0, '']);
});

test('what fell over because of another says so', async () => {
  const reason = 'HTTP 503';
  const monitors = [
    aMonitorView({ state: 'down', reason, rootCause: 'api' }),
    aMonitorView({ name: 'api', state: 'down', reason, rootCause: 'api' }),
  ];

  const run = await runFakeCli(['status'], { answers: { 'GET /api/v1/status': aStatusView(monitors) } });

  assert.match(run.out, /^web .* comes from api: HTTP 503$/m);
  assert.match(run.out, /^api .* 12s ago {2}HTTP 503$/m);
});

for (const { view, code } of [
  { view: DOWN, code: 1 },
  { view: aStatusView(), code: 0 },
]) {
  test(`--exit-code makes it ${code} while the state is ${view.state}`, async () => {
    const run = await runFakeCli(['status', '--exit-code'], { answers: { 'GET /api/v1/status': view } });

    assert.equal(run.code, code);
  });
}

test('--json prints exactly the document of the API', async () => {
  const run = await runFakeCli(['status', '--json'], { answers: { 'GET /api/v1/status': DOWN } });

  assert.deepEqual(JSON.parse(run.out), DOWN);
});

test('a manifest that was refused is said with the command that tells why', async () => {
  const view = aStatusView();
  const refused = { ...view, platform: { ...view.platform, health: 'warn', manifest: 'warn' } } as const;

  const run = await runFakeCli(['status'], { answers: { 'GET /api/v1/status': refused } });

  assert.match(run.out, /^ {2}manifest {2}! warn {2}the newest was refused.*`evenkeel check`$/m);
});

test('an empty server explains the next step', async () => {
  const run = await runFakeCli(['status'], { answers: { 'GET /api/v1/status': { ...aStatusView([]), app: null } } });

  assert.match(run.out, /No manifest yet[^]*evenkeel init/);
});

test('a narrow terminal gets lines that fit', async () => {
  const view = aStatusView([aMonitorView({ state: 'down', reason: 'a very long reason '.repeat(20) })]);

  const run = await runFakeCli(['status', '--no-color'], { answers: { 'GET /api/v1/status': view }, columns: 60 });

  assert.ok(run.out.split('\n').every((line) => line.length <= 60));
});

const FAILED = { at: '2026-11-20T11:59:00.000Z', tookMs: 10, outcome: 'failed', detail: 'HTTP 410' } as const;

test('open alerts, messages that did not arrive, and readiness are on the same screen', async () => {
  const view = {
    ...DOWN,
    alerts: [anAlertView()],
    undelivered: [aDeliveryView({ state: 'dead', deliveredAt: null, attempts: [FAILED] })],
    readiness: [
      aBackupSourceView(),
      aBackupSourceView({ service: 'shop', level: 'readable' }),
      aBackupSourceView({
        service: 'uploads',
        holds: [],
        lastBackup: null,
        lastProof: null,
        level: 'none',
        lastFailure: { at: '2026-11-20T11:00:00.000Z', code: 'BACKUP_X', reason: 'pg_dump ended with 1' },
      }),
    ],
  };

  const run = await runFakeCli(['status'], { answers: { 'GET /api/v1/status': view } });

  assert.ok(
    run.out.includes(`
ALERT        STATE   SEVERITY   BEGAN  LASTED  TOLD
api is down  ✗ open  critical  5m ago      5m  dev
  HTTP 503

Messages that did not arrive
  WHEN  CHANNEL      LANE  WHAT         STATE       ATTEMPTS
5m ago  dev (slack)  page  api is down  ✗ given up         1
  the last attempt failed 1m ago: HTTP 410

How ready we are
SERVICE  NEWEST        TAKEN   SIZE  PROVEN BY A RESTORE    NEXT
db       ✓ proven    10h ago  41 MB  9h59m ago, in 14s    in 14h
shop     ! readable  10h ago  41 MB  9h59m ago, in 14s    in 14h
uploads  ✗ none yet        -      -  never                in 14h
  ✗ the last attempt failed 1h ago: pg_dump ended with 1 (BACKUP_X)
`),
    run.out,
  );
});

test('messages given up more than an hour ago are only counted', async () => {
  const long = { ...FAILED, at: '2026-11-20T10:59:00.000Z' };
  const dead = (attempts: Parameters<typeof aDeliveryView>[0]) =>
    aDeliveryView({ state: 'dead', deliveredAt: null, ...attempts });
  const waiting = aDeliveryView({ state: 'waiting', deliveredAt: null, attempts: [long] });
  const out = async (undelivered: readonly ReturnType<typeof dead>[]) => {
    const view = { ...aStatusView([]), undelivered };
    return (await runFakeCli(['status'], { answers: { 'GET /api/v1/status': view } })).out;
  };
  const lost = [dead({ attempts: [long] }), dead({ attempts: [], queuedAt: '2026-11-20T10:59:00.000Z' })];

  const mixed = await out([...lost, dead({ attempts: [FAILED] }), waiting]);
  const old = await out(lost);

  assert.equal(mixed.match(/^5m ago {2}dev/gm)?.length, 2, mixed);
  assert.match(mixed, /^2 messages given up more than an hour ago: evenkeel alert deliveries$/m);
  assert.match(old, /\n\n2 messages given up more than an hour ago: evenkeel alert deliveries\n\n/);
  assert.doesNotMatch(old, /did not arrive/);
});

test('a backup that is being taken is shown, with how far it is', async () => {
  const underWay = {
    run: 'run_1',
    kind: 'backup',
    phase: 'reading',
    bytes: 41_200_000,
    startedAt: '2026-11-20T11:58:00.000Z',
  } as const;
  const view = {
    ...aStatusView([]),
    readiness: [aBackupSourceView({ underWay }), aBackupSourceView({ service: 'shop' })],
  };

  const run = await runFakeCli(['status'], { answers: { 'GET /api/v1/status': view } });

  assert.match(run.out, /^db .*\n {2}· being backed up: reading, 41 MB, for 2m\nshop /m);
});

test('only a backup that was restored is green', async () => {
  const greenOf = async (level: 'stored' | 'readable' | 'restored') => {
    const view = { ...aStatusView([]), readiness: [aBackupSourceView({ level })] };
    const run = await runFakeCli(['status'], { answers: { 'GET /api/v1/status': view }, columns: 120 });
    return run.out.split('\n').some((line) => line.startsWith('db') && line.includes('\u001b[32m'));
  };

  assert.deepEqual(
    [await greenOf('stored'), await greenOf('readable'), await greenOf('restored')],
    [false, false, true],
  );
});

test('many alerts and messages leave room for the rest, and say where all of them are', async () => {
  const view = {
    ...aStatusView([]),
    alerts: Array.from({ length: 7 }, () => anAlertView()),
    undelivered: Array.from({ length: 9 }, () => aDeliveryView({ state: 'dead' })),
  };

  const run = await runFakeCli(['status'], { answers: { 'GET /api/v1/status': view } });

  assert.match(run.out, /^and 2 more: evenkeel alert list --open$/m);
  assert.match(run.out, /^and 4 more: evenkeel alert deliveries$/m);
});
