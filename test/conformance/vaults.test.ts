import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import type { Vault } from '../../src/backups/vault.ts';
import { vaultTypes } from '../../src/backups/vaults/index.ts';
import { codeOf } from '../../src/kernel/errors.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';

const ids = createSystemIds(systemClock);
const never = new AbortController().signal;

/** Each type of vault passes this suite; a new one adds a line. */
const VAULTS: readonly { readonly type: string; readonly open: (t: TestContext) => Promise<Vault> }[] = [
  { type: 'directory', open: openDirectory },
];

for (const { type, open } of VAULTS) {
  describe(`a vault of the type ${type}`, () => {
    test('gives back what was put into it, whole', async (t) => {
      const vault = await open(t);
      const content = Buffer.alloc(3_000_001, 'content ');

      await vault.write('shop/live/db/dump', Readable.from(pieces(content, 65_537)), never);

      assert.ok((await buffer(vault.read('shop/live/db/dump', never))).equals(content));
    });

    test('keeps small entries too, and even empty ones', async (t) => {
      const vault = await open(t);

      await vault.write('a/note.md', Buffer.from('hello'), never);
      await vault.write('a/empty', Buffer.alloc(0), never);

      assert.equal(Buffer.from(await vault.readSmall('a/note.md', { bytesMax: 5 })).toString(), 'hello');
      assert.equal((await vault.readSmall('a/empty', { bytesMax: 5 })).length, 0);
    });

    test('never writes over something', async (t) => {
      const vault = await open(t);
      await vault.write('a/note.md', Buffer.from('first'), never);

      await assert.rejects(vault.write('a/note.md', Buffer.from('second'), never), { code: 'VAULT_ENTRY_EXISTS' });

      assert.equal(await text(vault.read('a/note.md', never)), 'first');
      assert.deepEqual(await paths(vault, ''), ['a/note.md']);
    });

    test('lets one of many writers of the same entry win', async (t) => {
      const vault = await open(t);
      const writers = Array.from({ length: 8 }, (_, index) => vault.write('a/note', Buffer.from(`${index}`), never));

      const ends = await Promise.allSettled(writers);

      const losers = ends.filter((end) => end.status === 'rejected');
      assert.deepEqual(new Set(losers.map(({ reason }) => codeOf(reason))), new Set(['VAULT_ENTRY_EXISTS']));
      assert.equal(losers.length, 7);
      assert.equal(
        await text(vault.read('a/note', never)),
        String(ends.findIndex(({ status }) => status === 'fulfilled')),
      );
    });

    test('shows an entry only when it is complete', async (t) => {
      const vault = await open(t);
      const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
      const content = async function* () {
        yield Buffer.alloc(2_000_000);
        await gate;
        yield Buffer.from('end');
      };

      const writing = vault.write('a/dump', Readable.from(content()), never);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const meanwhile = await paths(vault, '');
      await assert.rejects(buffer(vault.read('a/dump', never)), { code: 'VAULT_ENTRY_MISSING' });
      openGate();
      await writing;

      assert.deepEqual([meanwhile, await paths(vault, '')], [[], ['a/dump']]);
    });

    test('keeps nothing of content that ends with an error, and hands that error on', async (t) => {
      const vault = await open(t);
      const content = async function* () {
        yield Buffer.alloc(2_000_000);
        throw Object.assign(new Error('pg_dump died'), { code: 'ENOSPC' });
      };

      await assert.rejects(vault.write('a/dump', Readable.from(content()), never), { message: 'pg_dump died' });

      assert.deepEqual(await paths(vault, ''), []);
      assert.equal(await vault.sweep(Number.MAX_SAFE_INTEGER), 0);
    });

    test('keeps nothing of a write that is broken off', async (t) => {
      const vault = await open(t);
      const stop = new AbortController();
      const source = new Readable({ read: () => undefined });
      source.push(Buffer.alloc(2_000_000));

      const writing = vault.write('a/dump', source, stop.signal);
      setTimeout(() => stop.abort(), 50);

      await assert.rejects(writing, { name: 'AbortError' });
      assert.equal(source.destroyed, true);
      assert.deepEqual(await paths(vault, ''), []);
      assert.equal(await vault.sweep(Number.MAX_SAFE_INTEGER), 0);
    });

    test('ends a read that is broken off', async (t) => {
      const vault = await open(t);
      await vault.write('a/dump', Buffer.alloc(5_000_000), never);
      const stop = new AbortController();

      const reading = vault.read('a/dump', stop.signal);
      reading.once('data', () => stop.abort());

      await assert.rejects(buffer(reading), { name: 'AbortError' });
    });

    test('says that an entry is missing', async (t) => {
      const vault = await open(t);

      await assert.rejects(buffer(vault.read('a/nothing', never)), { code: 'VAULT_ENTRY_MISSING' });
      await assert.rejects(vault.readSmall('a/nothing', { bytesMax: 10 }), { code: 'VAULT_ENTRY_MISSING' });
    });

    test('does not read a small entry that has grown large', async (t) => {
      const vault = await open(t);
      await vault.write('a/manifest.json', Buffer.alloc(11), never);

      await assert.rejects(vault.readSmall('a/manifest.json', { bytesMax: 10 }), { code: 'VAULT_ENTRY_TOO_LONG' });
    });

    test('lists what is below a folder, in order of path', async (t) => {
      const vault = await open(t);
      for (const entry of ['a/c/2', 'a/c/1', 'a/b/1', 'a-b/1', 'b/1'])
        await vault.write(entry, Buffer.from(entry), never);

      assert.deepEqual(await paths(vault, 'a'), ['a/b/1', 'a/c/1', 'a/c/2']);
      assert.deepEqual(await paths(vault, ''), ['a-b/1', 'a/b/1', 'a/c/1', 'a/c/2', 'b/1']);
      assert.deepEqual(await vault.list('a/b'), [{ path: 'a/b/1', bytes: 5 }]);
      assert.deepEqual(await vault.list('c'), []);
    });

    test('removes an entry, be it there or gone already', async (t) => {
      const vault = await open(t);
      await vault.write('a/b/1', Buffer.from('1'), never);
      await vault.write('a/2', Buffer.from('2'), never);

      await vault.remove('a/b/1');
      await vault.remove('a/b/1');

      assert.deepEqual(await paths(vault, ''), ['a/2']);
    });

    for (const escape of ['../outside', '/etc/passwd', 'a/../../outside', 'a//b', 'a/./b', '', 'a\\b', 'a/\0']) {
      test(`refuses the path ${JSON.stringify(escape)}`, async (t) => {
        const vault = await open(t);
        const refused = { code: 'VAULT_PATH_REFUSED' };

        await assert.rejects(async () => vault.write(escape, Buffer.from('x'), never), refused);
        await assert.rejects(async () => buffer(vault.read(escape, never)), refused);
        await assert.rejects(async () => vault.remove(escape), refused);
      });
    }

    test('says where it is, for people', async (t) => {
      const vault = await open(t);

      assert.equal(vault.name, 'local');
      assert.match(vault.where, /\S/);
    });
  });
}

async function openDirectory(t: TestContext): Promise<Vault> {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-vault-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(folder, { recursive: true });
  // One that does not exist yet: the first backup makes it.
  return vaultTypes.get('directory').open('local', { folder: path.join(folder, 'vault') }, { ids });
}

async function paths(vault: Vault, folder: string): Promise<readonly string[]> {
  return (await vault.list(folder)).map((entry) => entry.path);
}

function* pieces(content: Buffer, size: number): Generator<Buffer> {
  for (let start = 0; start < content.length; start += size) yield content.subarray(start, start + size);
}
