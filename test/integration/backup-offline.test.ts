import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { chooseFolder, listOffline } from '../../src/backups/offline-listing.ts';
import { backupArea, dayLater, testKeys } from '../support/backup-area.ts';
import { memoryDatabase } from '../support/databases.ts';
import type { MemoryVault } from '../support/memory-vault.ts';

const SIGNERS = [testKeys.signer];

test('a vault alone says what it has, newest first', async (t) => {
  const { vault, backups } = await vaultWithTwo(t);

  const listing = await listOffline(vault, SIGNERS, undefined);

  const known = await backups.list({ limit: 10 });
  assert.deepEqual(
    listing.backups.map(({ id, takenAt, bytes, plainBytes }) => ({ id, takenAt, bytes, plainBytes })),
    known.map(({ id, takenAt, bytes, plainBytes }) => ({ id, takenAt, bytes, plainBytes })),
  );
  const [first] = listing.backups;
  assert.deepEqual([first?.app, first?.environment, first?.service, first?.engine], ['shop', 'live', 'db', 'postgres']);
  assert.deepEqual([first?.isSignatureTrusted, listing.incomplete, listing.where], [true, [], vault.where]);
  assert.deepEqual((await listOffline(vault, SIGNERS, 'cache')).backups, []);
});

test('what nobody we believe has signed is marked', async (t) => {
  const { vault } = await vaultWithTwo(t);

  const { backups } = await listOffline(vault, [], undefined);

  assert.deepEqual(
    backups.map(({ isSignatureTrusted }) => isSignatureTrusted),
    [false, false],
  );
});

test('what was never finished, or cannot be read, is listed apart with what is wrong', async (t) => {
  const { vault } = await vaultWithTwo(t);
  const [older = '', newer = ''] = manifestsIn(vault);
  vault.entries.delete(older);
  vault.entries.set(newer, Buffer.from('{'));

  const { backups, incomplete } = await listOffline(vault, SIGNERS, 'db');

  assert.deepEqual(backups, []);
  assert.deepEqual(
    incomplete.map(({ folder }) => folder),
    [older, newer].map((file) => file.replace(/\/[^/]+$/, '')),
  );
  assert.match(incomplete[0]?.reason ?? '', /never finished/);
  assert.match(incomplete[1]?.reason ?? '', /manifest\.json/);
});

test('the newest backup of a service is found, unless it could be that of another application', async (t) => {
  const { vault, backups } = await vaultWithTwo(t);
  const [newest, older] = await backups.list({ limit: 2 });
  const idOf = (folder: string) => folder.split('-').at(-1);

  assert.equal(idOf(await chooseFolder(vault, { by: 'service', service: 'db' })), newest?.id);
  assert.equal(idOf(await chooseFolder(vault, { by: 'id', id: older?.id ?? '' })), older?.id);
  await assert.rejects(chooseFolder(vault, { by: 'service', service: 'cache' }), { code: 'BACKUP_UNKNOWN' });
  await assert.rejects(chooseFolder(vault, { by: 'id', id: 'bak_0' }), { code: 'BACKUP_UNKNOWN' });

  for (const [file, content] of Array.from(vault.entries))
    vault.entries.set(file.replace('/live/', '/sandbox/'), content);
  await assert.rejects(chooseFolder(vault, { by: 'service', service: 'db' }), { code: 'BACKUP_SERVICE_AMBIGUOUS' });
});

async function vaultWithTwo(t: TestContext) {
  const area = backupArea({ db: await memoryDatabase(t) });
  await area.begin();
  await dayLater(area);
  return { vault: area.vault(), backups: area.backups };
}

function manifestsIn({ entries }: MemoryVault): readonly string[] {
  return [...entries.keys()].filter((file) => file.endsWith('manifest.json')).toSorted();
}
