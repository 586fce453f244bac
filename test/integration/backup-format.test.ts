import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, describe, test } from 'node:test';
import { backupEngines } from '../../src/backups/engines/index.ts';
import { createAgeDecryption } from '../../src/backups/format/age/decrypt.ts';
import { createAgeEncryption } from '../../src/backups/format/age/encrypt.ts';
import { generateIdentity, identityFile, readIdentities } from '../../src/backups/format/age/keys.ts';
import { createPacking, unpack } from '../../src/backups/format/packing.ts';
import { generateSigningKey, readSigningKey, signerPem, verifySignature } from '../../src/backups/format/signing.ts';
import { sumsText } from '../../src/backups/format/sums.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { backupIn, folderOf, type Made, tinyEngine, tinyFacts } from '../support/made-backup.ts';
import { pastedFrom } from '../support/restore-guide.ts';
import { runShell } from '../support/run-shell.ts';
import { requireProgram } from '../support/servers/install.ts';

const age = requireProgram({ name: 'age', packages: ['age'] });
const ageKeygen = requireProgram({ name: 'age-keygen', packages: ['age'] });
const zstd = requireProgram({ name: 'zstd', packages: ['zstd'] });
const sqlite3 = requireProgram({ name: 'sqlite3', packages: ['sqlite3'] });
const openssl = requireProgram({ name: 'openssl', packages: ['openssl'] });

const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-format-'));
after(() => rmSync(folder, { recursive: true }));
const file = (name: string) => path.join(folder, name);
const write = (name: string, content: Uint8Array | string) => {
  writeFileSync(file(name), content, { mode: 0o600 });
  return file(name);
};

const platform = await generateIdentity();
const offline = await generateIdentity();
const recipients = [platform.recipient, offline.recipient];
const keyFiles = [platform, offline].map((key, index) => write(`${index}.agekey`, identityFile(key, 0)));

const SIZES = [0, 1, 65_535, 65_536, 65_537, 131_072, 1_000_000];
const flow = (bytes: Uint8Array) => Readable.from([bytes], { objectMode: false });

async function encrypted(plain: Uint8Array): Promise<Buffer> {
  const { transform } = await createAgeEncryption(recipients);
  return buffer(flow(plain).pipe(transform));
}

describe('the program age', () => {
  for (const size of SIZES) {
    test(`opens what we encrypted, with each key, and we open what it did, ${size} bytes long`, async () => {
      const plain = randomBytes(size);
      const ours = write('ours.age', await encrypted(plain));
      for (const key of keyFiles) {
        const { status } = runShell(`${age} -d -i "${key}" "${ours}" > "${file('opened')}"`, folder);
        assert.equal(status, 0);
        assert.deepEqual(readFileSync(file('opened')), plain);
      }

      write('plain', plain);
      const flags = recipients.map((recipient) => `-r ${recipient}`).join(' ');
      assert.equal(runShell(`${age} ${flags} -o theirs.age plain`, folder).status, 0);
      const theirs = flow(readFileSync(file('theirs.age')));
      const decryption = createAgeDecryption({ identities: [offline.identity] });
      assert.deepEqual(await buffer(theirs.pipe(decryption)), plain);
    });
  }

  test('refuses what we refuse: a file that was cut off', async () => {
    const whole = await encrypted(Buffer.from('The whole of it.'));
    for (const length of [0, 21, 22, 200, whole.length - 33, whole.length - 17, whole.length - 1]) {
      const cut = write('cut.age', whole.subarray(0, length));
      assert.notEqual(runShell(`${age} -d -i "${keyFiles[0]}" "${cut}"`, folder).status, 0, `${length}`);
    }
  });

  test('writes key files that we read, and reads ours', async () => {
    assert.equal(runShell(`${ageKeygen} -o theirs.agekey`, folder).status, 0);
    const [theirs] = await readIdentities(new Secret(readFileSync(file('theirs.agekey'), 'utf8'), 'theirs.agekey'));
    assert.equal(runShell(`${ageKeygen} -y theirs.agekey`, folder).output.trim(), theirs?.recipient);
    assert.equal(runShell(`${ageKeygen} -y "${keyFiles[0]}"`, folder).output.trim(), platform.recipient);
  });
});

describe('the program zstd', () => {
  for (const size of SIZES) {
    test(`unpacks what we packed, and we unpack what it did, ${size} bytes long`, async () => {
      const plain = Buffer.concat([randomBytes(Math.floor(size / 2)), Buffer.alloc(Math.ceil(size / 2), 'ab')]);
      write('ours.zst', await buffer(flow(plain).pipe(createPacking())));
      assert.equal(runShell(`${zstd} -d -q -f ours.zst -o unpacked`, folder).status, 0);
      assert.deepEqual(readFileSync(file('unpacked')), plain);

      write('plain', plain);
      assert.equal(runShell(`${zstd} -q -f --check plain -o theirs.zst`, folder).status, 0);
      const theirs = unpack(flow(readFileSync(file('theirs.zst'))), { bytesMax: size });
      assert.deepEqual(await buffer(Readable.from(theirs)), plain);
    });
  }
});

describe('the program openssl', () => {
  test('finds our signatures good, and those of other bytes bad', () => {
    const { pem, signer } = generateSigningKey();
    write('public.pem', signerPem(signer));
    write('signed', 'These bytes.');
    write('signature', readSigningKey(pem).sign(Buffer.from('These bytes.')));
    const verify = `${openssl} pkeyutl -verify -pubin -inkey public.pem -rawin -in signed -sigfile signature`;
    assert.match(runShell(verify, folder).output, /Signature Verified Successfully/);
    write('signed', 'Those bytes.');
    assert.notEqual(runShell(verify, folder).status, 0);
  });

  test('makes keys and signatures that we take', () => {
    const commands = [
      `${openssl} genpkey -algorithm ed25519 -out signing.pem`,
      'echo hello > signed',
      `${openssl} pkeyutl -sign -inkey signing.pem -rawin -in signed -out signature`,
    ];
    assert.equal(runShell(commands.join('\n'), folder).status, 0);
    const { signer } = readSigningKey(new Secret(readFileSync(file('signing.pem'), 'utf8'), 'signing.pem'));
    const [bytes, signature] = [readFileSync(file('signed')), readFileSync(file('signature'))];
    verifySignature({ bytes, signature, signer }, [signer]);
  });
});

test('the program sha256sum reads our sums', () => {
  write('one', 'hello\n');
  const sum = '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03';
  write('SHA256SUMS', sumsText([{ file: 'one', sha256: sum }]));
  assert.equal(runShell('sha256sum --strict -c SHA256SUMS', folder).output, 'one: OK\n');
});

describe('RESTORE.md, followed to the letter', () => {
  const PLAIN = Buffer.from('insert into orders values (1);\n'.repeat(10_000));
  const key = write('offline.agekey', identityFile(offline, 0));

  /** Everything in the shell blocks, at once, as somebody would paste it who reads nothing between them. */
  function follow(made: Made, values: { readonly key?: string } = {}) {
    const target = path.join(made.folder, '..', `${path.basename(made.folder)}.restored`);
    const dump = path.join(made.folder, '..', `${path.basename(made.folder)}.dump`);
    const guide = readFileSync(path.join(made.folder, 'RESTORE.md'), 'utf8');
    const script = pastedFrom(guide, { KEY: values.key ?? key, TARGET: target, DUMP: dump });
    return { ...runShell(script, made.folder), target, dump };
  }

  const make = (name: string) => backupIn(folderOf(folder, name), { plain: PLAIN, recipients, engine: tinyEngine });

  test('restores what was backed up, and leaves no open dump behind', async () => {
    const { status, output, target, dump } = follow(await make('good'));
    assert.equal(status, 0, output);
    assert.equal(output.match(/: OK$/gm)?.length, 5);
    assert.match(output, /Signature Verified Successfully/);
    assert.match(output, /^ +"sha256": "[0-9a-f]{64}"$/m);
    assert.deepEqual(readFileSync(target), PLAIN);
    assert.throws(() => readFileSync(dump), { code: 'ENOENT' });
  });

  test('restores a SQLite database, whose tables answer its questions as it says', async () => {
    const source = file('shop.db');
    const db = new DatabaseSync(source);
    db.exec('create table "Order" (id integer primary key, note text); create table users (name text);');
    const insert = db.prepare('insert into "Order" (note) values (?)');
    for (let row = 0; row < 1234; row += 1) insert.run(`It's "${row}" \u00e4`);
    db.close();
    const tables = [
      { name: 'Order', rows: 1234 },
      { name: 'users', rows: 0 },
    ];

    const engine = backupEngines.get('sqlite');
    const plain = readFileSync(source);
    const made = await backupIn(folderOf(folder, 'sqlite'), {
      plain,
      recipients,
      engine,
      source: { ...tinyFacts, tables },
    });
    const { status, output, target } = follow(made);

    assert.equal(status, 0, output);
    const [, questions = ''] =
      /^```sql\n(.*?)^```$/ms.exec(readFileSync(path.join(made.folder, 'RESTORE.md'), 'utf8')) ?? [];
    const { output: answers } = runShell(`${sqlite3} "${target}" <<'SQL'\n${questions}SQL`, folder);
    assert.equal(answers, '1234\n0\n');
  });

  test('stops before the dump is opened when a file was changed', async () => {
    for (const name of ['dump.zst.age', 'manifest.json', 'manifest.json.sig', 'RESTORE.md']) {
      const made = await make(`changed-${name}`);
      const place = path.join(made.folder, name);
      const bytes = readFileSync(place);
      writeFileSync(place, Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])]));
      const { status, output, target } = follow(made);
      assert.notEqual(status, 0);
      assert.match(output, new RegExp(`^${name}: FAILED$`, 'm'));
      assert.throws(() => readFileSync(target), { code: 'ENOENT' });
    }
  });

  test('stops when the dump and its sum were replaced by somebody who cannot sign', async () => {
    const made = await make('forged');
    const other = await backupIn(folderOf(folder, 'other'), {
      plain: Buffer.from('evil'),
      recipients,
      engine: tinyEngine,
    });
    writeFileSync(path.join(made.folder, 'dump.zst.age'), readFileSync(path.join(other.folder, 'dump.zst.age')));
    made.writeSums();
    const { status, output, target } = follow(made);
    assert.notEqual(status, 0);
    assert.match(output, /Signature Verified Successfully\s*$/);
    assert.throws(() => readFileSync(target), { code: 'ENOENT' });
  });

  test('stops when the manifest was replaced by somebody who cannot sign', async () => {
    const made = await make('resigned');
    const place = path.join(made.folder, 'manifest.json');
    writeFileSync(place, readFileSync(place, 'utf8').replace('"shop"', '"shup"'));
    made.writeSums();
    const { status, output } = follow(made);
    assert.notEqual(status, 0);
    assert.match(output, /Signature Verification Failure/);
  });

  test('stops before anything is loaded when the key does not fit', async () => {
    const stranger = write('stranger.agekey', identityFile(await generateIdentity(), 0));
    const { status, output, target } = follow(await make('stranger'), { key: stranger });
    assert.notEqual(status, 0);
    assert.match(output, /no identity matched/);
    assert.throws(() => readFileSync(target), { code: 'ENOENT' });
  });
});
