import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import packageJson from '../package.json' with { type: 'json' };
import { ROOT, readDocument } from './support/documents.ts';

const files = globSync('docs/adr/[0-9]*.md', { cwd: ROOT }).toSorted();

for (const file of files) {
  test(`${path.basename(file, '.md')} has status, context, options, decision and consequences [DOC-08/D]`, () => {
    const text = readDocument(file);

    assert.match(text, /^---\nstatus: (?:accepted|superseded by \d{4})\ndate: \d{4}-\d\d-\d\d\n---\n\n# \S/);
    const parts = [
      '## Context and Problem Statement',
      '## Considered Options',
      '## Decision Outcome',
      '### Consequences',
    ];
    const found = parts.map((heading) => text.indexOf(`\n${heading}\n\n`));
    assert.ok(!found.includes(-1), 'a part is missing');
    assert.deepEqual(
      found,
      found.toSorted((one, other) => one - other),
    );
    const [, , options = ''] = text.split(/^#+ .*$/m).slice(1);
    assert.ok((options.match(/^- /gm) ?? []).length >= 2, 'a decision is one between options');
  });
}

test('decisions are numbered without a gap, and the index lists them all by their titles [DOC-08/D]', () => {
  const numbers = files.map((file) => Number(path.basename(file).slice(0, 4)));
  assert.deepEqual(
    numbers,
    files.map((_, index) => index + 1),
  );

  const listed = [...readDocument('docs/adr/README.md').matchAll(/^- \[\d{4}\]\((?<file>.*?)\) (?<title>.*)$/gm)];
  assert.deepEqual(
    listed.map(({ groups }) => [groups?.['file'], groups?.['title']]),
    files.map((file) => [path.basename(file), /^# (?<title>.*)$/m.exec(readDocument(file))?.groups?.['title']]),
  );
});

test('every dependency has its reason, its rivals and its cost, and no other has a section [DOC-08/D]', () => {
  const text = readDocument('docs/adr/0005-dependencies-with-reasons.md');
  const reasoned = [...text.matchAll(/^### (?<name>\S+)\n\n- Why: [^]*?\n- Instead: [^]*?\n- Cost: /gm)];

  assert.deepEqual(
    reasoned.map((match) => match.groups?.['name'] ?? '').toSorted(),
    Object.keys(packageJson.dependencies).toSorted(),
  );
});
