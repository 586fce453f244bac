import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, chown, lstat, mkdir, readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, beforeEach, describe, test } from 'node:test';
import { diskFiles } from '../../src/platform/files.ts';

const root = mkdtempSync(path.join(tmpdir(), 'evenkeel-files-'));
after(() => rmSync(root, { recursive: true }));

let folder = '';
let count = 0;
beforeEach(async () => {
  count += 1;
  folder = path.join(root, String(count));
  await mkdir(folder);
});

const at = (name: string) => path.join(folder, name);

describe('reading', () => {
  test('gives the text without the mark some editors put before it', async () => {
    await writeFile(at('a'), '\u{feff}grüße\r\n');

    assert.equal(await diskFiles.read(at('a'), { bytesMax: 100 }), 'grüße\r\n');
  });

  test('gives nothing for a file that is not there', async () => {
    assert.equal(await diskFiles.read(at('missing'), { bytesMax: 100 }), undefined);
    assert.equal(await diskFiles.read(at('missing/deeper'), { bytesMax: 100 }), undefined);
  });

  test('takes a file of exactly the limit and refuses one byte more', async () => {
    await writeFile(at('exact'), 'x'.repeat(100));
    await writeFile(at('more'), 'x'.repeat(101));

    assert.equal((await diskFiles.read(at('exact'), { bytesMax: 100 }))?.length, 100);
    await assert.rejects(diskFiles.read(at('more'), { bytesMax: 100 }), { code: 'FILE_TOO_LONG', kind: 'too_large' });
  });

  test('does not read a huge file to find out that it is too long', async () => {
    await writeFile(at('huge'), '');
    await truncate(at('huge'), 2 ** 40);

    await assert.rejects(diskFiles.read(at('huge'), { bytesMax: 1000 }), { code: 'FILE_TOO_LONG' });
  });

  test('refuses a folder in words, not with a stack', async () => {
    await assert.rejects(diskFiles.read(folder, { bytesMax: 100 }), { code: 'FILE_UNUSABLE', message: /EISDIR/ });
  });

  test('does not wait for what never ends: a pipe without a writer, a device', { timeout: 5_000 }, async () => {
    execFileSync('mkfifo', [at('pipe')]);
    await symlink('/dev/zero', at('endless.json'));

    for (const name of ['pipe', 'endless.json']) {
      await assert.rejects(diskFiles.read(at(name), { bytesMax: 100 }), {
        code: 'FILE_UNUSABLE',
        message: /not a regular file/,
      });
    }
  });

  test('refuses a path that no file can have, as a manifest may hold one', async () => {
    await assert.rejects(diskFiles.read(at('a\0b'), { bytesMax: 100 }), { code: 'FILE_UNUSABLE' });
  });

  test('shows bytes that are not UTF-8 as replacement characters', async () => {
    await writeFile(at('latin1'), Buffer.from('gr\u{fc}n', 'latin1'));

    assert.equal(await diskFiles.read(at('latin1'), { bytesMax: 100 }), 'gr\u{fffd}n');
  });
});

describe('listing', () => {
  test('sorts the names and finds none where there is no folder', async () => {
    for (const name of ['b', 'a', 'c']) await writeFile(at(name), '');

    assert.deepEqual(await diskFiles.list(folder), ['a', 'b', 'c']);
    assert.deepEqual(await diskFiles.list(at('nowhere')), []);
  });
});

describe('creating', () => {
  test('makes the folders on the way', async () => {
    assert.equal(await diskFiles.create(at('x/y/z.yaml'), 'new'), true);

    assert.equal(await readFile(at('x/y/z.yaml'), 'utf8'), 'new');
  });

  test('never overwrites', async () => {
    await writeFile(at('mine'), 'old');

    assert.equal(await diskFiles.create(at('mine'), 'new'), false);
    assert.equal(await readFile(at('mine'), 'utf8'), 'old');
  });
});

describe('replacing', () => {
  test('shows readers the old or the new text and nothing between', async () => {
    const [old, fresh] = ['a'.repeat(200_000), 'b'.repeat(300_000)];
    await diskFiles.replace(at('f'), old);
    const seen = new Set<string | undefined>();

    for (let round = 0; round < 20; round += 1) {
      const writing = diskFiles.replace(at('f'), round % 2 === 0 ? fresh : old);
      for (let look = 0; look < 5; look += 1) seen.add(await diskFiles.read(at('f'), { bytesMax: 1_000_000 }));
      await writing;
    }

    assert.deepEqual(seen, new Set([old, fresh]));
  });

  test('leaves nothing else behind', async () => {
    await diskFiles.replace(at('f'), 'one');
    await diskFiles.replace(at('f'), 'two');

    assert.deepEqual(await readdir(folder), ['f']);
  });

  test('leaves the old file and no other when it fails', async () => {
    await mkdir(at('f'));

    await assert.rejects(diskFiles.replace(at('f'), 'text'), { code: 'FILE_UNUSABLE' });
    assert.deepEqual(await readdir(folder), ['f']);
  });

  test('keeps the permissions of the file', async () => {
    await writeFile(at('private'), 'old');
    await chmod(at('private'), 0o600);

    await diskFiles.replace(at('private'), 'new');

    assert.equal((await stat(at('private'))).mode & 0o777, 0o600);
  });

  test('leaves the file to whom it belongs, also where root replaces it', async () => {
    const { uid, gid } = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : await stat(folder);
    await writeFile(at('theirs'), 'old');
    await chown(at('theirs'), uid, gid);
    await chmod(at('theirs'), 0o600);

    await diskFiles.replace(at('theirs'), 'new');

    const { uid: owner, gid: group, mode } = await stat(at('theirs'));
    assert.deepEqual([owner, group, mode & 0o777], [uid, gid, 0o600]);
  });

  test('writes through a link to the file behind it', async () => {
    await writeFile(at('target'), 'old');
    await symlink(at('target'), at('link'));

    await diskFiles.replace(at('link'), 'new');

    assert.ok((await lstat(at('link'))).isSymbolicLink());
    assert.equal(await readFile(at('target'), 'utf8'), 'new');
  });
});
