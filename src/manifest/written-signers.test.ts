import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryFiles } from '../../test/support/memory-files.ts';
import { writtenSigners } from './written-signers.ts';

test('signers are found though nothing else of the manifest can be used', async () => {
  const files = memoryFiles({
    '/app/evenkeel.yaml': 'app: ${NAME}\nservices: { db: { url: "${DATABASE_URL}", oops: 1 } }\n',
    '/app/evenkeel.d/keys.yaml': 'keys: { recipients: [], signers: ["ed25519:one", "ed25519:two", 3] }\n',
  });

  assert.deepEqual(await writtenSigners(files, '/app/evenkeel.yaml'), ['ed25519:one', 'ed25519:two']);
});

test('no manifest, a broken one and one without keys have no signers', async () => {
  for (const text of [undefined, 'a: [', 'app: shop\n', 'keys: { signers: ed25519:one }\n']) {
    const files = memoryFiles(text === undefined ? {} : { '/app/evenkeel.yaml': text });

    assert.deepEqual(await writtenSigners(files, '/app/evenkeel.yaml'), []);
  }
});
