import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anObjectiveView } from '../../../../test/support/api-answers.ts';
import { runFakeCli } from '../../../../test/support/fake-cli.ts';
import { defineErrors } from '../../../kernel/errors.ts';

const PAGE = { severity: 'critical', longMs: 3_600_000, shortMs: 300_000, factor: 14.4 } as const;
const TICKET = { severity: 'warning', longMs: 86_400_000, shortMs: 7_200_000, factor: 3 } as const;
const BURNING = anObjectiveView({
  name: 'web p95',
  monitor: 'web',
  kind: 'checks',
  target: 0.95,
  promise: '95% of answers within 1s, this month (UTC)',
  from: '2026-11-01T00:00:00.000Z',
  to: '2026-12-01T00:00:00.000Z',
  reached: 0.9612,
  coverage: 0.9,
  budgetLeft: 0.0312,
  budgetLeftMs: null,
  budgetLeftChecks: 67,
  burnRate: 15.4,
  goneAt: '2026-11-20T13:30:00.000Z',
  burn: [
    { ...PAGE, longRate: 15.4, shortRate: 18, isBurning: true },
    { ...TICKET, longRate: 1.25, shortRate: 7.5, isBurning: false },
  ],
  whenSpent: 'blocked',
});
const SPENT = anObjectiveView({
  name: 'db availability',
  monitor: 'db',
  reached: 0.99,
  budgetLeft: -0.25,
  budgetLeftMs: -648_000,
  burnRate: 0,
  goneAt: '2026-11-20T12:00:00.000Z',
  isSpent: true,
  whenSpent: 'blocked',
});
const UNKNOWN = anObjectiveView({
  name: 'new availability',
  monitor: 'new',
  reached: null,
  coverage: 0,
  budgetLeft: null,
  budgetLeftMs: null,
  burnRate: null,
  burn: [{ ...PAGE, longRate: null, shortRate: null, isBurning: false }],
});
const ALL = { 'GET /api/v1/objectives': { objectives: [anObjectiveView(), BURNING, SPENT, UNKNOWN] } };

test('list shows promise, what was reached, what is left of the budget, and how fast it goes [SLO-01/R]', async () => {
  const run = await runFakeCli(['slo', 'list'], { answers: ALL });

  assert.equal(
    run.out,
    `OBJECTIVE         PROMISE                                      REACHED  BUDGET                         BURNS  NOW
api availability  99.9% of the time, over 30 days             99.950 %  █████░░░░░       21m 34s left     0×  ✓ calm
web p95           95% of answers within 1s, this month (UTC)  96.120 %  █░░░░░░░░░     67 checks left    15×  ✗ burning
db availability   99.9% of the time, over 30 days             99.000 %  ░░░░░░░░░░       10m 48s over     0×  ✗ spent
new availability  99.9% of the time, over 30 days                    -  ··········  nothing known yet      -  ? unknown
`,
  );
  assert.deepEqual([run.code, run.err], [0, '']);
});

test('list --burning leaves out what is calm and has something left, also in JSON', async () => {
  const run = await runFakeCli(['slo', 'list', '--burning', '--json'], { answers: ALL });

  assert.deepEqual(
    JSON.parse(run.out).objectives.map(({ name }: Record<string, string>) => name),
    ['web p95', 'db availability'],
  );
});

test('without any promise, list says how to make one', async () => {
  const run = await runFakeCli(['slo', 'list'], { answers: { 'GET /api/v1/objectives': { objectives: [] } } });

  assert.deepEqual([run.code, run.out], [0, '']);
  assert.match(run.err, /Nothing is promised yet.*slo:/);
});

test('show tells windows and speeds, when the budget will be gone, and what that means for releases', async () => {
  const run = await runFakeCli(['slo', 'show', 'web p95'], { answers: ALL });

  assert.equal(
    run.out,
    `web p95  ✗ burning
  promise     95% of answers within 1s, this month (UTC)
  window      2026-11-01 00:00:00Z to 2026-12-01 00:00:00Z
  reached     96.120 %
  known       90.00 % of the window so far
  budget      █░░░░░░░░░  67 checks left
  speed       15×, gone in 1h30m at this speed
  when spent  releases are blocked until some of it is back

SEVERITY  LONG  BURNS  SHORT  BURNS  LIMIT  NOW
critical    1h    15×     5m    18×  14.4×  ✗ burning
warning     1d   1.3×     2h   7.5×     3×  ✓ calm
`,
  );
});

test('show takes the name of a service for all its promises, and says plainly what is spent or not known', async () => {
  const spent = await runFakeCli(['slo', 'show', 'db'], { answers: ALL });
  assert.match(spent.out, /reached {5}99\.000 %, less than promised/);
  assert.match(spent.out, /speed {7}0×, and nothing is left to spend/);
  assert.match(spent.out, /when spent {2}releases are blocked now/);

  const unknown = await runFakeCli(['slo', 'show', 'new'], { answers: ALL });
  assert.match(unknown.out, /reached {5}nothing was measured yet/);
  assert.doesNotMatch(unknown.out, /NaN|null|100/);
  const json = await runFakeCli(['slo', 'show', 'db', '--json'], { answers: ALL });
  assert.deepEqual(JSON.parse(json.out), { objectives: [SPENT] });
});

test('an unknown name is refused by the server, in its words', async () => {
  const { UNKNOWN_NAME } = defineErrors({
    UNKNOWN_NAME: { kind: 'not_found', message: 'Nothing is promised under the name {name}.', hint: 'See the list.' },
  });
  const answers = { ...ALL, 'GET /api/v1/objectives/:name': UNKNOWN_NAME({ name: 'nope' }) };

  const run = await runFakeCli(['slo', 'show', 'nope'], { answers });

  assert.equal(run.code, 4);
  assert.match(run.err, /nope/);
  assert.deepEqual(run.calls.at(-1), ['GET /api/v1/objectives/:name', { name: 'nope' }]);
});
