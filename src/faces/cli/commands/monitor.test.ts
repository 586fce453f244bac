import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aMonitorView } from '../../../../test/support/api-answers.ts';
import { runFakeCli } from '../../../../test/support/fake-cli.ts';
import type { MonitorDetailView } from '../../http/contract.ts';

const DOWN = aMonitorView({ name: 'api', state: 'down', reason: 'HTTP 503', rootCause: 'db', dependsOn: ['db'] });
const LIST = { 'GET /api/v1/monitors': { monitors: [aMonitorView(), DOWN] } };
const NUMBERS = { up: 1, degraded: 0, down: 0, maintenance: 0, unknown: 0 };
const NOTHING = { ...NUMBERS, up: 0 };
const DETAIL: MonitorDetailView = {
  ...DOWN,
  pingUrl: null,
  history: {
    availability: { ratio: 0.99996, coverage: 0.8, ms: NUMBERS },
    days: [
      { date: '2026-11-19', worst: 'degraded', ms: NUMBERS },
      { date: '2026-11-20', worst: 'down', ms: NUMBERS },
    ],
    troubles: [
      { state: 'down', startedAt: '2026-11-20T11:40:00.000Z', endedAt: null, reason: 'HTTP 503' },
      { state: 'degraded', startedAt: '2026-11-19T08:00:00.000Z', endedAt: '2026-11-19T08:20:10.000Z', reason: null },
    ],
  },
};
const CONDITIONS = [
  { condition: '[STATUS] == 200', holds: false, actual: '503', otherwise: 'down' },
  { condition: '[RESPONSE_TIME] < 800ms', holds: true, actual: '12ms', otherwise: 'degraded' },
] as const;

const RESULT = {
  at: '2026-11-20T11:59:48.000Z',
  state: 'down',
  latencyMs: null,
  reason: 'connection refused',
} as const;

test('list can be narrowed to one state', async () => {
  const run = await runFakeCli(['monitor', 'list', '--state', 'down', '--json'], { answers: LIST });

  assert.deepEqual(JSON.parse(run.out), { monitors: [DOWN] });
});

test('list says on standard error that there is nothing to list', async () => {
  const run = await runFakeCli(['monitor', 'list', '--state', 'unknown'], { answers: LIST });

  assert.deepEqual([run.code, run.out, run.err], [0, '', 'No monitor is unknown.\n']);
});

test('show never rounds a trouble away', async () => {
  const run = await runFakeCli(['monitor', 'show', 'api'], { answers: { 'GET /api/v1/monitors/:name': DETAIL } });

  assert.match(run.out, /uptime\s+99\.99 % over 2 days, of which 80\.00 % is known/);
  assert.match(run.out, /comes from\s+db/);
  assert.match(run.out, /✗ down\s+2026-11-20 11:40:00Z\s+still\s+HTTP 503/);
  assert.match(run.out, /! degraded\s+2026-11-19 08:00:00Z\s+20m10s\s+-/);
});

for (const { availability, words } of [
  { availability: { ratio: null, coverage: 0, ms: NOTHING }, words: 'nothing was measured in 2 days' },
  {
    availability: { ratio: 0.75, coverage: 0.0001, ms: { ...NOTHING, up: 135_000, down: 45_000 } },
    words: '75.00 % over 2 days, of which 3m is known',
  },
]) {
  test(`show says of a new monitor: ${words}`, async () => {
    const view = { ...DETAIL, state: 'unknown', since: null, history: { ...DETAIL.history, availability } } as const;

    const run = await runFakeCli(['monitor', 'show', 'api'], { answers: { 'GET /api/v1/monitors/:name': view } });

    assert.match(run.out, /^api {2}\? unknown\n/);
    assert.ok(run.out.includes(words), run.out);
  });
}

test('show asks for the days it was told to', async () => {
  const answers = { 'GET /api/v1/monitors/:name': DETAIL };

  const run = await runFakeCli(['monitor', 'show', 'api', '--days', '7', '--json'], { answers });

  assert.deepEqual(run.calls, [['GET /api/v1/monitors/:name', { name: 'api', days: 7 }]]);
  assert.deepEqual(JSON.parse(run.out), DETAIL);
});

test('run shows what it found beside what was expected, and exits with 1 when that was a failure', async () => {
  const answers = {
    'POST /api/v1/monitors/:name/run': { result: RESULT, conditions: CONDITIONS, monitor: aMonitorView() },
  };

  const run = await runFakeCli(['monitor', 'run', 'web'], { answers });

  assert.equal(run.code, 1);
  assert.equal(
    run.out,
    [
      'web  this check: ✗ down: connection refused',
      '        EXPECTED                 FOUND',
      '✗ down  [STATUS] == 200          503',
      '✓       [RESPONSE_TIME] < 800ms  12ms',
      'State: ✓ up for 3d4h',
      '',
    ].join('\n'),
  );
});

test('run --dry-run checks nothing', async () => {
  const run = await runFakeCli(['monitor', 'run', 'api', '--dry-run'], {
    answers: { 'GET /api/v1/monitors/:name': DETAIL },
  });

  assert.deepEqual(
    run.calls.map(([route]) => route),
    ['GET /api/v1/monitors/:name'],
  );
  assert.equal(run.out, 'Would check api (http shop.example), which is ✗ down now.\n');
});

test('history asks for the last day and fifty results unless told otherwise', async () => {
  const answers = { 'GET /api/v1/monitors/:name/results': { monitor: 'web', results: [RESULT] } };

  const run = await runFakeCli(['monitor', 'history', 'web'], { answers });

  assert.deepEqual(run.calls[0]?.[1], { name: 'web', since: '2026-11-19T12:00:00.000Z', limit: 50 });
  assert.match(run.out, /2026-11-20 11:59:48Z {2}✗ down {8}- {2}connection refused/);
});
