import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable, type Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { Decrypter, Encrypter, generateHybridIdentity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { Secret } from '../../../kernel/secret.ts';
import { createAgeDecryption } from './decrypt.ts';
import { createAgeEncryption } from './encrypt.ts';
import { generateIdentity } from './keys.ts';

const CHUNK = 65_536;
const SEALED = CHUNK + 16;
const platform = await generateIdentity();
const offline = await generateIdentity();
const stranger = await generateIdentity();
const recipients = [platform.recipient, offline.recipient];
const identities = [platform.identity];

const DAMAGED = { code: 'BACKUP_DAMAGED' };

/** Cuts bytes into parts of these lengths, over and over. */
function* parts(bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  for (let start = 0, turn = 0; start < bytes.length; turn += 1) {
    const end = start + (lengths[turn % lengths.length] ?? bytes.length);
    yield bytes.subarray(start, end);
    start = end;
  }
}

async function through(transform: Transform, bytes: Uint8Array, lengths: readonly number[] = [CHUNK]): Promise<Buffer> {
  const [result] = await Promise.all([
    buffer(transform),
    pipeline(Readable.from(parts(bytes, lengths), { objectMode: false }), transform),
  ]);
  return result;
}

async function encrypt(plain: Uint8Array, lengths?: readonly number[]) {
  const { transform, payloadKey } = await createAgeEncryption(recipients);
  return { file: await through(transform, plain, lengths), payloadKey };
}

const decrypt = (file: Uint8Array, lengths?: readonly number[]) =>
  through(createAgeDecryption({ identities }), file, lengths);

/** What the library makes of our file. */
async function libraryOpens(file: Uint8Array, identity: Secret): Promise<Buffer> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity.reveal());
  return Buffer.from(await decrypter.decrypt(file));
}

async function librarySeals(plain: Uint8Array): Promise<Buffer> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return Buffer.from(await encrypter.encrypt(plain));
}

const flipped = (file: Buffer, index: number) => {
  const changed = Buffer.from(file);
  changed[index] = (changed[index] ?? 0) ^ 1;
  return changed;
};

describe('an age file', () => {
  for (const size of [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 200_000]) {
    test(`of ${size} bytes is read by the library with each key, and by us`, async () => {
      const plain = randomBytes(size);
      const { file, payloadKey } = await encrypt(plain);
      assert.deepEqual(await libraryOpens(file, platform.identity), plain);
      assert.deepEqual(await libraryOpens(file, offline.identity), plain);
      assert.deepEqual(await decrypt(file), plain);
      assert.deepEqual(await through(createAgeDecryption({ payloadKey }), file), plain);
    });

    test(`of ${size} bytes by the library is read by us`, async () => {
      const plain = randomBytes(size);
      assert.deepEqual(await decrypt(await librarySeals(plain)), plain);
    });
  }

  test('is the same whatever parts it is written and read in', async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 3 * CHUNK }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 4 * CHUNK }), lengths, lengths, async (size, written, read) => {
        const plain = randomBytes(size);
        // Of tiny parts there would be too many to wait for.
        const { file } = await encrypt(plain, [...written, CHUNK]);
        assert.deepEqual(await decrypt(file, [...read, CHUNK]), plain);
        assert.deepEqual(await libraryOpens(file, platform.identity), plain);
      }),
      { numRuns: 25 },
    );
  });

  test('is read when its bytes come one by one', async () => {
    const plain = Buffer.from('Hello there.');
    assert.deepEqual(await decrypt((await encrypt(plain, [1])).file, [1]), plain);
  });

  test('is another each time', async () => {
    const plain = randomBytes(10);
    const [one, two] = [await encrypt(plain), await encrypt(plain)];
    assert.notDeepEqual(one.file, two.file);
    assert.notEqual(one.payloadKey.reveal(), two.payloadKey.reveal());
    assert.doesNotMatch(inspect(one.payloadKey), /=/);
  });

  test('is opened by the second of several private keys', async () => {
    const { file } = await encrypt(Buffer.from('x'));
    const keys = { identities: [stranger.identity, offline.identity] };
    assert.equal(String(await through(createAgeDecryption(keys), file)), 'x');
  });
});

describe('a damaged age file', () => {
  test('is refused wherever it was cut off', async () => {
    const { file } = await encrypt(Buffer.from('The whole of it.'));
    for (const length of file.keys()) await assert.rejects(decrypt(file.subarray(0, length)), DAMAGED, `${length}`);
  });

  test('is refused when it was cut off between two chunks, and says that something is missing', async () => {
    const { file } = await encrypt(randomBytes(3 * CHUNK));
    for (const [left, message] of [
      [2 * SEALED, /behind its first 65536 bytes is missing/],
      [SEALED, /behind its first 131072 bytes is missing/],
      [3 * SEALED, /behind its first 0 bytes is missing/],
    ] as const) {
      const start = file.length - left;
      await assert.rejects(decrypt(file.subarray(0, start)), { ...DAMAGED, message });
    }
    for (const cut of [1, 15, 16, 17, SEALED - 1, SEALED + 1]) {
      await assert.rejects(decrypt(file.subarray(0, -cut)), DAMAGED, `${cut}`);
    }
  });

  test('is refused whichever byte is another, also with the key of the file alone', async () => {
    const { file, payloadKey } = await encrypt(Buffer.from('The whole of it.'));
    for (const index of file.keys()) {
      // A stanza that no longer fits looks like one that was made for somebody else.
      await assert.rejects(decrypt(flipped(file, index)), { code: /^BACKUP_(?:DAMAGED|WRONG_KEY)$/ }, `${index}`);
      await assert.rejects(through(createAgeDecryption({ payloadKey }), flipped(file, index)), DAMAGED, `${index}`);
    }
  });

  test('gives out nothing of the chunk that is damaged, nor of those behind it', async () => {
    const plain = randomBytes(3 * CHUNK);
    const { file } = await encrypt(plain);
    const decryption = createAgeDecryption({ identities });
    const seen: Buffer[] = [];
    decryption.on('data', (part: Buffer) => seen.push(part));
    await assert.rejects(
      pipeline(Readable.from(parts(flipped(file, file.length - SEALED - 100), [CHUNK])), decryption),
      { code: 'BACKUP_DAMAGED', message: /behind its first 65536 bytes was changed/ },
    );
    assert.deepEqual(Buffer.concat(seen), plain.subarray(0, CHUNK));
  });

  test('is refused with its chunks in another order', async () => {
    const { file } = await encrypt(randomBytes(3 * CHUNK));
    const start = file.length - 3 * SEALED;
    const [one, two, three] = [0, 1, 2].map((n) => file.subarray(start + n * SEALED, start + (n + 1) * SEALED));
    assert.ok(one !== undefined && two !== undefined && three !== undefined);
    await assert.rejects(decrypt(Buffer.concat([file.subarray(0, start), two, one, three])), DAMAGED);
  });

  for (const extra of [Buffer.alloc(1), Buffer.alloc(16), Buffer.alloc(SEALED)]) {
    test(`is refused with ${extra.length} bytes behind its end`, async () => {
      for (const size of [0, 10, CHUNK]) {
        const { file } = await encrypt(randomBytes(size));
        await assert.rejects(decrypt(Buffer.concat([file, extra])), DAMAGED);
      }
    });
  }

  test('is refused with an empty last chunk behind a full one', async () => {
    const { file, payloadKey } = await encrypt(randomBytes(CHUNK));
    const { createSealer, payloadKeyOf } = await import('./payload.ts');
    const start = file.length - SEALED;
    const key = payloadKeyOf(Buffer.from(payloadKey.reveal(), 'base64'), file.subarray(start - 16, start));
    const sealer = createSealer(key);
    const chunks = [...sealer.seal(randomBytes(CHUNK), 'inner'), ...sealer.seal(Buffer.alloc(0), 'last')];
    await assert.rejects(decrypt(Buffer.concat([file.subarray(0, start), ...chunks])), DAMAGED);
  });
});

describe('what is no age file', () => {
  for (const [what, bytes, message] of [
    ['nothing', Buffer.alloc(0), /cut off before its data begin/],
    ['some text', Buffer.from('-----BEGIN AGE ENCRYPTED FILE-----\n'), /not a file of age/],
    ['a newer version', Buffer.from('age-encryption.org/v2\n--- x\n'), /not a file of age/],
    [
      'a header without recipients',
      Buffer.from(`age-encryption.org/v1\n--- ${'A'.repeat(43)}\n${'n'.repeat(40)}`),
      /./,
    ],
    [
      'a header that never ends',
      Buffer.concat([Buffer.from('age-encryption.org/v1\n'), Buffer.alloc(70_000, 'a')]),
      /65536 bytes/,
    ],
    [
      'a header that ends too late',
      Buffer.from(`age-encryption.org/v1\n-> X25519 ${'a'.repeat(66_000)}\n\n--- AAAA\n${'n'.repeat(99)}`),
      /65536 bytes/,
    ],
  ] as const) {
    test(`${what} is refused`, async () => {
      for (const lengths of [[bytes.length + 1], [1000]]) {
        await assert.rejects(decrypt(bytes, lengths), { code: /^BACKUP_(?:DAMAGED|WRONG_KEY)$/, message });
      }
    });
  }

  test('whatever it is, it breaks nothing', async () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .string({ unit: 'binary' })
        .map((text) => Buffer.from(`age-encryption.org/v1\n-> X25519 ${text}\n--- ${text}\n${text}`)),
    );
    await fc.assert(
      fc.asyncProperty(anything, (bytes) => assert.rejects(decrypt(bytes), { code: /^BACKUP_(?:DAMAGED|WRONG_KEY)$/ })),
    );
  });
});

describe('keys that do not fit', () => {
  test('are refused with the number of keys that were tried and that would do', async () => {
    const { file } = await encrypt(Buffer.from('x'));
    await assert.rejects(through(createAgeDecryption({ identities: [stranger.identity] }), file), {
      code: 'BACKUP_WRONG_KEY',
      message: 'The private key does not open the backup, which was encrypted for 2 other keys.',
    });
    await assert.rejects(through(createAgeDecryption({ identities: [stranger.identity, stranger.identity] }), file), {
      message: 'None of the 2 private keys opens the backup, which was encrypted for 2 other keys.',
    });
  });

  test('of another file are refused', async () => {
    const [{ file }, { payloadKey }] = [await encrypt(Buffer.from('x')), await encrypt(Buffer.from('x'))];
    await assert.rejects(through(createAgeDecryption({ payloadKey }), file), DAMAGED);
  });

  test('that are none are refused, and not shown', async () => {
    const { file } = await encrypt(Buffer.from('x'));
    const broken = new Secret(`${platform.identity.reveal().slice(0, -3)}QQQ`, 'EVENKEEL_AGE_IDENTITY_FILE');
    await assert.rejects(
      through(createAgeDecryption({ identities: [broken] }), file),
      (error: Error & { code: string }) => {
        assert.equal(error.code, 'BACKUP_IDENTITY_INVALID');
        assert.doesNotMatch(inspect(error), /SECRET-KEY-1[A-Z\d]/);
        return true;
      },
    );
  });
});

describe('recipients', () => {
  test('have to be two, and different', async () => {
    for (const too of [[], [platform.recipient], [platform.recipient, platform.recipient]]) {
      await assert.rejects(createAgeEncryption(too), {
        code: 'BACKUP_RECIPIENTS_TOO_FEW',
        message: `Backups are encrypted for two different keys at least, and keys.recipients has ${new Set(too).size}.`,
      });
    }
  });

  test('have to be keys that every age can use', async () => {
    const hybrid = await identityToRecipient(await generateHybridIdentity());
    const misspelt = `${offline.recipient.slice(0, -1)}${offline.recipient.endsWith('q') ? 'p' : 'q'}`;
    for (const wrong of [misspelt, hybrid, 'age1', '', offline.recipient.toUpperCase(), offline.identity.reveal()]) {
      await assert.rejects(createAgeEncryption([platform.recipient, wrong]), (error: Error & { code: string }) => {
        assert.equal(error.code, 'BACKUP_RECIPIENT_INVALID');
        assert.doesNotMatch(inspect(error), /SECRET-KEY-1/);
        return true;
      });
    }
  });
});

test('neither side runs ahead of its reader', async () => {
  const endless = function* endless(): Generator<Buffer> {
    for (;;) {
      made += CHUNK;
      yield Buffer.alloc(CHUNK);
    }
  };
  let made = 0;
  const { transform, payloadKey } = await createAgeEncryption(recipients);
  const decryption = createAgeDecryption({ payloadKey });
  const running = pipeline(Readable.from(endless(), { objectMode: false }), transform, decryption);
  let read = 0;
  for await (const part of decryption) {
    read += (part as Buffer).length;
    assert.ok(made - read < 20 * CHUNK, `${made - read} bytes are under way`);
    if (read > 200 * CHUNK) break;
  }
  await assert.rejects(running);
});
