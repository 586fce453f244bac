import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { monitorTypes } from '../src/monitoring/index.ts';
import { PLUGIN_FOLDERS } from '../tools/lint/floors.ts';
import { jsonSchemaOf } from '../tools/reference/json-schema.ts';
import { loadedText } from './support/manifests.ts';

const SRC = path.resolve(import.meta.dirname, '../src');

/** Folders in which a new thing is a file and a line, beside those of the areas' plug-ins. */
const OTHER_REGISTRIES = ['faces/cli/commands', 'faces/http/routes', 'manifest/cross-checks', 'status/languages'];

/** The contract that the files beside it keep. */
const CONTRACTS = ['language'];

const registries = [...globSync(`*/{${PLUGIN_FOLDERS.join(',')}}`, { cwd: SRC }), ...OTHER_REGISTRIES];

for (const folder of registries) {
  test(`every file in ${folder} has its line in the index beside it`, () => {
    const index = readFileSync(path.join(SRC, folder, 'index.ts'), 'utf8');
    const lines = [...index.matchAll(/(?:^import .*? from |await import\()'\.\/(?<file>[\w-]+)(?:\/index)?\.ts'/gm)];
    const files = readdirSync(path.join(SRC, folder))
      .filter((file) => file !== 'index.ts' && !file.endsWith('.test.ts'))
      .map((file) => path.basename(file, '.ts'));

    assert.deepEqual(
      lines
        .map((match) => match.groups?.['file'] ?? '')
        .filter((file) => !CONTRACTS.includes(file))
        .toSorted(),
      files.filter((file) => !CONTRACTS.includes(file)).toSorted(),
    );
  });
}

test('every monitor type goes through the trial that is the same for all', async () => {
  const folder = path.resolve(import.meta.dirname, 'integration/monitor-types');
  const texts = globSync('*.test.ts', { cwd: folder }).map((file) => readFileSync(path.join(folder, file), 'utf8'));
  const tried = texts.join('\n').matchAll(/^\s*try(?:Type|Requests)\((?<type>\w+),/gm);
  const names = new Set([...tried].map(({ groups }) => groups?.['type'] ?? ''));

  assert.deepEqual(
    monitorTypes.types().filter((type) => !names.has(type)),
    [],
  );
});

for (const { type, summary, example, settings, testedAgainst } of await monitorTypes.loadAll()) {
  test(`the monitor type ${type} is at home in a file of its name and says what it is`, () => {
    const folder = path.join(SRC, 'monitoring/types');
    assert.ok(existsSync(path.join(folder, `${type}.ts`)) || existsSync(path.join(folder, type)));
    assert.match(summary, /^[A-Z].*\.$/s);
    assert.notEqual(testedAgainst, '');
  });

  test(`the monitor type ${type} describes each of its settings`, () => {
    const schema = jsonSchemaOf(settings);
    assert.ok(schema.required?.includes(type), `the key "${type}" decides the type and must be required`);
    for (const [name, { description = '' }] of Object.entries(schema.properties ?? {})) {
      assert.match(description, /^\S.*\.$/s, `${type}.${name} needs a description, a sentence`);
    }
  });

  test(`the example of the monitor type ${type} is a manifest that loads`, async () => {
    const named = [...example.matchAll(/\$\{(?<name>\w+)/g)].map((match) => match.groups?.['name'] ?? '');
    const variables = Object.fromEntries(named.map((name) => [name, `${type}://user:secret@server.example/name`]));
    // A group needs somebody to be made of.
    const services = 'services: { front-1: { url: "https://shop.example" }, front-2: { url: "https://shop.example" } }';
    const text = `app: shop\n${services}\nmonitors:\n${example.replaceAll(/^(?=.)/gm, '  ')}\n`;

    const { manifest, warnings } = await loadedText(text, { variables });

    const [monitor, ...others] = Object.values(manifest.monitors ?? {});
    assert.ok(monitor !== undefined && type in monitor);
    assert.deepEqual([others, warnings], [[], []]);
  });
}
