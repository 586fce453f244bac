import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aCrossing } from '../support/area-facts.ts';
import { openHttpFace } from '../support/http-face.ts';

test('every rule in force comes with reading, limits in words, level and runbook', async (t) => {
  const { ask } = await openHttpFace(t);

  const { status, json } = await ask('GET', '/api/v1/thresholds', { as: 'viewer' });

  assert.equal(status, 200);
  const rows = json.thresholds.map((each: Row) => [
    each.rule,
    each.reading,
    each.levels.map(({ level, words }) => `${level} ${words}`).join(', '),
    each.runbook,
  ]);
  assert.deepEqual(rows, [
    ['high-error-rate', 'error_rate', 'critical > 5%', 'high-error-rate'],
    ['high-latency', 'p95', 'warning > 1s', 'high-latency'],
    ['high-cpu', 'cpu', 'warning > 80% for 10m, critical > 90% for 15m', 'high-resource-usage'],
    ['high-memory', 'memory', 'critical > 90%', 'high-resource-usage'],
    ['db-pool', 'db_pool', 'warning > 90%', 'database-errors'],
    ['disk-space', 'disk', 'warning > 80%, critical > 90%', 'disk-space'],
  ]);
  assert.deepEqual(json.thresholds[1], {
    rule: 'high-latency',
    reading: 'p95',
    side: 'above',
    unit: 'ms',
    levels: [{ level: 'warning', limit: 1_000, forMs: 0, words: '> 1s' }],
    runbook: 'high-latency',
    monitors: null,
  });
});

test('what is beyond its limit now is told with its reason, since when, and what to do', async (t) => {
  const { ask } = await openHttpFace(t, { crossed: [aCrossing()] });

  const { json } = await ask('GET', '/api/v1/thresholds', { as: 'viewer' });

  assert.deepEqual(json.crossed, [{ ...aCrossing(), since: '2026-11-20T09:30:00.000Z' }]);
});

test('/metrics has a line for what is crossed, and none for it once it is well again', async (t) => {
  let crossed = [aCrossing(), aCrossing({ rule: 'high-cpu', reading: 'cpu', level: 'warning' })];
  const { ask } = await openHttpFace(t, {
    get crossed() {
      return crossed;
    },
  });
  const lines = async () => {
    const { text } = await ask('GET', '/metrics', { as: 'viewer' });
    return text.split('\n').filter((line) => line.startsWith('evenkeel_threshold_'));
  };
  const disk = 'evenkeel_threshold_crossed{rule="disk-space",monitor="host",reading="disk:/var",level="critical"} 1';

  assert.deepEqual(await lines(), [
    disk,
    'evenkeel_threshold_crossed{rule="high-cpu",monitor="host",reading="cpu",level="warning"} 1',
  ]);
  crossed = crossed.slice(0, 1);
  assert.deepEqual(await lines(), [disk]);
});

interface Row {
  readonly rule: string;
  readonly reading: string;
  readonly levels: readonly { readonly level: string; readonly words: string }[];
  readonly runbook: string;
}
