import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { createOfflineKeys } from '../../src/app/keys.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { runShell } from '../support/run-shell.ts';
import { requireProgram } from '../support/servers/install.ts';

const ageKeygen = requireProgram({ name: 'age-keygen', packages: ['age'] });
const openssl = requireProgram({ name: 'openssl', packages: ['openssl'] });

const parent = mkdtempSync(path.join(tmpdir(), 'evenkeel-keys-'));
after(() => rmSync(parent, { recursive: true }));
const keys = createOfflineKeys(new FakeClock());
const FILES = ['offline.agekey', 'platform.agekey', 'signing.pem'];
const modeOf = (place: string) => (statSync(place).mode & 0o777).toString(8);

describe('making keys', () => {
  test('writes three files that only this user can read, in a folder that only this user can enter, and that no repository takes', async () => {
    const folder = path.join(parent, 'deep', 'keys');
    await keys.createKeys({ folder, isDryRun: false });
    assert.deepEqual(readdirSync(folder), ['.gitignore', ...FILES]);
    assert.equal(readFileSync(path.join(folder, '.gitignore'), 'utf8'), '*\n');
    assert.equal(modeOf(folder), '700');
    for (const file of FILES) assert.equal(modeOf(path.join(folder, file)), '600');
  });

  test('writes files that age and openssl take, with the public halves it tells', async () => {
    const folder = path.join(parent, 'taken');
    const report = await keys.createKeys({ folder, isDryRun: false });
    for (const { file, publicKey } of report.keys) {
      if (file === 'signing.pem') {
        const der = runShell(`${openssl} pkey -in signing.pem -pubout -outform DER | tail -c 32 | base64`, folder);
        assert.equal(`ed25519:${der.output.trim()}`, publicKey);
      } else {
        assert.equal(runShell(`${ageKeygen} -y ${file}`, folder).output.trim(), publicKey);
      }
      assert.ok(report.manifest?.includes(publicKey ?? '-'));
    }
  });

  test('tells nothing that is private', async () => {
    const folder = path.join(parent, 'quiet');
    const told = JSON.stringify(await keys.createKeys({ folder, isDryRun: false }));
    assert.doesNotMatch(told, /SECRET|PRIVATE/);
    assert.deepEqual(JSON.parse(JSON.stringify(await keys.showKeys({ folder }))), JSON.parse(told));
  });

  for (const existing of FILES) {
    test(`never overwrites ${existing}, and writes nothing beside it`, async () => {
      const folder = path.join(parent, `with-${existing}`);
      mkdirSync(folder);
      writeFileSync(path.join(folder, existing), 'mine');
      for (const isDryRun of [true, false]) {
        await assert.rejects(keys.createKeys({ folder, isDryRun }), {
          code: 'KEYS_EXIST',
          message: `There is a ${existing} in ${folder} already; no key was made.`,
        });
      }
      assert.deepEqual(readdirSync(folder), [existing]);
      assert.equal(readFileSync(path.join(folder, existing), 'utf8'), 'mine');
    });
  }

  test('never writes through a link that leads nowhere', async () => {
    const folder = path.join(parent, 'linked');
    mkdirSync(folder);
    symlinkSync(path.join(parent, 'elsewhere'), path.join(folder, 'signing.pem'));
    await assert.rejects(keys.createKeys({ folder, isDryRun: false }), { code: 'KEYS_EXIST' });
    assert.ok(!readdirSync(parent).includes('elsewhere'));
  });

  test('twice at once makes one set of keys that belong together', async () => {
    const folder = path.join(parent, 'race');
    const ends = await Promise.allSettled([1, 2, 3].map(() => keys.createKeys({ folder, isDryRun: false })));
    const [made, ...more] = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    for (const end of ends) if (end.status === 'rejected') assert.equal(end.reason.code, 'KEYS_EXIST');
    assert.deepEqual(more, []);
    assert.deepEqual(await keys.showKeys({ folder }), made);
  });

  test('writes nothing when it only says what it would do', async () => {
    const folder = path.join(parent, 'dry');
    const { manifest, keys: told } = await keys.createKeys({ folder, isDryRun: true });
    assert.equal(manifest, null);
    assert.deepEqual(
      told.map(({ publicKey }) => publicKey),
      [null, null, null],
    );
    assert.ok(!readdirSync(parent).includes('dry'));
  });

  test('says which folder cannot be used', async () => {
    writeFileSync(path.join(parent, 'file'), '');
    const folder = path.join(parent, 'file', 'keys');
    await assert.rejects(keys.createKeys({ folder, isDryRun: false }), {
      code: 'KEY_FILE_UNUSABLE',
      message: `${folder} cannot be made (ENOTDIR).`,
    });
  });
});

describe('showing keys', () => {
  test('shows what is left when the offline key was taken away', async () => {
    const folder = path.join(parent, 'left');
    const { keys: made } = await keys.createKeys({ folder, isDryRun: false });
    rmSync(path.join(folder, 'offline.agekey'));
    const { keys: left, manifest } = await keys.showKeys({ folder });
    assert.deepEqual(
      left,
      made.filter(({ file }) => file !== 'offline.agekey'),
    );
    assert.equal(manifest, null);
  });

  test('says when there are none', async () => {
    for (const folder of [parent, path.join(parent, 'nowhere')]) {
      await assert.rejects(keys.showKeys({ folder }), { code: 'KEYS_MISSING', kind: 'not_found' });
    }
  });

  test('says which file is none', async () => {
    const folder = path.join(parent, 'broken');
    await keys.createKeys({ folder, isDryRun: false });
    writeFileSync(path.join(folder, 'platform.agekey'), 'hunter2');
    await assert.rejects(keys.showKeys({ folder }), {
      code: 'BACKUP_IDENTITY_INVALID',
      message: `${path.join(folder, 'platform.agekey')} is not a file with private age keys: line 1 is no key of age.`,
    });
  });
});
