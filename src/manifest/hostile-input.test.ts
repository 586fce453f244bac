import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadText, saidOf } from '../../test/support/manifests.ts';

describe('files that would break a careless reader', () => {
  const line = (text: string) => `app: shop\nservices: ${text}\n`;
  const laughs = Array.from({ length: 9 }, (_, i) => `x-${i + 1}: &l${i + 1} [${`*l${i},`.repeat(10)}]`);
  const cases: readonly (readonly [what: string, text: string, said: RegExp])[] = [
    ['ten megabytes', `# ${'x'.repeat(10_000_000)}`, /1:1 The file .* is longer than the 1000000 bytes/],
    [
      'a billion laughs',
      `x-0: &l0 [lol]\n${laughs.join('\n')}\n`,
      /[567]:\d+ With its aliases written out this file has over 100000 values/,
    ],
    ['deep brackets', line('['.repeat(20_000)), /2:\d+ This is nested more than 40 levels deep/],
    ['deep braces', line('{a: '.repeat(20_000)), /2:\d+ This is nested more than 40 levels deep/],
    ['deep dashes', line(`\n${'- '.repeat(20_000)}`), /3:\d+ This is nested more than 40 levels deep/],
    [
      'deep indentation',
      line(`\n${Array.from({ length: 500 }, (_, i) => `${' '.repeat(i + 1)}a:`).join('\n')}`),
      /nested more than 40 levels/,
    ],
    [
      'deep aliases',
      `x-0: &a0 [[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]\nx-1: &a1 [[[[[[[[[[[[[[[*a0]]]]]]]]]]]]]]]\nx-2: [[[[[[[[[[[[[[[*a1]]]]]]]]]]]]]]]`,
      /3:\d+ With this alias the file is over 40 levels deep/,
    ],
    [
      'twenty thousand keys',
      line(`\n${Array.from({ length: 20_000 }, (_, i) => `  k${i}: 1`).join('\n')}`),
      /services\.k0: expected keys/,
    ],
    ['twenty thousand doubled keys', '"": v\n'.repeat(20_000), /2:1 The key "" stands here a second time/],
    ['zeros', '\0'.repeat(1000), /1:1 This is not UTF-8 text/],
  ];
  for (const [what, text, said] of cases) {
    test(what, async () => {
      const result = await loadText(text);

      assert.equal(result.outcome, 'invalid');
      assert.match(saidOf(result).join('\n'), said);
      assert.ok('problems' in result && result.problems.length <= 100);
      for (const one of saidOf(result)) assert.doesNotMatch(one, /\n|\bat .*:\d+:\d+\)/, 'no stack trace');
    });
  }
});
