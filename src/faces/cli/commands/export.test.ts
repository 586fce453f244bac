import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aMonitorView } from '../../../../test/support/api-answers.ts';
import { runFakeCli } from '../../../../test/support/fake-cli.ts';

const CHANGE = { what: 'change', monitor: 'web', at: '2026-11-20T11:00:00.000Z', state: 'down' } as const;

test('exports one JSON object a line, as the server sends them', async () => {
  const lines = [
    { ...CHANGE, reason: 'HTTP 503' },
    { ...CHANGE, state: 'up', reason: null },
  ] as const;

  const run = await runFakeCli(['export', '--what', 'changes', '--since', '7d'], { lines });

  assert.deepEqual(run.calls, [['GET /api/v1/export', { what: 'changes', since: '2026-11-13T12:00:00.000Z' }]]);
  assert.deepEqual(
    run.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    lines,
  );
});

test('a reason cannot steer the terminal an export is looked at on', async () => {
  const line = { ...CHANGE, reason: '\u{1b}[2J\u{9b}31m\u{202e}' };

  const run = await runFakeCli(['export'], { lines: [line] });

  assert.doesNotMatch(run.out, /[[\p{Cc}--\n]\u202a-\u202e\u2066-\u2069]/v);
  assert.deepEqual(JSON.parse(run.out), line);
});

test('as CSV, a reason that a spreadsheet would run is only text', async () => {
  const run = await runFakeCli(['export', '--format', 'csv'], {
    lines: [{ ...CHANGE, reason: '=HYPERLINK("http://evil.example","x")' }],
  });

  assert.equal(
    run.out,
    `monitor,at,state,reason
web,2026-11-20T11:00:00.000Z,down,"'=HYPERLINK(""http://evil.example"",""x"")"
`,
  );
});

test('as CSV, every field of a monitor has a column', async () => {
  const monitor = aMonitorView({
    dependsOn: ['api', 'db'],
    readings: { cpu: 0.12, queue: 3 },
    locations: [
      { name: 'fra', state: 'down', lastCheckedAt: null },
      { name: 'lon', state: 'up', lastCheckedAt: null },
    ],
  });

  const run = await runFakeCli(['export', '--what', 'monitors', '--format', 'csv'], {
    lines: [{ what: 'monitor', ...monitor }],
  });

  assert.equal(run.out.split('\n')[0], Object.keys(monitor).join(','));
  assert.match(run.out, /,api db,.*,fra:down lon:up,cpu=0\.12 queue=3$/m);
});

test('a long export is written whole and in order', async () => {
  const lines = Array.from({ length: 5000 }, (_, index) => ({ ...CHANGE, reason: `number ${index}` }));

  const run = await runFakeCli(['export'], { lines });

  assert.deepEqual(
    run.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    lines,
  );
});
