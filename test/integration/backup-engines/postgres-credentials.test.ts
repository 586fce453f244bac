import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { EngineIo } from '../../../src/backups/engine.ts';
import { postgresAddressOf } from '../../../src/backups/postgres/address.ts';
import { credentialsFor } from '../../../src/backups/postgres/credentials.ts';
import { Secret } from '../../../src/kernel/secret.ts';
import { backupEngineIo } from '../../support/backup-engine-io.ts';

const ADDRESS = postgresAddressOf(new Secret('postgres://shop:pass@db.example/shop'));

test('a password is in a file that its user alone can read', async (t) => {
  const io = await backupEngineIo(t);

  await using credentials = await credentialsFor(ADDRESS, 'nobody', io);

  const file = credentials.env['PGPASSFILE'] ?? '';
  const [found, folder] = await Promise.all([stat(file), stat(credentials.folder)]);
  assert.equal(await readFile(file, 'utf8'), '*:*:*:*:pass\n');
  assert.deepEqual([found.mode & 0o777, found.uid], [0o600, folder.uid]);
});

test('a link that somebody has put into its place is not written through', async (t) => {
  const io = await backupEngineIo(t);
  const victim = path.join(await temporaryFolder(t), 'victim');
  await writeFile(victim, 'of somebody else');
  const folder: EngineIo['exec']['folder'] = async (user) => {
    const made = await io.exec.folder(user);
    await symlink(victim, path.join(made.path, 'passfile'));
    return made;
  };

  await assert.rejects(credentialsFor(ADDRESS, 'nobody', { ...io, exec: { ...io.exec, folder } }), { code: 'EEXIST' });

  assert.equal(await readFile(victim, 'utf8'), 'of somebody else');
});

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'evenkeel-credentials-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
