import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { DAY_MS, MINUTE_MS } from '../../src/kernel/clock.ts';
import { formatDuration } from '../../src/kernel/duration.ts';
import type { CheckTallies } from '../../src/monitoring/objectives/check-tallies.ts';
import { measure } from '../../src/monitoring/objectives/measure.ts';
import type { BurnPair, Objective } from '../../src/monitoring/objectives/objective.ts';
import { CALM, nextStanding } from '../../src/monitoring/objectives/standing.ts';
import { promisesOf } from '../support/promises.ts';
import { requireProgram } from '../support/servers/install.ts';

const PROMTOOL = requireProgram({ name: 'promtool', packages: ['prometheus'] });
/** When the first check was made. */
const BASE = Date.parse('2026-11-02T00:00:00Z');

/** So many minutes with so many checks in each, some of them bad. */
interface Stretch {
  readonly minutes: number;
  readonly checks: number;
  readonly bad: number;
}

const GOOD_DAYS: Stretch = { minutes: 3 * 1_440, checks: 1, bad: 0 };
const OUTAGE: Stretch = { minutes: 60, checks: 1, bad: 1 };

const SCENARIOS = [
  { what: 'a total outage at 99.9 %', availability: '99.9%', story: [GOOD_DAYS, OUTAGE] },
  {
    what: 'a total outage at 90 %, where 14.4 could never be reached',
    availability: '90%',
    story: [GOOD_DAYS, OUTAGE],
  },
  {
    what: 'a slow loss of 4 % at 99.5 %',
    availability: '99.5%',
    story: [
      { ...GOOD_DAYS, checks: 50 },
      { minutes: 300, checks: 50, bad: 2 },
    ],
  },
  {
    what: 'a busy hour after quiet days',
    availability: '99%',
    story: [GOOD_DAYS, { minutes: 60, checks: 1_000, bad: 100 }],
  },
] as const;

for (const { what, availability, story } of SCENARIOS) {
  test(`Prometheus counts and tells the same as we do: ${what} [SLO-01/R]`, async (t) => {
    const objective = objectiveOf(availability);
    const minutes = story.reduce((sum, each) => sum + each.minutes, 0);
    const last = await measuredAt(objective, story, minutes);
    const fires = await firstCritical(objective, story);
    const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-promtool-'));
    t.after(() => rmSync(folder, { recursive: true }));

    const rates = objective.pairs.flatMap(({ longMs, shortMs }, index) => [
      { windowMs: longMs, rate: last.rates[index]?.long },
      { windowMs: shortMs, rate: last.rates[index]?.short },
    ]);
    writeFileSync(path.join(folder, 'rules.json'), JSON.stringify(rulesOf(objective)));
    writeFileSync(
      path.join(folder, 'tests.json'),
      JSON.stringify({
        rule_files: ['rules.json'],
        evaluation_interval: '1m',
        tests: [
          {
            interval: '1m',
            input_series: [series('checks_total', story, 'checks'), series('checks_bad_total', story, 'bad')],
            promql_expr_test: rates.map(({ windowMs, rate }) => {
              assert.ok(typeof rate === 'number', `no rate over ${formatDuration(windowMs)}`);
              const expr = `abs(${rateOf(objective, windowMs)} - ${rate}) < bool 0.000001`;
              return { expr, eval_time: `${minutes}m`, exp_samples: [{ labels: '{}', value: 1 }] };
            }),
            alert_rule_test: [
              { alertname: 'Critical', eval_time: `${fires - 1}m`, exp_alerts: [] },
              { alertname: 'Critical', eval_time: `${fires}m`, exp_alerts: [{ exp_labels: { severity: 'critical' } }] },
            ],
          },
        ],
      }),
    );

    const said = execFileSync(PROMTOOL, ['test', 'rules', 'tests.json'], { cwd: folder, encoding: 'utf8' });
    assert.match(said, /SUCCESS/);
  });
}

function objectiveOf(availability: string): Objective {
  const [objective] = promisesOf({ availability, counted: 'checks', min_checks: 2 }).objectives;
  assert.ok(objective);
  return objective;
}

/** Counts what was checked before `to`, minute by minute. */
function talliesOf(story: readonly Stretch[]): CheckTallies {
  const each = story.flatMap(({ minutes, checks, bad }) => Array.from({ length: minutes }, () => ({ checks, bad })));
  return {
    async read(_objective, _monitorId, { from, to }) {
      const inside = each.slice(Math.max(0, (from - BASE) / MINUTE_MS), Math.max(0, (to - BASE) / MINUTE_MS));
      const bad = inside.reduce((sum, minute) => sum + minute.bad, 0);
      return { good: inside.reduce((sum, minute) => sum + minute.checks, 0) - bad, bad };
    },
  };
}

function measuredAt(objective: Objective, story: readonly Stretch[], minute: number) {
  const past = { monitorId: 1, changes: [{ at: BASE - 100 * DAY_MS, state: 'up' as const, reason: null }] };
  return measure(objective, past, talliesOf(story), BASE + minute * MINUTE_MS);
}

/** The first minute of the last stretch at which we would call it critical. */
async function firstCritical(objective: Objective, story: readonly Stretch[]): Promise<number> {
  const minutes = story.reduce((sum, each) => sum + each.minutes, 0);
  for (let minute = minutes - (story.at(-1)?.minutes ?? 0); minute <= minutes; minute += 1) {
    const { rates } = await measuredAt(objective, story, minute);
    const { standing } = nextStanding(CALM, objective.pairs, { rates, budgetLeft: null }, BASE);
    // A single failed check is told by nobody but Prometheus.
    const isOne = rates.some(({ isMoreThanOne }) => !isMoreThanOne);
    if (standing.told === 'critical' || (isOne && wouldFire(objective.pairs, rates))) return minute;
  }
  return assert.fail('It never becomes critical.');
}

function wouldFire(
  pairs: readonly BurnPair[],
  rates: readonly { long: number | null; short: number | null }[],
): boolean {
  return pairs.some(
    ({ severity, factor }, index) =>
      severity === 'critical' && (rates[index]?.long ?? 0) > factor && (rates[index]?.short ?? 0) > factor,
  );
}

function rateOf({ target }: Objective, windowMs: number): string {
  const window = formatDuration(windowMs);
  const lost = `sum(increase(checks_bad_total[${window}])) / sum(increase(checks_total[${window}]))`;
  return `(${lost} / ${Number((1 - target).toFixed(12))})`;
}

function rulesOf(objective: Objective) {
  const critical = objective.pairs.filter(({ severity }) => severity === 'critical');
  const expr = critical
    .map(({ longMs, shortMs, factor }) => {
      return `(${rateOf(objective, longMs)} > ${factor} and ${rateOf(objective, shortMs)} > ${factor})`;
    })
    .join(' or ');
  return { groups: [{ name: 'slo', rules: [{ alert: 'Critical', expr, labels: { severity: 'critical' } }] }] };
}

/** A counter, sampled every minute: its value is what was counted before. */
function series(name: string, story: readonly Stretch[], what: 'checks' | 'bad') {
  let count = 0;
  const parts = story.map((stretch) => {
    const step = stretch[what];
    const part = `${count + step}+${step}x${stretch.minutes - 1}`;
    count += step * stretch.minutes;
    return part;
  });
  return { series: name, values: `0 ${parts.join(' ')}` };
}
