import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { SUITES } from './suites.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

test('every test file belongs to exactly one suite', () => {
  const all = globSync('**/*.test.ts', { cwd: ROOT, exclude: ['**/node_modules', 'dist', '.evenkeel'] });
  assert.ok(all.length > 50);

  for (const file of all) {
    const owners = SUITES.filter(({ files }) => files.some((pattern) => path.matchesGlob(file, pattern)));
    assert.equal(owners.length, 1, `${file} is in ${owners.length} suites (tools/testing/suites.ts)`);
  }
});
