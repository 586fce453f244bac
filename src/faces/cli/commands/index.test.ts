import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { parseCommandLine } from '../parse.ts';
import { commands } from './index.ts';

const catalogue = await commands.load();

test('every file in commands is registered under its own name', () => {
  const files = readdirSync(import.meta.dirname)
    .filter((file) => file !== 'index.ts' && !file.endsWith('.test.ts'))
    .map((file) => file.replace('.ts', '').replaceAll('-', ' '));

  assert.deepEqual(catalogue.all.map(({ name }) => name).toSorted(), files.toSorted());
});

for (const command of catalogue.all) {
  const { name, kind, examples } = command;

  test(`\`${name}\` offers what a command of its kind must`, () => {
    if (kind === 'read') assert.ok('json' in command.options || 'format' in command.options, 'no --json');
    if (kind === 'change') assert.ok('dryRun' in command.options, 'no --dry-run');
  });

  test(`\`${name}\` says what it does in sentences`, () => {
    assert.match(command.summary, /^[A-Z].*\.$/);
    assert.match(command.description, /\.$/);
    for (const { summary } of [...Object.values(command.options), ...Object.values(command.arguments)]) {
      assert.match(summary, /\.$/);
    }
  });

  for (const example of examples.filter((each) => each.startsWith('evenkeel '))) {
    test(`\`${example}\` is a command line that is understood`, () => {
      const { wish } = parseCommandLine(wordsOf(example).slice(1), catalogue, '0.1.0');

      assert.equal(wish.ask === 'run' && wish.command.name, name);
    });
  }

  test(`\`${name}\` keeps the names of its arguments and options apart`, () => {
    const names = [...Object.keys(command.arguments), ...Object.keys(command.options)];

    assert.equal(new Set(names).size, names.length);
  });
}

/** What a shell would hand over: everything up to a pipe or a redirection. */
function wordsOf(example: string): readonly string[] {
  const [own = ''] = example.split(/ [|>] /);
  return (own.match(/(?:"[^"]*"|[^\s"])+/g) ?? []).map((word) => word.replaceAll('"', ''));
}
