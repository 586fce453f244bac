import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE_MS } from '../../kernel/clock.ts';
import type { Step } from './rule.ts';
import { rulesOf } from './rules-of.ts';
import { Thresholds } from './section.ts';
import { PRESETS } from './standard.ts';

const rules = (written: unknown) => rulesOf(Thresholds.parse(written));
const row = (written: unknown, name: string) => {
  const rule = rules(written).find((each) => each.name === name);
  return rule && { reading: rule.reading, limits: rule.steps.map(shown), runbook: rule.runbook };
};
const shown = ({ level, limit, forMs }: Step) => [level, limit, forMs / MINUTE_MS];

test('a full disk is a warning above 80 %, whatever the manifest leaves out [ALR-16/R]', () => {
  assert.deepEqual(row({}, 'disk-space'), {
    reading: 'disk',
    limits: [
      ['warning', 0.8, 0],
      ['critical', 0.9, 0],
    ],
    runbook: 'disk-space',
  });
});

test('a processor that stays above 90 % is told of, by default and by the cost policy [ALR-17/R]', () => {
  const { runbook, limits } = row({}, 'high-cpu') ?? {};

  assert.deepEqual(limits, [
    ['warning', 0.8, 10],
    ['critical', 0.9, 15],
  ]);
  assert.equal(runbook, 'high-resource-usage');
  assert.deepEqual(row({ preset: 'cost-policy' }, 'high-cpu')?.limits, [['warning', 0.9, 15]]);
});

test('the standard names for each metric its limit, level and runbook', () => {
  assert.deepEqual(
    PRESETS.standard.map(({ name, reading, runbook, steps }) => [name, reading, runbook, ...steps.map(shown).flat()]),
    [
      ['high-error-rate', 'error_rate', 'high-error-rate', 'critical', 0.05, 0],
      ['high-latency', 'p95', 'high-latency', 'warning', 1_000, 0],
      ['high-cpu', 'cpu', 'high-resource-usage', 'warning', 0.8, 10, 'critical', 0.9, 15],
      ['high-memory', 'memory', 'high-resource-usage', 'critical', 0.9, 0],
      ['db-pool', 'db_pool', 'database-errors', 'warning', 0.9, 0],
      ['disk-space', 'disk', 'disk-space', 'warning', 0.8, 0, 'critical', 0.9, 0],
    ],
  );
});

test('the preset of the key metrics warns of a disk above 85 %', () => {
  assert.deepEqual(row({ preset: 'key-metrics' }, 'disk-space')?.limits, [['warning', 0.85, 0]]);
});

test('a rule of the manifest takes the place of the one with its name, and `off` takes it away', () => {
  const disk = { reading: 'disk', above: '85%', for: '5m', runbook: 'disk-space', monitors: ['host'] };
  const found = rules({ 'disk-space': disk, 'high-latency': 'off', 'high-cpu': false });

  assert.deepEqual(
    found.map(({ name }) => name),
    ['high-error-rate', 'high-memory', 'db-pool', 'disk-space'],
  );
  assert.deepEqual(found.at(-1), {
    name: 'disk-space',
    reading: 'disk',
    side: 'above',
    unit: 'share',
    steps: [{ level: 'warning', limit: 0.85, forMs: 5 * MINUTE_MS }],
    runbook: 'disk-space',
    monitors: ['host'],
  });
});

test('limits may be percentages, durations or numbers, one or one for each level', () => {
  const written = {
    preset: 'none',
    queue: {
      reading: 'queue',
      above: { warning: 100, critical: 1_000 },
      for: { warning: '5m', critical: '1m' },
      runbook: 'q',
    },
    lag: { reading: 'lag', above: '30s', level: 'critical', runbook: 'lag' },
    free: { reading: 'free', below: '10%', runbook: 'disk-space' },
  };

  assert.deepEqual(
    rules(written).map(({ side, unit, steps }) => [side, unit, ...steps.map(shown)]),
    [
      ['above', 'number', ['warning', 100, 5], ['critical', 1_000, 1]],
      ['above', 'ms', ['critical', 30_000, 0]],
      ['below', 'share', ['warning', 0.1, 0]],
    ],
  );
});

for (const { name, rule, says } of [
  { name: 'no runbook', rule: { reading: 'disk', above: '85%' }, says: /runbook/i },
  { name: 'no limit', rule: { reading: 'disk', runbook: 'x' }, says: /either `above` or `below`/ },
  { name: 'two sides', rule: { reading: 'disk', above: 1, below: 2, runbook: 'x' }, says: /either `above` or `below`/ },
  { name: 'a limit of no unit', rule: { reading: 'disk', above: 'much', runbook: 'x' }, says: /percentage such as/ },
  {
    name: 'a critical limit that comes before the warning',
    rule: { reading: 'disk', above: { warning: '90%', critical: '80%' }, runbook: 'x' },
    says: /beyond the one for a warning/,
  },
  {
    name: 'limits in two units',
    rule: { reading: 'disk', above: { warning: '80%', critical: 1 }, runbook: 'x' },
    says: /same unit/,
  },
]) {
  test(`a rule with ${name} is refused in words that say what is missing`, () => {
    const { error } = Thresholds.safeParse({ mine: rule });

    assert.match(JSON.stringify(error?.issues), says);
  });
}
