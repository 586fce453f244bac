import assert from 'node:assert/strict';
import { test } from 'node:test';
import { thresholdsView } from '../../../../test/support/api-answers.ts';
import { runFakeCli } from '../../../../test/support/fake-cli.ts';

const ALL = { 'GET /api/v1/thresholds': thresholdsView() };

test('list shows reading, limits, runbook and what is crossed now, in one table', async () => {
  const run = await runFakeCli(['threshold', 'list'], { answers: ALL });

  assert.equal(
    run.out,
    `RULE        READING               WARNING        CRITICAL       RUNBOOK              NOW
high-cpu    cpu                   > 80% for 10m  > 90% for 15m  high-resource-usage  -
disk-space  disk                  > 80%          > 90%          disk-space           ✗ critical
  ✗ critical  host for 12m: Disk /var is at 91%, above 90%.
  ! warning   host for 30s: Disk /srv is at 83%, above 80%.
free-slots  slots of queue, mail  < 3            -              workers              -
`,
  );
  assert.deepEqual([run.code, run.err], [0, '']);
});

test('list --crossed leaves out the rules that are not, also in JSON', async () => {
  const run = await runFakeCli(['threshold', 'list', '--crossed'], { answers: ALL });
  const json = await runFakeCli(['threshold', 'list', '--crossed', '--json'], { answers: ALL });

  assert.match(run.out, /disk-space/);
  assert.doesNotMatch(run.out, /high-cpu|free-slots/);
  const { thresholds, crossed } = JSON.parse(json.out);
  assert.deepEqual(
    thresholds.map(({ rule }: Record<string, string>) => rule),
    ['disk-space'],
  );
  assert.deepEqual(crossed, thresholdsView().crossed);
});

test('it fits into a terminal of 80 columns, and limits and states stay whole', async () => {
  const run = await runFakeCli(['threshold', 'list'], { answers: ALL, columns: 80, wishes: { noColour: '1' } });

  const [head = '', cpu = ''] = run.out.split('\n');
  assert.ok(head.length <= 80 && cpu.length <= 80, `${head}\n${cpu}`);
  assert.match(cpu, /> 80% for 10m {2}> 90% for 15m  high-resour… {2}-$/);
});

for (const { what, options, answer, said } of [
  {
    what: 'that nothing is crossed',
    options: ['--crossed'],
    answer: thresholdsView({ crossed: [] }),
    said: /Nothing that is measured is beyond its limit/,
  },
  {
    what: 'how to get the usual rules back',
    options: [],
    answer: thresholdsView({ thresholds: [], crossed: [] }),
    said: /No rule is in force.*preset: standard/,
  },
]) {
  test(`with nothing to show, list says ${what}`, async () => {
    const run = await runFakeCli(['threshold', 'list', ...options], { answers: { 'GET /api/v1/thresholds': answer } });

    assert.deepEqual([run.code, run.out], [0, '']);
    assert.match(run.err, said);
  });
}
