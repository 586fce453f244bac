import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { newCrossing, type Sample, take } from './crossing.ts';
import type { Rule, Step } from './rule.ts';

const EVERY_MS = MINUTE_MS;

const CPU: Rule = {
  name: 'high-cpu',
  reading: 'cpu',
  side: 'above',
  unit: 'share',
  steps: [
    { level: 'warning', limit: 0.8, forMs: 10 * MINUTE_MS },
    { level: 'critical', limit: 0.9, forMs: 15 * MINUTE_MS },
  ],
  runbook: 'high-resource-usage',
  monitors: null,
};

/** The level after each value, one a minute unless it says when. */
function levels(rule: Rule, values: readonly (number | readonly [minute: number, value: number])[]) {
  const crossing = newCrossing(rule);
  return values.map((each, index) => {
    const [minute, value] = typeof each === 'number' ? [index, each] : each;
    take(crossing, rule, { at: minute * MINUTE_MS, value, intervalMs: EVERY_MS });
    return crossing.level;
  });
}

const minutes = (count: number, value: number) => Array.from({ length: count }, () => value);

test('a value counts once it has been beyond its limit for the whole time, not a moment before', () => {
  const seen = levels(CPU, minutes(16, 0.95));

  assert.deepEqual(
    seen.map((level, minute) => [minute, level]).filter(([minute]) => [9, 10, 14, 15].includes(Number(minute))),
    [
      [9, null],
      [10, 'warning'],
      [14, 'warning'],
      [15, 'critical'],
    ],
  );
});

test('one value within the limit begins the time anew', () => {
  const seen = levels(CPU, [...minutes(9, 0.85), 0.8, ...minutes(10, 0.85)]);

  assert.ok(seen.every((level) => level === null));
});

test('a time without values proves nothing', () => {
  assert.deepEqual(
    levels(CPU, [
      [0, 0.95],
      [1, 0.95],
      [20, 0.95],
      [21, 0.95],
    ]),
    [null, null, null, null],
  );
});

test('one value is not enough, also where nothing has to last', () => {
  const disk: Rule = { ...CPU, steps: [{ level: 'warning', limit: 0.8, forMs: 0 }] };

  assert.deepEqual(levels(disk, [0.81, 0.5, 0.81, 0.81]), [null, null, null, 'warning']);
});

test('a value around its limit is told once: it is well when it is clearly within, or stays within', () => {
  const disk: Rule = { ...CPU, steps: [{ level: 'warning', limit: 0.8, forMs: 0 }] };

  assert.deepEqual(
    levels(disk, [0.81, 0.81, 0.79, 0.81, 0.79, 0.79]).slice(1),
    Array.from({ length: 5 }, () => 'warning'),
  );
  assert.deepEqual(levels(disk, [0.81, 0.81, 0.76]).at(-1), null);
  assert.deepEqual(levels(disk, [0.81, 0.81, 0.79, 0.79, 0.79]).at(-1), null);
});

test('where less is worse, it is the other way round', () => {
  const free: Rule = { ...CPU, side: 'below', steps: [{ level: 'critical', limit: 10, forMs: 0 }] };

  assert.deepEqual(levels(free, [10, 9, 9, 10.4, 10.5]), [null, null, 'critical', 'critical', null]);
});

/** Says the same from the whole series, in the plainest way there is. */
// oxlint-disable-next-line complexity -- in one piece it can be compared with the rules as they are written
function plainLevel(rule: Rule, samples: readonly Sample[]): string | null {
  let level: string | null = null;
  let calmFrom: number | null = null;
  for (const [index, sample] of samples.entries()) {
    const row = samples.slice(0, index + 1).toReversed();
    const gapAt = row.findIndex((each, back) => {
      const earlier = row[back + 1];
      return earlier !== undefined && each.at - earlier.at > 2 * each.intervalMs + 2 * SECOND_MS;
    });
    const unbroken = gapAt === -1 ? row : row.slice(0, gapAt + 1);
    for (const { level: name, limit, forMs } of rule.steps) {
      const end = unbroken.findIndex(({ value }) => value <= limit);
      const beyond = end === -1 ? unbroken : unbroken.slice(0, end);
      const lasted = sample.at - (beyond.at(-1)?.at ?? sample.at);
      if (beyond.length >= 2 && lasted >= forMs && (level === null || name === 'critical')) level = name;
    }
    if (level === null) {
      calmFrom = null;
      continue;
    }
    const { limit, forMs } = rule.steps[0];
    if (gapAt === 0) calmFrom = null;
    if (sample.value > limit) calmFrom = null;
    else {
      calmFrom ??= sample.at;
      const isWell = sample.value <= limit * 0.95 || sample.at - calmFrom >= Math.max(forMs / 2, 2 * sample.intervalMs);
      if (isWell) {
        level = null;
        calmFrom = null;
      }
    }
  }
  return level;
}

test('on any series of values it says what plain counting says', () => {
  const anyStep = (level: Step['level'], limit: number) =>
    fc.integer({ min: 0, max: 6 }).map((long): Step => ({ level, limit, forMs: long * MINUTE_MS }));
  const anyRule = fc.oneof(
    fc.tuple(anyStep('warning', 8), anyStep('critical', 9)).map((steps): Rule => ({ ...CPU, steps })),
    anyStep('critical', 8).map((step): Rule => ({ ...CPU, steps: [step] })),
  );
  const anySample = fc.record({
    afterMs: fc.constantFrom(EVERY_MS, EVERY_MS, EVERY_MS, 2 * EVERY_MS, 2 * EVERY_MS + 2_001, 30_000),
    value: fc.constantFrom(1, 7.6, 7.7, 8, 8.1, 8.9, 9, 9.1, 12),
  });

  fc.assert(
    fc.property(anyRule, fc.array(anySample, { maxLength: 40 }), (rule, steps) => {
      let at = 0;
      const samples = steps.map(({ afterMs, value }) => {
        at += afterMs;
        return { at, value, intervalMs: EVERY_MS };
      });
      const crossing = newCrossing(rule);
      for (const [index, sample] of samples.entries()) {
        take(crossing, rule, sample);
        assert.equal(crossing.level, plainLevel(rule, samples.slice(0, index + 1)));
        assert.equal(crossing.since === null, crossing.level === null);
      }
    }),
    { numRuns: 300 },
  );
});
