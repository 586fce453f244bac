import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryVault } from '../../../test/support/memory-vault.ts';
import { DAY_MS } from '../../kernel/clock.ts';
import { completeFolders, removeBackup, sweepService } from './backup-folder.ts';
import { backupFolder } from './layout.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const service = { app: 'shop', environment: 'live', service: 'db' };
const folderOf = (id: string, startedAt: number) => backupFolder({ ...service, id, startedAt });

test('the manifest goes first: what is half-removed is no backup any more', async () => {
  const vault = memoryVault();
  const folder = folderOf('bak_1', NOW);
  for (const file of ['dump.zst.age', 'manifest.json', 'RESTORE.md']) {
    vault.entries.set(`${folder}/${file}`, Buffer.from(file));
  }
  const removed: string[] = [];
  vault.before = (operation, path) => void (operation === 'remove' && removed.push(path.slice(folder.length + 1)));

  await removeBackup(vault, folder);

  assert.deepEqual(removed, ['manifest.json', 'manifest.json.sig', 'RESTORE.md', 'SHA256SUMS', 'dump.zst.age']);
  assert.equal(vault.entries.size, 0);
});

test('only folders that never became a backup are swept, and only old ones', async () => {
  const vault = memoryVault();
  const put = (folder: string, file: string) => vault.entries.set(`${folder}/${file}`, Buffer.from('x'));
  const [old, young, complete] = [folderOf('bak_1', NOW - 2 * DAY_MS), folderOf('bak_2', NOW), folderOf('bak_3', 0)];
  for (const folder of [old, young, complete]) put(folder, 'dump.zst.age');
  put(complete, 'manifest.json');
  put('shop/live/db/notes', 'by-hand.txt');

  const swept = await sweepService(vault, service, NOW - DAY_MS);

  assert.equal(swept, 1);
  assert.deepEqual(
    [...vault.entries.keys()].toSorted(),
    [
      `${complete}/dump.zst.age`,
      `${complete}/manifest.json`,
      `${young}/dump.zst.age`,
      'shop/live/db/notes/by-hand.txt',
    ].toSorted(),
  );
});

test('a folder is a backup once it has its manifest', async () => {
  const vault = memoryVault();
  vault.entries.set('shop/live/db/a/dump.zst.age', Buffer.from('x'));
  vault.entries.set('shop/live/db/b/manifest.json', Buffer.from('x'));

  assert.deepEqual(await completeFolders(vault, 'shop'), ['shop/live/db/b']);
});
