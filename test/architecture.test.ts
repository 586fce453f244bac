import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { FLOORS } from '../tools/lint/floors.ts';
import { blocksOf, ROOT, readDocument } from './support/documents.ts';

const SRC = path.join(ROOT, 'src');
const text = readDocument('docs/architecture.md');
const [house = '', ...journeys] = blocksOf(text, 'mermaid');
const folders = readdirSync(SRC, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

/** A heading of the code map may name several folders; `files` are the names in backticks below it. */
const sections = [...text.matchAll(/^### (?<title>.*`src\/.*)\n(?<body>[^]*?)(?=^##)/gm)].map(({ groups = {} }) => ({
  folders: [...(groups['title'] ?? '').matchAll(/`src\/([\w-]+)\/`/g)].map(([, folder = '']) => folder),
  body: groups['body'] ?? '',
}));

test('the diagram of the house shows exactly the folders there are, each on its floor [DOC-07/D]', () => {
  const shown = [...house.matchAll(/subgraph floor(?<level>\d)\[.*?\]\n(?<rooms>.*?)\n {2}end/gs)].flatMap(
    ({ groups = {} }) => (groups['rooms'] ?? '').split('\n').map((room) => [room.trim(), Number(groups['level'])]),
  );

  assert.deepEqual(
    Object.fromEntries(shown),
    Object.fromEntries(folders.map((folder) => [folder, FLOORS[folder]?.level])),
  );
});

test('every station of every journey is a part that exists [DOC-07/D]', () => {
  assert.equal(journeys.length, 3);
  const stations = [...journeys.join('\n').matchAll(/participant \w+ as (?<part>\S+)/g)].map(
    (match) => match.groups?.['part'] ?? '',
  );

  assert.ok(stations.length > 15);
  for (const part of stations) {
    assert.ok(existsSync(path.join(SRC, part)) || existsSync(path.join(SRC, `${part}.ts`)), `src/${part} is gone`);
  }
});

test('the code map has every folder of the sources, and says what is deliberately absent [DOC-07/D]', () => {
  assert.deepEqual(sections.flatMap((section) => section.folders).toSorted(), folders.toSorted());
  for (const section of sections) assert.match(section.body, /\*\*Invariant:\*\* /, section.folders.join());
});

test('every file that the code map names is in the folder it is named for [DOC-07/D]', () => {
  for (const { folders: own, body } of sections) {
    const files = own.flatMap((folder) => globSync('**/*', { cwd: path.join(SRC, folder) }));
    for (const [, named = ''] of body.matchAll(/`([\w/-]+(?:\.ts|\/))`/g)) {
      assert.ok(files.includes(named.replace(/\/$/, '')), `src/${own.join()} has no ${named}`);
    }
  }
});
