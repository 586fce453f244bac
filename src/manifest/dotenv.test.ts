import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseDotenv } from './dotenv.ts';

describe('a .env file', () => {
  const cases: readonly (readonly [what: string, text: string, variables: Readonly<Record<string, string>>])[] = [
    ['gives names and values', 'A=1\nB=two words\n', { A: '1', B: 'two words' }],
    ['ignores comments and empty lines', '# A=1\n\n  # B\nC=3', { C: '3' }],
    ['keeps a # that has no white space before it', 'PASSWORD=a#b#c', { PASSWORD: 'a#b#c' }],
    ['ends a value at a # after white space', 'A=1 # one\nB=\t# nothing', { A: '1', B: '' }],
    ['takes single quotes literally', `A='x # "y" $Z \\n'`, { A: 'x # "y" $Z \\n' }],
    ['reads escapes in double quotes', 'A="one\\ntwo \\"three\\" # four"', { A: 'one\ntwo "three" # four' }],
    [
      'lets quotes go over several lines',
      'KEY="-----BEGIN\nabc\n-----END"\nB=2',
      { KEY: '-----BEGIN\nabc\n-----END', B: '2' },
    ],
    ['ignores white space around the sign and the value', '  A = 1  ', { A: '1' }],
    ['knows export', 'export A=1', { A: '1' }],
    ['reads Windows line ends', 'A=1\r\nB="2"\r\n', { A: '1', B: '2' }],
    ['gives the last of two', 'A=1\nA=2', { A: '2' }],
    ['fills nothing in', 'A=${B}', { A: '${B}' }],
    ['gives an empty value', 'A=\nB=2', { A: '', B: '2' }],
    ['skips what is no assignment', 'hello\n=1\n2A=3\nB=4', { B: '4' }],
  ];
  for (const [what, text, variables] of cases) {
    test(what, () => assert.deepEqual(Object.fromEntries(parseDotenv(text)), variables));
  }

  test('cannot be made slow by a quote that never ends', () => {
    parseDotenv(`A="${'\\'.repeat(50_000)}`);
    parseDotenv('A="\n'.repeat(20_000));
  });
});
