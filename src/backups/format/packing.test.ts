import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createPacking, unpack } from './packing.ts';

const packed = (plain: Uint8Array) => buffer(Readable.from([plain], { objectMode: false }).pipe(createPacking()));
const unpacked = (bytes: Uint8Array, bytesMax: number) =>
  buffer(Readable.from(unpack(Readable.from([bytes]), { bytesMax })));
const DAMAGED = { code: 'BACKUP_DAMAGED' };

describe('a packed dump', () => {
  test('unpacks to what it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000, size: 'max' }), async (bytes) => {
        const plain = Buffer.from(bytes);
        assert.deepEqual(await unpacked(await packed(plain), plain.length), plain);
      }),
      { numRuns: 50 },
    );
  });

  test('has a check sum', async () => {
    const bytes = await packed(Buffer.alloc(100));
    // Third bit of the frame header descriptor, RFC 8878.
    assert.equal((bytes[4] ?? 0) & 4, 4);
  });

  test('of nothing unpacks to nothing', async () => {
    assert.equal((await unpacked(await packed(Buffer.alloc(0)), 0)).length, 0);
  });

  test('that was cut off anywhere is refused', async () => {
    const plain = randomBytes(300);
    const bytes = await packed(plain);
    for (const length of bytes.keys()) await assert.rejects(unpacked(bytes.subarray(0, length), 300), DAMAGED);
  });

  test('in which a byte is another never unpacks to anything else', async () => {
    const plain = randomBytes(300);
    const bytes = await packed(plain);
    let refused = 0;
    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      await unpacked(changed, 300).then(
        (result) => assert.deepEqual(result, plain, `byte ${index}`),
        (error: { code: string }) => (refused += Number(error.code === 'BACKUP_DAMAGED')),
      );
    }
    // How much memory to use may change without changing what comes out.
    assert.ok(refused >= bytes.length - 1);
  });

  test('that unpacks to more than was promised is refused before it does', async () => {
    const bomb = await packed(Buffer.alloc(64 * 1024 * 1024));
    let seen = 0;
    await assert.rejects(
      pipeline(
        Readable.from([bomb]),
        (source: Readable) => unpack(source, { bytesMax: 1_000_000 }),
        async (parts: AsyncIterable<Buffer>) => {
          for await (const part of parts) seen += part.length;
        },
      ),
      { code: 'BACKUP_DAMAGED', message: /more than the 1000000 bytes/ },
    );
    assert.ok(seen <= 1_000_000);
  });

  test('hands the failure of its source on as it is', async () => {
    const failure = new Error('The disk is gone.');
    const source = Readable.from(
      (async function* failing() {
        yield (await packed(randomBytes(1000))).subarray(0, 100);
        throw failure;
      })(),
    );
    await assert.rejects(buffer(Readable.from(unpack(source, { bytesMax: 1000 }))), failure);
  });

  test('ends its source when nobody wants the rest', async () => {
    const source = Readable.from([await packed(randomBytes(1_000_000))]);
    for await (const part of unpack(source, { bytesMax: 1_000_000 })) {
      assert.ok(part.length > 0);
      break;
    }
    assert.equal(source.destroyed, true);
  });
});
