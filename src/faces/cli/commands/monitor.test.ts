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
  pings: null,
  pictures: null,
  parts: [],
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

const PARTS = [
  { name: 'db', state: 'down', detail: 'no connection' },
  { name: 'queue', state: 'up', detail: null },
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

test('show has what each place found, also of one that was never heard of', async () => {
  const locations = [
    { name: 'here', state: 'up', lastCheckedAt: '2026-11-20T11:59:48.000Z' },
    { name: 'fra', state: 'unknown', lastCheckedAt: null },
  ] as const;
  const answers = { 'GET /api/v1/monitors/:name': { ...DETAIL, locations } };

  const run = await runFakeCli(['monitor', 'show', 'api'], { answers });

  assert.match(run.out, /^FROM +STATE +CHECKED\nhere +✓ up +12s ago\nfra +\? unknown +never$/m);
});

test('show has the parts of the target, in words and aligned', async () => {
  const answers = { 'GET /api/v1/monitors/:name': { ...DETAIL, parts: PARTS } };

  const run = await runFakeCli(['monitor', 'show', 'api'], { answers });

  assert.match(run.out, /^PART +STATE +IT SAYS\ndb +✗ down +no connection\nqueue +✓ up +-$/m);
});

test('show has what a job told lately, and the end of what it sent along', async () => {
  const said = { run: null, exitStatus: null, message: null, latencyMs: null, durationMs: null, body: null };
  const output = Array.from({ length: 30 }, (_none, index) => `line ${index + 1}`).join('\n');
  const pings = [
    { ...said, at: '2026-11-20T11:59:48.000Z', outcome: 'failure', exitStatus: 3, durationMs: 65_000, body: output },
    { ...said, at: '2026-11-20T11:58:43.000Z', outcome: 'started' },
    { ...said, at: '2026-11-20T11:50:00.000Z', outcome: 'success', message: 'all well', latencyMs: 12 },
  ] as const;
  const answers = { 'GET /api/v1/monitors/:name': { ...DETAIL, pings } };

  const run = await runFakeCli(['monitor', 'show', 'api'], { answers });

  assert.match(run.out, /12s ago +✗ failure +1m5s +exit status 3/);
  assert.match(run.out, /10m ago +✓ success +12 ?ms +all well/);
  assert.match(run.out, /^Sent 12s ago, after 10 more lines that --json has:\n {2}line 11\n/m);
  assert.match(run.out, / {2}line 30$/m);
});

test('show names where the latest picture of what was wrong is', async () => {
  const address = 'https://status.shop.example/api/v1/monitors/api/pictures';
  const pictures = ['2026-11-20T11:59:48.000Z', '2026-11-20T11:50:00.000Z'].map((at) => ({
    at,
    url: `${address}/${at}`,
  }));
  const answers = { 'GET /api/v1/monitors/:name': { ...DETAIL, pictures } };

  const run = await runFakeCli(['monitor', 'show', 'api'], { answers });

  assert.match(run.out, /picture +12s ago, https:\S+\/pictures\/2026-11-20T11:59:48\.000Z$/m);
  assert.doesNotMatch(run.out, /11:50:00/);
});

test('set says how a manual monitor is, and why', async () => {
  const monitor = aMonitorView({ name: 'phones', type: 'manual', state: 'down' });
  const said = { at: '2026-11-20T11:59:48.000Z', state: 'down', because: 'The line is dead.' } as const;
  const answers = { 'POST /api/v1/monitors/:name/state': { isDryRun: false, said, monitor } };

  const run = await runFakeCli(['monitor', 'set', 'phones', 'down', '--because', 'The line is dead.'], { answers });

  assert.deepEqual(run.calls, [
    ['POST /api/v1/monitors/:name/state', { name: 'phones', state: 'down', because: 'The line is dead.' }],
  ]);
  assert.equal(run.code, 0);
  assert.match(run.out, /phones is ✗ down until somebody says something else\.\n$/);
});

test('set refuses what is no state', async () => {
  const run = await runFakeCli(['monitor', 'set', 'phones', 'broken'], {});

  assert.equal(run.code, 2);
  assert.match(run.err, /up, degraded/);
});

test('show asks for the days it was told to', async () => {
  const answers = { 'GET /api/v1/monitors/:name': DETAIL };

  const run = await runFakeCli(['monitor', 'show', 'api', '--days', '7', '--json'], { answers });

  assert.deepEqual(run.calls, [['GET /api/v1/monitors/:name', { name: 'api', days: 7 }]]);
  assert.deepEqual(JSON.parse(run.out), DETAIL);
});

test('run shows what it found beside what was expected, and exits with 1 when that was a failure', async () => {
  const answers = {
    'POST /api/v1/monitors/:name/run': {
      result: RESULT,
      conditions: CONDITIONS,
      parts: PARTS,
      monitor: aMonitorView(),
    },
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
      'PART   STATE   IT SAYS',
      'db     ✗ down  no connection',
      'queue  ✓ up    -',
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

const POINT = {
  at: '2026-11-19T12:00:00.000Z',
  checks: 1_440,
  failures: 3,
  p50Ms: 42,
  p95Ms: 120,
  p99Ms: 310,
  minMs: 30,
  maxMs: 900,
};
const PAST = {
  'GET /api/v1/monitors/:name/results': { monitor: 'web', results: [RESULT] },
  'GET /api/v1/monitors/:name/latency': {
    monitor: 'web',
    from: '2026-11-19T12:00:00.000Z',
    to: '2026-11-20T12:00:00.000Z',
    stepMs: 900_000,
    whole: POINT,
    points: [POINT],
  },
  'GET /api/v1/monitors/:name/uptime': {
    monitor: 'web',
    windows: [
      {
        from: '2026-10-21T12:00:00.000Z',
        to: '2026-11-20T12:00:00.000Z',
        availability: { ratio: 0.99996, coverage: 0.5, ms: { ...NUMBERS, down: 52_000 } },
      },
    ],
    changes: [
      { at: '2026-11-20T11:58:00.000Z', state: 'down', reason: 'connection refused' },
      { at: '2026-11-20T09:58:00.000Z', state: 'up', reason: null },
    ],
    months: [
      { month: '2026-11', isFrozen: false, availability: { ratio: 1, coverage: 1, ms: NUMBERS } },
      {
        month: '2026-10',
        isFrozen: true,
        availability: { ratio: 0.9991, coverage: 1, ms: { ...NUMBERS, down: 2_400_000 } },
      },
    ],
  },
} as const;

test('history asks for the last day and fifty results unless told otherwise', async () => {
  const run = await runFakeCli(['monitor', 'history', 'web'], { answers: PAST });

  assert.deepEqual(run.calls[0]?.[1], { name: 'web', since: '2026-11-19T12:00:00.000Z', limit: 50 });
  assert.match(run.out, /2026-11-20 11:59:48Z {2}✗ down {8}- {2}connection refused/);
});

test('history tells uptime with what is known of the time, speed, and the latest changes', async () => {
  const run = await runFakeCli(['monitor', 'history', 'web'], { answers: PAST });

  assert.match(run.out, /^30d\s+99\.99 %\s+52s\s+-\s+50\.00 %$/m);
  assert.match(run.out, /^2026-11 so far\s+100\.00 %/m);
  assert.match(run.out, /^2026-10\s+99\.91 %\s+40m\s/m);
  assert.match(run.out, /half within 42 ms, 95 % within 120 ms, 99 % within 310 ms \(30 ms to 900 ms\)/);
  assert.match(run.out, /checks\s+1,440, of which 3 failed/);
  assert.match(run.out, /2026-11-20 11:58:00Z {2}✗ down\s+2m {2}connection refused/);
  assert.match(run.out, /2026-11-20 09:58:00Z {2}✓ up\s+2h {2}-/);
});

test('history as JSON has the results where they always were, and the past beside them', async () => {
  const run = await runFakeCli(['monitor', 'history', 'web', '--json'], { answers: PAST });

  const told = JSON.parse(run.out);
  assert.deepEqual(Object.keys(told), ['monitor', 'results', 'uptime', 'months', 'changes', 'latency']);
  assert.equal(told.latency.whole.p95Ms, 120);
});

test('add takes `true` as the file does: a machine has no text for a target', async () => {
  const answer = { isDryRun: false, monitor: 'box', file: 'evenkeel.d/box.yaml', text: '' };

  const run = await runFakeCli(['monitor', 'add', 'box', 'host', 'true'], {
    answers: { 'POST /api/v1/monitors': answer },
  });

  assert.deepEqual(run.calls, [['POST /api/v1/monitors', { name: 'box', entry: { host: true } }]]);
});
