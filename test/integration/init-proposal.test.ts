import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { proposeManifest } from '../../src/generation/index.ts';
import { diskFiles } from '../../src/platform/files.ts';
import { loadedText } from '../support/manifests.ts';

const PROJECTS = path.join(import.meta.dirname, '../golden/init');

for (const entry of readdirSync(PROJECTS, { withFileTypes: true }).filter((one) => one.isDirectory())) {
  // `node --test --test-update-snapshots` writes the expectation anew; read the difference before it is committed.
  test(`the proposal for the project "${entry.name}" is the one we agreed on, and loads`, async (t) => {
    const { text } = await proposeManifest(diskFiles, path.join(PROJECTS, entry.name));

    t.assert.fileSnapshot(text, path.join(PROJECTS, `${entry.name}.evenkeel.yaml`), { serializers: [String] });
    await loadedText(text);
    assert.doesNotMatch(text, /do-not-copy-me/);
  });
}
