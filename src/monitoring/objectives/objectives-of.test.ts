import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monitors, service } from '../../../test/support/watched.ts';
import { MINUTE_MS } from '../../kernel/clock.ts';
import type { Monitor } from '../monitor.ts';
import { objectivesOf } from './objectives-of.ts';
import { Slo } from './section.ts';

const API: readonly Monitor[] = monitors([service('api')]).map((each) => ({ ...each, intervalMs: MINUTE_MS }));

function planOf(written: Readonly<Record<string, unknown>>, watched = API) {
  return objectivesOf(watched, { services: { api: { slo: Slo.parse(written) } }, monitors: {} });
}

test('one `slo` makes an objective of each promise, with every default filled in', () => {
  const { objectives, notes } = planOf({ availability: '99.9%', p95: '1s', p99: '2s' });

  assert.deepEqual(
    objectives.map(({ name, kind, target, limitMs }) => [name, kind, target, limitMs]),
    [
      ['api availability', 'time', 0.999, null],
      ['api p95', 'checks', 0.95, 1000],
      ['api p99', 'checks', 0.99, 2000],
    ],
  );
  const [{ period, zone, maintenance, degraded, minChecks, whenSpent, pairs } = assert.fail()] = objectives;
  assert.deepEqual(
    { period, zone, maintenance, degraded, minChecks, whenSpent },
    { period: '30d', zone: 'UTC', maintenance: 'excluded', degraded: 'good', minChecks: 20, whenSpent: 'allowed' },
  );
  assert.deepEqual(
    pairs.map(({ factor }) => factor),
    [14.4, 6, 3, 1],
  );
  assert.deepEqual(notes, []);
});

test('written pairs replace the usual ones', () => {
  const burn = [{ severity: 'info', long: '2h', short: '10m', factor: 10 }];

  assert.deepEqual(planOf({ availability: '99%', burn }).objectives[0]?.pairs, [
    { severity: 'info', longMs: 120 * MINUTE_MS, shortMs: 10 * MINUTE_MS, factor: 10 },
  ]);
});

test('a promise about something nobody watches is said to be empty', () => {
  const { objectives, notes } = planOf({ availability: '99.9%' }, []);

  assert.deepEqual(objectives, []);
  assert.deepEqual(notes[0]?.path, ['services', 'api', 'slo']);
  assert.match(notes[0]?.message ?? '', /Nothing watches this service/);
});

test('a budget smaller than two checks are apart is said to be spent by the first failure', () => {
  const { notes } = planOf({ availability: '99.999%', over: '7d' });

  assert.deepEqual(
    notes.map(({ path }) => path.join('.')),
    ['services.api.slo.availability'],
  );
  assert.match(
    notes[0]?.message ?? '',
    /^99\.999% of 7d leaves 6s to lose, and checks come every 1m: the first failure/,
  );
  assert.deepEqual(planOf({ availability: '99.99%' }).notes, []);
});

test('checks too rare for any critical window are said to be', () => {
  const rare = API.map((each) => ({ ...each, intervalMs: 30 * MINUTE_MS }));

  const { notes } = planOf({ p95: '1s' }, rare);

  assert.match(notes[0]?.message ?? '', /longest critical window holds 12 checks.*fewer than 20/);
  assert.deepEqual(planOf({ availability: '99%' }, rare).notes, [], 'time is known between checks too');
});
