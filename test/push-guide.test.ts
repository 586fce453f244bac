import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { commands } from '../src/faces/cli/commands/index.ts';
import { parseCommandLine } from '../src/faces/cli/parse.ts';
import { routes } from '../src/faces/http/index.ts';
import { dialects } from '../src/monitoring/dialects/index.ts';
import { monitorTypes } from '../src/monitoring/index.ts';
import { blocksOf, commandsIn, readDocument } from './support/documents.ts';
import { loadedText } from './support/manifests.ts';

const catalogue = await commands.load();
const guide = readDocument('docs/guides/push.md');

test('what the guide to monitors that are told writes down can be loaded, all of it together', async () => {
  const names = ['web-1', 'web-2', 'web-3', 'db'];
  const services = Object.fromEntries(names.map((name) => [name, { url: `tcp://${name}:80` }]));
  const written = blocksOf(guide, 'yaml').map((block) => parse(block));
  const text = JSON.stringify({
    app: 'shop',
    services: Object.assign(services, ...written.map((block) => block.services)),
    monitors: Object.assign({}, ...written.map((block) => block.monitors)),
  });
  const variables = {
    NIGHTLY_UUID: '0b5c1a9e-9d07-4bdb-8b36-3a2a1f8f1d11',
    PROJECT_PING_KEY: 'fqOOd6-F4MMNuCEnzTU01w',
    MIRROR_PUSH_TOKEN: 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF',
  };

  const { manifest, warnings } = await loadedText(text, { variables });

  assert.deepEqual(warnings, []);
  assert.equal(Object.keys(manifest.monitors ?? {}).length, 7);
});

test('the guide names every dialect, and no other', () => {
  const named = [...guide.matchAll(/^\| `(?<name>[\w-]+)` /gm)].map((match) => match.groups?.['name'] ?? '');
  assert.deepEqual(named.toSorted(), [...Object.keys(dialects), 'auto', 'none'].toSorted());
});

test('the addresses in the guide are there', () => {
  const paths = routes.map(({ path }) => path);
  for (const path of ['/ping/:key', '/ping/:key/:word', '/ping/:key/:slug/:word', '/api/push/:key'] as const) {
    assert.ok(paths.includes(path), path);
  }
});

test('every type that is told is in the guide', async () => {
  for (const { type } of (await monitorTypes.loadAll()).filter(({ isPush }) => isPush))
    assert.ok(guide.includes(`${type}:`) || guide.includes(`\`${type}\``), type);
});

for (const command of commandsIn(guide)) {
  test(`\`${command}\` is a command line that is understood`, () => {
    const words = [...command.matchAll(/"(?<quoted>[^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);

    const { wish } = parseCommandLine(words.slice(1), catalogue, '0.1.0');

    assert.equal(wish.ask === 'run' && wish.command.name, 'monitor set');
  });
}
