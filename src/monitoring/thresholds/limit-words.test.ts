import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitWords } from './limit-words.ts';
import { rulesOf } from './rules-of.ts';
import { Thresholds } from './section.ts';

const CASES: readonly (readonly [written: object, words: readonly string[]])[] = [
  [{ above: '80%' }, ['> 80%']],
  [
    { above: { warning: '80%', critical: '90%' }, for: { warning: '10m', critical: '15m' } },
    ['> 80% for 10m', '> 90% for 15m'],
  ],
  [{ above: '1s', for: '90s' }, ['> 1s for 1m30s']],
  [{ above: 10_000 }, ['> 10,000']],
  [{ below: { warning: '10%', critical: '2.5%' } }, ['< 10%', '< 2.5%']],
];

for (const [written, words] of CASES) {
  test(`${JSON.stringify(written)} reads ${words.join(' and ')}`, () => {
    const [rule] = rulesOf(Thresholds.parse({ preset: 'none', r: { ...written, reading: 'x', runbook: 'x' } }));

    assert.deepEqual(
      rule?.steps.map((step) => limitWords(rule, step)),
      words,
    );
  });
}
