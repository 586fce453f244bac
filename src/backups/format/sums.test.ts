import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sumsText } from './sums.ts';

const SUM = 'a'.repeat(64);

test('sums stand in order of name, two blanks between digest and name', () => {
  const text = sumsText([
    { file: 'dump.zst.age', sha256: SUM },
    { file: 'RESTORE.md', sha256: 'b'.repeat(64) },
  ]);
  assert.equal(text, `${'b'.repeat(64)}  RESTORE.md\n${SUM}  dump.zst.age\n`);
});

test('what is no digest, or no plain name, does not get in', () => {
  assert.throws(() => sumsText([{ file: 'dump', sha256: 'A'.repeat(64) }]), /not a SHA-256/);
  for (const file of ['../dump', 'a/b', 'a\nb', 'a\\b', '-c', '']) {
    assert.throws(() => sumsText([{ file, sha256: SUM }]), /cannot stand/);
  }
});
