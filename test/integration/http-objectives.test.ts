import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anObjective } from '../support/area-facts.ts';
import { openHttpFace } from '../support/http-face.ts';

const UNKNOWN = anObjective({
  name: 'web p95',
  monitor: 'web',
  kind: 'checks',
  target: 0.95,
  reached: null,
  coverage: 0,
  budgetLeft: null,
  budgetLeftMs: null,
  burnRate: null,
  goneAt: null,
  burn: [
    {
      severity: 'critical',
      longMs: 3_600_000,
      shortMs: 300_000,
      factor: 14.4,
      longRate: null,
      shortRate: null,
      isBurning: false,
    },
  ],
});

test('what was promised, reached and is left can be asked for, all of it or one [SLO-01/R]', async (t) => {
  const { ask } = await openHttpFace(t, { objectives: [anObjective(), UNKNOWN] });

  const { status, json } = await ask('GET', '/api/v1/objectives', { as: 'viewer' });

  assert.equal(status, 200);
  assert.deepEqual(
    json.objectives.map(({ name }: { name: string }) => name),
    ['api availability', 'web p95'],
  );
  assert.deepEqual(json.objectives[0], {
    ...anObjective(),
    from: '2026-10-21T09:30:00.000Z',
    to: '2026-11-20T09:30:00.000Z',
    goneAt: '2026-11-21T03:30:00.000Z',
  });
  assert.deepEqual(
    [json.objectives[1].reached, json.objectives[1].budgetLeft, json.objectives[1].goneAt],
    [null, null, null],
  );
  const one = await ask('GET', '/api/v1/objectives/web%20p95', { as: 'viewer' });
  assert.deepEqual(one.json, json.objectives[1]);
});

test('a promise nobody made is named in the refusal, with what to do', async (t) => {
  const { ask } = await openHttpFace(t);

  const { status, json } = await ask('GET', '/api/v1/objectives/api%20p42', { as: 'viewer' });

  assert.deepEqual([status, json.error.code], [404, 'HTTP_OBJECTIVE_UNKNOWN']);
  assert.match(json.error.message, /api p42/);
  assert.match(json.error.hint, /evenkeel slo list/);
});

test('/metrics tells Prometheus of each promise, and nothing of what is not known', async (t) => {
  const { ask } = await openHttpFace(t, { objectives: [anObjective(), UNKNOWN] });

  const { text } = await ask('GET', '/metrics', { as: 'viewer' });

  const lines = text.split('\n').filter((line) => line.startsWith('evenkeel_objective_'));
  assert.deepEqual(lines.toSorted(), [
    'evenkeel_objective_budget_left_ratio{objective="api availability",monitor="api"} 0.5',
    'evenkeel_objective_burn_rate{objective="api availability",monitor="api",window="1h"} 20',
    'evenkeel_objective_burn_rate{objective="api availability",monitor="api",window="5m"} 240',
    'evenkeel_objective_reached_ratio{objective="api availability",monitor="api"} 0.9995',
    'evenkeel_objective_target_ratio{objective="api availability",monitor="api"} 0.999',
    'evenkeel_objective_target_ratio{objective="web p95",monitor="web"} 0.95',
  ]);
});
