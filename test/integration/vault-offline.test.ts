import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { createVaultOffline } from '../../src/app/vault-offline.ts';
import { diskFiles } from '../../src/platform/files.ts';

test('a vault that is not there, or is a file, is not taken for one without backups', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-vault-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'file'), '');
  const { listVault } = createVaultOffline({ folder, variables: {}, files: diskFiles });
  const listing = (vault: string) => listVault({ vault, service: undefined });

  await assert.rejects(listing(path.join(folder, 'gone')), { code: 'VAULT_FOLDER_MISSING', kind: 'not_found' });
  await assert.rejects(listing(path.join(folder, 'file')), { code: 'VAULT_FOLDER_MISSING', message: /ENOTDIR/ });
  assert.deepEqual((await listing(folder)).backups, []);
});
