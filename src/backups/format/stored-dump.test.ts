import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { memoryVault } from '../../../test/support/memory-vault.ts';
import { createAgeEncryption } from './age/encrypt.ts';
import { generateIdentity } from './age/keys.ts';
import { createMeter } from './meter.ts';
import { createPacking } from './packing.ts';
import { checkStored, type StoredDump, withDump } from './stored-dump.ts';

const CONTENT = Buffer.alloc(300_000, 'row of data ');
const OTHER = { bytes: CONTENT.length, sha256: '0'.repeat(64) };
const { dump, keys } = await storedDump();
const reading = { keys, signal: new AbortController().signal, onBytes: () => undefined };

test('a dump comes out as it went in', async () => {
  assert.ok((await withDump(dump, reading, (plain) => buffer(plain))).equals(CONTENT));
});

test('a file that opens, but is not the one that was stored, or not of the dump that was made, is damaged', async () => {
  const { plain, stored } = dump.sizes;
  for (const [what, sizes] of [
    ['the dump has another check sum', { stored, plain: OTHER }],
    ['the dump has 300000 bytes, and had 300001', { stored, plain: { ...plain, bytes: CONTENT.length + 1 } }],
    ['it unpacks to more than', { stored, plain: { ...plain, bytes: CONTENT.length - 1 } }],
    ['the stored file has another check sum', { plain, stored: { ...stored, sha256: OTHER.sha256 } }],
  ] as const) {
    const damaged = { code: 'BACKUP_DAMAGED', message: new RegExp(what) };
    await assert.rejects(
      withDump({ ...dump, sizes }, reading, (read) => buffer(read)),
      damaged,
    );
  }
  const cut = { ...dump, sizes: { plain, stored: { ...stored, bytes: stored.bytes + 1 } } };
  await assert.rejects(checkStored(cut, reading), { code: 'BACKUP_DAMAGED', message: /the stored file has/ });
});

test('what a consumer leaves is read all the same, and held against what it was', async () => {
  const sizes = { ...dump.sizes, plain: OTHER };

  await assert.rejects(
    withDump({ ...dump, sizes }, reading, async () => 'content'),
    { code: 'BACKUP_DAMAGED' },
  );
});

async function storedDump() {
  const [one, other] = [await generateIdentity(), await generateIdentity()];
  const { transform, payloadKey } = await createAgeEncryption([one.recipient, other.recipient]);
  const [plain, stored] = [createMeter(), createMeter()];
  const flow = pipeline(Readable.from([CONTENT]), plain.transform, createPacking(), transform, stored.transform);
  const vault = memoryVault();
  await Promise.all([flow, vault.write('dump', stored.transform, new AbortController().signal)]);
  const sizes = { plain: plain.measured(), stored: stored.measured() };
  const made: StoredDump = { vault, path: 'dump', sizes };
  return { dump: made, keys: { payloadKey } };
}
