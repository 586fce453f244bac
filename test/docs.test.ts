import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import packageJson from '../package.json' with { type: 'json' };
import { commandsIn, DOCUMENTS, proseOf, ROOT, readDocument } from './support/documents.ts';

/** Where the commands of the README are tried out; the others are npm scripts, whose existence is checked below. */
const TRIED_IN: Readonly<Record<string, string>> = {
  'npm ci && npm start': 'test/e2e/demo.test.ts',
  'npm ci && npm install --global .': 'test/e2e/first-hour.test.ts',
  'evenkeel init': 'test/e2e/first-hour.test.ts',
  'evenkeel check': 'test/e2e/first-hour.test.ts',
  'evenkeel serve': 'test/e2e/first-hour.test.ts',
  'evenkeel token create --name laptop --role operator --expires 90d': 'test/e2e/first-hour.test.ts',
  'npm ci && npm test': 'tools/test.ts',
};

/** Named, but made by running something. */
const MADE_LATER = ['examples/shop/data'];

for (const { file, text } of DOCUMENTS) {
  test(`every link in ${file} leads somewhere`, () => {
    const links = [...proseOf(text).matchAll(/\]\((?<target>[^)\s]+)\)/g)].map(
      (match) => match.groups?.['target'] ?? '',
    );
    for (const link of links.filter((target) => !/^[a-z]+:/.test(target))) {
      const [target = '', anchor] = link.split('#');
      const found = target === '' ? file : path.join(path.dirname(file), target);
      assert.ok(existsSync(path.join(ROOT, found)), `${link}: there is no ${found}`);
      if (anchor !== undefined) assert.ok(anchorsOf(found).includes(anchor), `${link}: there is no #${anchor}`);
    }
  });

  // It quotes the requirements, which speak of other people's projects.
  if (file === 'docs/implementation-status.md') continue;

  test(`every path that ${file} names is there`, () => {
    for (const [, named = ''] of text.matchAll(/`((?:src|test|tools|docs|bench|bin|examples)\/[^`\s]*)`/g)) {
      const pattern = named.replaceAll(/<[\w-]+>/g, '*');
      const isThere = MADE_LATER.includes(named) || globSync(pattern, { cwd: ROOT }).length > 0;
      assert.ok(isThere, `there is no ${named}`);
    }
  });

  test(`every npm script that ${file} names is there`, () => {
    for (const [, script = ''] of text.matchAll(/npm run (\w+)/g)) {
      assert.ok(script in packageJson.scripts, `package.json has no script "${script}"`);
    }
  });
}

test('every command in the README is tried out by a test', () => {
  assert.deepEqual(new Set(commandsIn(readDocument('README.md'))), new Set(Object.keys(TRIED_IN)));
  for (const file of Object.values(TRIED_IN)) assert.ok(existsSync(path.join(ROOT, file)), `there is no ${file}`);
});

/** As GitHub makes them of headings, and those that are written out. */
function anchorsOf(file: string): readonly string[] {
  const text = readDocument(file);
  const headings = [...proseOf(text).matchAll(/^#+ (?<heading>.+)$/gm)].map((match) => match.groups?.['heading'] ?? '');
  const slugs = headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
  const written = [...text.matchAll(/<a id="(?<id>[^"]+)">/g)].map((match) => match.groups?.['id'] ?? '');
  return [...slugs, ...written];
}
