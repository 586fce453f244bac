import assert from 'node:assert/strict';
import { test } from 'node:test';
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
  '(': /Expected a regular expression/,
  ['a'.repeat(201)]: /<=200/,
};

for (const [source, complaint] of Object.entries(refused)) {
  test(`${source.slice(0, 20)} is refused`, () => {
    assert.match(pattern().safeParse(source).error?.issues[0]?.message ?? '', complaint);
  });
}
