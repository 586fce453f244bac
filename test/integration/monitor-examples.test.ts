import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { createOffline } from '../../src/app/offline.ts';
import { monitorTypes } from '../../src/monitoring/index.ts';
import { blocksOf, readDocument } from '../support/documents.ts';
import { runFakeCli } from '../support/fake-cli.ts';
import { memoryFiles } from '../support/memory-files.ts';

const FOLDER = '/project';

for (const { type } of await monitorTypes.loadAll()) {
  test(`evenkeel check is content with the example in docs/reference/monitors/${type}.md`, async () => {
    const [example = ''] = blocksOf(readDocument(`docs/reference/monitors/${type}.md`), 'yaml');
    const variables = Object.fromEntries(
      [...example.matchAll(/\$\{(?<name>\w+)/g)].map((match) => [
        match.groups?.['name'] ?? '',
        `${type}://user:word@server.example/name`,
      ]),
    );
    const files = memoryFiles({
      [path.join(FOLDER, 'evenkeel.yaml')]: `app: shop\nservices: { front-1: {}, front-2: {} }\n${example}`,
    });
    const { checkManifest } = createOffline({ folder: FOLDER, variables, files });

    const { code, out } = await runFakeCli(['check'], { offline: { checkManifest } });

    assert.match(out, /^✓ 2 services, 1 monitor, \d+ variables?; all good\.\n$/);
    assert.equal(code, 0);
  });
}
