import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { referencePages } from '../tools/reference/pages.ts';

const FOLDER = path.resolve(import.meta.dirname, '../docs/reference');
const pages = referencePages();

for (const [name, text] of pages) {
  test(`docs/reference/${name} says what the program does; otherwise: npm run reference`, () => {
    assert.equal(readFileSync(path.join(FOLDER, name), 'utf8'), text);
  });
}

test('docs/reference holds nothing that is not written by npm run reference', () => {
  const files = readdirSync(FOLDER, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = files.map(({ parentPath, name }) => path.relative(FOLDER, path.join(parentPath, name)));
  assert.deepEqual(names.toSorted(), [...pages.keys()].toSorted());
});
