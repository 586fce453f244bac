import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands } from '../src/faces/cli/commands/index.ts';
import { parseCommandLine } from '../src/faces/cli/parse.ts';
import { plannedWindowsOf } from '../src/monitoring/maintenance/window-of.ts';
import { blocksOf, commandsIn, readDocument } from './support/documents.ts';
import { loadedText } from './support/manifests.ts';

const catalogue = await commands.load();

const guide = readDocument('docs/guides/maintenance.md');

test('the windows in the guide are understood, and begin when it says', async () => {
  const [written = ''] = blocksOf(guide, 'yaml');
  const services = 'services: { db: { url: "tcp://db:5432" }, api: { url: "http://api:8080" } }';

  const { manifest } = await loadedText(`app: shop\n${services}\n${written}`);

  const begin = plannedWindowsOf(manifest.maintenance ?? {}).map(({ name, starts }) => {
    return [name, new Date(starts.next(Date.UTC(2026, 10, 30, 12)) ?? 0).toISOString()];
  });
  assert.deepEqual(begin, [
    ['new-disks', '2026-12-01T21:00:00.000Z'],
    ['sunday-patches', '2026-12-06T01:00:00.000Z'],
    ['nightly-import', '2026-12-01T03:00:00.000Z'],
  ]);
});

for (const command of commandsIn(guide)) {
  test(`\`${command}\` is a command line that is understood`, () => {
    const words = [...command.matchAll(/"(?<quoted>[^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);

    const { wish } = parseCommandLine(words.slice(1), catalogue, '0.1.0');

    assert.equal(wish.ask, 'run');
    assert.ok(command.startsWith(`evenkeel ${wish.ask === 'run' ? wish.command.name : ''}`));
  });
}
