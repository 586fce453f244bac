import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { createVaultOffline } from '../../src/app/vault-offline.ts';
import { generateIdentity } from '../../src/backups/format/age/keys.ts';
import { backupFolder } from '../../src/backups/format/layout.ts';
import { diskFiles } from '../../src/platform/files.ts';
import { backupIn, folderOf, tinyEngine } from '../support/made-backup.ts';

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

test('a dry run of a verification says nothing about bytes that it did not read', async (t) => {
  const vault = mkdtempSync(path.join(tmpdir(), 'evenkeel-vault-'));
  t.after(() => rmSync(vault, { recursive: true }));
  const place = { app: 'shop', environment: 'live', service: 'db', id: 'bak_0mi8b1k2z' };
  const folder = folderOf(vault, backupFolder({ ...place, startedAt: Date.parse('2026-11-20T19:04:12.120Z') }));
  const recipients = [(await generateIdentity()).recipient, (await generateIdentity()).recipient];
  const engine = { ...tinyEngine, type: 'sqlite' };
  const { manifest } = await backupIn(folder, { plain: Buffer.from('x'), recipients, engine });
  writeFileSync(path.join(folder, 'dump.zst.age'), 'damaged');
  const { verifyInVault } = createVaultOffline({ folder: vault, variables: {}, files: diskFiles });
  const verify = (signers: readonly string[], isDryRun: boolean) =>
    verifyInVault({
      vault,
      backup: { by: 'service', service: 'db' },
      identityFile: undefined,
      signers,
      onProgress: () => undefined,
      isProof: false,
      isDryRun,
    });

  const dry = await verify([manifest.signer], true);

  assert.deepEqual([dry.backup.id, dry.level], [place.id, 'none']);
  assert.match(dry.findings.join(), /nothing else of it was read/);
  await assert.rejects(verify([], true), { code: 'BACKUP_SIGNER_UNKNOWN' });
  await assert.rejects(verify([manifest.signer], false), { code: 'BACKUP_DAMAGED' });
});
