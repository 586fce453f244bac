import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { vaultTypes } from '../../src/backups/vaults/index.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { rootTest } from '../support/root.ts';
import { watchSyncs } from '../support/synced-folders.ts';

const directory = vaultTypes.get('directory');
const ids = createSystemIds(systemClock);
const never = new AbortController().signal;

test('keeps everything from other users [BAK-04/R]', async (t) => {
  const { folder, vault } = open(t);

  await vault.write('shop/live/db/dump', Buffer.from('x'), never);

  const modes = ['', 'shop', 'shop/live', 'shop/live/db'].map((step) => statSync(path.join(folder, step)).mode & 0o777);
  assert.deepEqual(modes, [0o700, 0o700, 0o700, 0o700]);
  assert.equal(statSync(path.join(folder, 'shop/live/db/dump')).mode & 0o777, 0o600);
});

test('makes each folder that is new known to the disk, its own included', async (t) => {
  const synced = await watchSyncs(t);
  const outside = temporaryFolder(t);
  const folder = path.join(outside, 'backups/main');
  const vault = directory.open('local', { folder }, { ids });

  await vault.write('shop/dump', Buffer.from('x'), never);
  const first = synced.map((place) => path.relative(outside, place));
  await vault.write('shop/other', Buffer.from('x'), never);

  assert.deepEqual(first, ['backups', '', 'backups/main', 'backups/main/shop']);
  assert.deepEqual(synced.slice(first.length), [path.join(folder, 'shop')]);
});

test('follows no link that leads out of it, neither to write nor to read nor to remove', async (t) => {
  const { folder, vault } = open(t);
  const outside = temporaryFolder(t);
  writeFileSync(path.join(outside, 'secret'), 'secret');
  mkdirSync(path.join(folder, 'shop'), { recursive: true });
  symlinkSync(outside, path.join(folder, 'shop/db'));
  symlinkSync(path.join(outside, 'secret'), path.join(folder, 'shop/file'));
  const refused = { code: 'VAULT_UNUSABLE' };

  await assert.rejects(vault.write('shop/db/dump', Buffer.from('x'), never), refused);
  await assert.rejects(buffer(vault.read('shop/db/secret', never)), refused);
  await assert.rejects(buffer(vault.read('shop/file', never)), refused);
  await assert.rejects(vault.readSmall('shop/file', { bytesMax: 100 }), refused);
  await assert.rejects(vault.remove('shop/db/secret'), refused);
  assert.deepEqual(readdirSync(outside), ['secret']);
  assert.deepEqual(await vault.list(''), []);
});

test('does not wait at a pipe that stands where an entry should', async (t) => {
  const { folder, vault } = open(t);
  mkdirSync(folder, { recursive: true });
  execFileSync('mkfifo', [path.join(folder, 'dump')]);

  await assert.rejects(buffer(vault.read('dump', never)), { code: 'VAULT_UNUSABLE' });
});

test('clears away what a crash left half-written, once it is old enough', async (t) => {
  const { folder, vault } = open(t);
  await vault.write('shop/dump', Buffer.from('x'), never);
  const leftover = path.join(folder, 'shop/.evenkeel-abc.part');
  writeFileSync(leftover, 'half');
  utimesSync(leftover, 1_000, 1_000);
  writeFileSync(path.join(folder, 'shop/.evenkeel-def.part'), 'being written');

  assert.deepEqual(await vault.list(''), [{ path: 'shop/dump', bytes: 1 }]);
  assert.equal(await vault.sweep(2_000_000), 1);
  assert.deepEqual(readdirSync(path.join(folder, 'shop')).toSorted(), ['.evenkeel-def.part', 'dump']);
});

test('removes the folders that are empty then', async (t) => {
  const { folder, vault } = open(t);
  await vault.write('shop/live/db/dump', Buffer.from('x'), never);
  await vault.write('shop/live/uploads', Buffer.from('x'), never);

  await vault.remove('shop/live/db/dump');

  assert.deepEqual(readdirSync(path.join(folder, 'shop/live')), ['uploads']);
});

rootTest('says that the disk is full, and leaves nothing behind', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-vault-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder]);
  t.after(() => {
    execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  });
  const vault = directory.open('local', { folder }, { ids });

  const writing = vault.write('shop/dump', Buffer.alloc(4_000_000), never);

  await assert.rejects(writing, { code: 'VAULT_FULL', message: 'The vault local has no space left.' });
  assert.deepEqual([await vault.list(''), await vault.sweep(Number.MAX_SAFE_INTEGER)], [[], 0]);
});

test('says what the system says when the folder cannot be used', async (t) => {
  const folder = path.join(temporaryFolder(t), 'x'.repeat(300));

  const writing = directory.open('local', { folder }, { ids }).write('shop/dump', Buffer.from('x'), never);

  await assert.rejects(writing, { code: 'VAULT_UNUSABLE', message: /ENAMETOOLONG/ });
});

test('says that a file stands where its folder should', async (t) => {
  const folder = path.join(temporaryFolder(t), 'file');
  writeFileSync(folder, '');

  const writing = directory.open('local', { folder }, { ids }).write('shop/dump', Buffer.from('x'), never);

  await assert.rejects(writing, { code: 'VAULT_UNUSABLE' });
});

test('reads a folder from the manifest, relative to it, and leaves a bucket to others', () => {
  assert.deepEqual(directory.settingsOf('./backups', '/srv/shop'), { folder: '/srv/shop/backups' });
  assert.deepEqual(directory.settingsOf('/var/backups', '/srv/shop'), { folder: '/var/backups' });
  assert.equal(directory.settingsOf({ s3: 's3://backups' }, '/srv/shop'), undefined);
});

function open(t: TestContext) {
  const folder = path.join(temporaryFolder(t), 'vault');
  return { folder, vault: directory.open('local', { folder }, { ids }) };
}

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-vault-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
