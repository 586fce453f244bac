import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { parse } from 'yaml';
import { Secret } from '../../kernel/secret.ts';
import { createAgeEncryption } from './age/encrypt.ts';
import { readIdentities } from './age/keys.ts';
import { KEY_FILES, keysSection, makeKeys, publicHalfOf } from './keys.ts';

const { texts, publicHalves } = await makeKeys(Date.parse('2026-11-20T19:04:12Z'));

describe('new keys', () => {
  test('are three files with the public halves that belong to them', async () => {
    assert.deepEqual(
      KEY_FILES.map(({ file }) => file),
      Object.keys(texts),
    );
    for (const { file } of KEY_FILES) assert.deepEqual(await publicHalfOf(file, texts[file]), publicHalves[file]);
  });

  test('do not show themselves', () => {
    assert.doesNotMatch(inspect({ texts, publicHalves }, { depth: 9 }), /SECRET-KEY-1|PRIVATE KEY/);
    assert.doesNotMatch(JSON.stringify({ texts, publicHalves }), /SECRET-KEY-1|PRIVATE KEY/);
  });

  test('make a section of the manifest that backups can be made with', async () => {
    const { keys } = parse(keysSection(publicHalves)) as { keys: { recipients: string[]; signers: string[] } };
    assert.deepEqual(keys, {
      recipients: [publicHalves['platform.agekey'].publicKey, publicHalves['offline.agekey'].publicKey],
      signers: [publicHalves['signing.pem'].publicKey],
    });
    await createAgeEncryption(keys.recipients);
  });

  test('have fingerprints that differ and are short', () => {
    const prints = Object.values(publicHalves).map(({ fingerprint }) => fingerprint);
    for (const print of prints) assert.match(print, /^[0-9a-f]{4}(?: [0-9a-f]{4}){3}$/);
    assert.equal(new Set(prints).size, 3);
  });
});

describe('the page with the offline key', () => {
  const page = texts['offline.agekey'].reveal();

  test('is a key file: the key on the last line, all else a comment', async () => {
    const lines = page.trimEnd().split('\n');
    assert.match(lines.at(-1) ?? '', /^AGE-SECRET-KEY-1/);
    assert.ok(lines.slice(0, -1).every((line) => line.startsWith('#')));
    assert.equal((await readIdentities(new Secret(page))).length, 1);
  });

  test('says what it belongs to, and whose signature to believe', () => {
    for (const file of ['offline.agekey', 'signing.pem'] as const) {
      assert.ok(page.includes(publicHalves[file].publicKey));
      assert.ok(page.includes(publicHalves[file].fingerprint));
    }
    assert.ok(page.includes('# created: 2026-11-20T19:04:12Z'));
  });

  test('fits on a sheet of paper', () => {
    const lines = page.split('\n');
    assert.ok(lines.length < 50 && lines.every((line) => line.length <= 110), page);
  });
});
