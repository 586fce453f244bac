import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const ROOT = path.resolve(import.meta.dirname, '..');

const catalogues = globSync('src/**/*.ts', { cwd: ROOT, exclude: ['**/*.test.ts'] })
  .map((file) => readFileSync(path.join(ROOT, file), 'utf8'))
  .filter((source) => source.includes('defineErrors({'));
const defined = catalogues
  .flatMap((source) => [...source.matchAll(/^ {2}(?<code>[A-Z]+(?:_[A-Z\d]+)+): \{/gm)])
  .map((match) => match.groups?.['code'] ?? '');
const manual = readFileSync(path.join(ROOT, 'docs/errors.md'), 'utf8');
const [, ...sections] = manual.split(/^## /m);

// People search for a code, and scripts branch on it: codes are part of the interface.
test('docs/errors.md describes exactly the error codes there are, in alphabetical order', () => {
  const described = sections.map((section) => section.split('\n')[0] ?? '');

  assert.ok(defined.length > 20);
  assert.deepEqual(described, defined.toSorted());
});

test('every error code is defined once', () => {
  assert.equal(new Set(defined).size, defined.length);
});

test('every error code is described in sentences that say more than its message', () => {
  for (const section of sections) {
    const [code = '', ...rest] = section.split('\n');
    assert.match(rest.join(' ').trim(), /^\S.{40,}[.:`)]$/, code);
  }
});
