import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { testKeys } from '../../test/support/backup-area.ts';
import { memoryVault } from '../../test/support/memory-vault.ts';
import { createAgeEncryption } from './age/encrypt.ts';
import { createPacking } from './packing.ts';
import { checkStored, type StoredDump, withDump } from './stored-dump.ts';

const BYTES = 300_000;
const signal = new AbortController().signal;
const reading = { signal, onBytes: () => undefined };
const opening = { ...reading, keys: { identities: [testKeys.offline] } };

test('a dump comes out as it went in', async () => {
  const plain = randomBytes(BYTES);
  const dump = await stored(plain);

  await checkStored(dump, reading);

  assert.ok((await withDump(dump, opening, buffer)).equals(plain));
});

test('a dump exchanged for one of the same length, for the same keys, is refused before anybody opens it', async () => {
  const dump = await stored(randomBytes(BYTES));
  const other = await stored(randomBytes(BYTES));
  const exchanged = { ...other, sizes: dump.sizes };
  assert.equal(other.sizes.stored.bytes, dump.sizes.stored.bytes);
  const refused = { code: 'BACKUP_DAMAGED', message: /another check sum/ };

  await assert.rejects(checkStored(exchanged, reading), refused);
  await assert.rejects(withDump(exchanged, opening, buffer), refused);
});

test('whoever is content with the beginning of a dump has it read to its end all the same', async () => {
  const dump = await stored(randomBytes(BYTES));
  const short = { ...dump, sizes: { ...dump.sizes, plain: { ...dump.sizes.plain, sha256: '0'.repeat(64) } } };
  const content = async (stream: Readable) => void stream.read(1);

  await withDump(dump, opening, content);
  await assert.rejects(withDump(short, opening, content), { code: 'BACKUP_DAMAGED' });
});

test('whoever refuses a dump is heard, and the rest is not read', async () => {
  const dump = await stored(randomBytes(BYTES));

  await assert.rejects(
    withDump(dump, opening, async () => {
      throw new Error('No space left.');
    }),
    { message: 'No space left.' },
  );
});

test('a dump that unpacks to more than it was made of is cut short', async () => {
  const dump = await stored(Buffer.alloc(50_000_000));
  const promised = { ...dump, sizes: { ...dump.sizes, plain: { ...dump.sizes.plain, bytes: 1_000 } } };
  let seen = 0;
  const count = async (stream: Readable) => {
    for await (const chunk of stream) seen += Buffer.from(chunk).length;
  };

  await assert.rejects(withDump(promised, opening, count), { code: 'BACKUP_DAMAGED' });
  assert.ok(seen <= 1_000, `${seen} bytes came through`);
});

async function stored(plain: Buffer): Promise<StoredDump> {
  const vault = memoryVault();
  const { transform } = await createAgeEncryption(testKeys.recipients);
  const content = await buffer(Readable.from([plain], { objectMode: false }).pipe(createPacking()).pipe(transform));
  vault.entries.set('dump.zst.age', content);
  return { vault, path: 'dump.zst.age', sizes: { plain: sizeOf(plain), stored: sizeOf(content) } };
}

function sizeOf(content: Buffer) {
  return { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}
