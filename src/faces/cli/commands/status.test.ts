import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aMonitorView, aStatusView } from '../../../../test/support/api-answers.ts';
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

test('an empty server explains the next step', async () => {
  const run = await runFakeCli(['status'], { answers: { 'GET /api/v1/status': { ...aStatusView([]), app: null } } });

  assert.match(run.out, /No manifest yet[^]*evenkeel init/);
});

test('a narrow terminal gets lines that fit', async () => {
  const view = aStatusView([aMonitorView({ state: 'down', reason: 'a very long reason '.repeat(20) })]);

  const run = await runFakeCli(['status', '--no-color'], { answers: { 'GET /api/v1/status': view }, columns: 60 });

  assert.ok(run.out.split('\n').every((line) => line.length <= 60));
});
