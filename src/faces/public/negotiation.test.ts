import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodingFor, languageFor, remembering, wantsJson } from './negotiation.ts';

const LANGUAGES: readonly (readonly [string, string])[] = [
  ['', 'en'],
  ['de', 'de'],
  ['de-AT', 'de'],
  ['DE-at,en;q=0.8', 'de'],
  ['fr,ar;q=0.9,de;q=0.8', 'ar'],
  ['en;q=0.1, de;q=0.2', 'de'],
  ['de;q=0', 'en'],
  ['zz-Latn-x', 'en'],
  ['*', 'en'],
  [',,;;q=', 'en'],
];

for (const [header, language] of LANGUAGES) {
  test(`Accept-Language "${header}" gets ${language} [STA-06/R]`, () => {
    assert.equal(languageFor(header, ['en', 'de', 'ar']), language);
  });
}

const ACCEPTS: readonly (readonly [string, boolean])[] = [
  ['', false],
  ['*/*', false],
  ['application/json', true],
  ['application/json, text/plain;q=0.5', true],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', false],
  ['text/html, application/json;q=0.9', false],
  ['application/json;q=0', false],
];

for (const [header, isJson] of ACCEPTS) {
  test(`Accept "${header}" gets ${isJson ? 'JSON' : 'the page'} [STA-02/R]`, () => {
    assert.equal(wantsJson(header), isJson);
  });
}

const ENCODINGS: readonly (readonly [string, string])[] = [
  ['', 'identity'],
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['deflate', 'identity'],
];

for (const [header, encoding] of ENCODINGS) {
  test(`Accept-Encoding "${header}" gets ${encoding}`, () => {
    assert.equal(encodingFor(header), encoding);
  });
}

test('what was made of a header is remembered, and memory stays bounded', () => {
  let parsed = 0;
  const lengthOf = remembering((header) => {
    parsed += 1;
    return header.length;
  });

  assert.deepEqual([lengthOf('abc'), lengthOf('abc')], [3, 3]);
  assert.equal(parsed, 1);
  for (let index = 0; index < 600; index += 1) lengthOf(`header ${index}`);
  lengthOf('abc');
  assert.equal(parsed, 602);
  lengthOf('x'.repeat(301));
  lengthOf('x'.repeat(301));
  assert.equal(parsed, 604);
});
