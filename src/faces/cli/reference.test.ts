import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands } from './commands/index.ts';
import { referenceMarkdown } from './reference.ts';

const catalogue = await commands.load();

const REFERENCE = referenceMarkdown(catalogue);

for (const { name, examples } of catalogue.all) {
  test(`the reference tells \`${name}\` with its examples`, () => {
    assert.match(REFERENCE, new RegExp(`^### ${name}$`, 'm'));
    for (const example of examples) assert.ok(REFERENCE.includes(`\n${example}\n`));
  });
}

test('the reference lists every exit status once, in order', () => {
  const [, table = ''] = REFERENCE.split('## Exit status\n');

  const codes = [...table.matchAll(/^\| (?<code>\d+) \|/gm)].map((match) => Number(match.groups?.['code']));
  assert.deepEqual(codes, [0, 1, 2, 3, 4, 5, 6, 70, 130]);
});
