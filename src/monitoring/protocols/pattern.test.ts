import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pattern } from './pattern.ts';

const harmless = [
  'error|fatal',
  String.raw`\b(?:ERROR|FATAL)\b`,
  '5..',
  '^a+b*c$',
  String.raw`(?:\d{1,3}\.){3}\d{1,3}`,
  '(?:ab)+',
  String.raw`[+*(|]+\(\+\)`,
  '(?<level>error) .*',
  '.*(?:error|fatal|timeout).*',
  'error.*timed out',
  String.raw`^\S+ +\S+ \[error\] [^"]*"[^"]*" 5\d\d`,
  String.raw`"level":\s*"error"`,
  'https?://[a-z]+/',
];

for (const source of harmless) {
  test(`${source} is taken`, () => assert.deepEqual(pattern().parse(source), new RegExp(source)));
}

const refused: Readonly<Record<string, RegExp>> = {
  '(a+)+$': /cannot hold another one/,
  '(a|a)*b': /nor alternatives/,
  '(?:(a+)b?){11}': /cannot hold another one/,
  '((x+x+)+y)': /cannot hold another one/,
  '(?:a?){20,}': /cannot hold another one/,
  '(?:[^a]{1,9})*': /cannot hold another one/,
  [String.raw`(a)\1`]: /cannot refer back/,
  [String.raw`(?<x>a)\k<x>`]: /cannot refer back/,
  '.*.*.*x': /too many ways/,
  'error.*code.*5': /too many ways/,
  [String.raw`\s*\s*\s*x`]: /too many ways/,
  'a{0,100}a{0,100}a{0,100}x': /too many ways/,
  ['a?'.repeat(30) + 'a'.repeat(30)]: /too many ways/,
  ['(?:a|a)'.repeat(20)]: /too many ways/,
  ['(?:a?b?){9}'.repeat(2)]: /too many ways/,
  '(': /Expected a regular expression/,
  ['a'.repeat(201)]: /<=200/,
};

for (const [source, complaint] of Object.entries(refused)) {
  test(`${source.slice(0, 20)} is refused`, () => {
    assert.match(pattern().safeParse(source).error?.issues[0]?.message ?? '', complaint);
  });
}

test('no text keeps a pattern that is taken busy', () => {
  const signs = fc.constantFrom('a', 'b', '.', '[^a]', String.raw`\w`, 'a|b', '(?:a|ab)', '(?:ab)');
  const times = fc.constantFrom('', '', '*', '+', '?', '{0,9}', '{2,}', '*?');
  const sources = fc.array(
    fc.tuple(signs, times).map(([sign, often]) => `${sign.replace('a|b', '(?:a|b)')}${often}`),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  const texts = fc.constantFrom('a', 'ab', 'aab').map((piece) => `${piece.repeat(60)}!`);

  fc.assert(
    fc.property(sources, texts, (pieces, text) => {
      const { data } = pattern().safeParse(`${pieces.join('')}#`);
      const startedAt = performance.now();
      data?.test(text);
      assert.ok(performance.now() - startedAt < 1_000, String(data));
    }),
    { numRuns: 500 },
  );
});
