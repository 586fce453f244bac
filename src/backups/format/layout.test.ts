import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { backupFolder, parseBackupFolder, serviceFolder } from './layout.ts';

const place = {
  app: 'shop',
  environment: 'live',
  service: 'db',
  startedAt: Date.parse('2026-11-20T19:04:12Z'),
  id: 'bak_0mi8b1k2z',
};
const FOLDER = 'shop/live/db/2026/11/20/20261120T190412Z-bak_0mi8b1k2z';

describe('the folder of a backup', () => {
  test('says what it is of, when it began, and which it is', () => assert.equal(backupFolder(place), FOLDER));

  test('leaves out what is below a second', () => {
    assert.equal(backupFolder({ ...place, startedAt: place.startedAt + 999 }), FOLDER);
  });

  test('says all of that when it is read', () => assert.deepEqual(parseBackupFolder(FOLDER), place));

  for (const name of ['..', '.', '', 'a/b', 'a\\b', '/etc', 'a\0', 'a b', '-rf', 'ä', 'a'.repeat(64)]) {
    test(`is never made of the name ${JSON.stringify(name)}`, () => {
      for (const key of ['app', 'environment', 'service', 'id'] as const) {
        assert.throws(() => backupFolder({ ...place, [key]: name }), /cannot be the name|is not the id/);
      }
      assert.throws(() => serviceFolder({ ...place, service: name }), /cannot be the name/);
    });
  }

  for (const folder of [
    '',
    'shop/live/db',
    'shop/live/db/2026/11/20',
    'shop/live/db/2026/11/21/20261120T190412Z-bak_0mi8b1k2z',
    'shop/live/db/2026/11/20/20261120T250412Z-bak_0mi8b1k2z',
    'shop/live/db/2026/02/30/20260230T190412Z-bak_0mi8b1k2z',
    'shop/live/db/2026/11/20/20261120T190412Z-bak_',
    'shop/live/db/2026/11/20/20261120T190412Z-other_1',
    'shop/live/db/2026/11/20/20261120T190412Z-bak_A',
    '../live/db/2026/11/20/20261120T190412Z-bak_0mi8b1k2z',
    `${FOLDER}/`,
    `${FOLDER}/manifest.json`,
    `/${FOLDER}`,
    `x/${FOLDER}`,
    `${FOLDER}\n`,
  ]) {
    test(`is not ${JSON.stringify(folder)}`, () => assert.equal(parseBackupFolder(folder), undefined));
  }

  test('is read as what it was made of, whatever that is', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/);
    const any = fc.record({
      app: name,
      environment: name,
      service: name,
      startedAt: fc
        .integer({ min: 0, max: Date.parse('9999-12-31T23:59:59Z') / 1000 })
        .map((seconds) => seconds * 1000),
      id: fc.stringMatching(/^bak_[0-9a-z]{1,30}$/),
    });
    fc.assert(fc.property(any, (made) => assert.deepEqual(parseBackupFolder(backupFolder(made)), { ...made })));
  });

  test('is nothing that breaks the reader', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(parseBackupFolder(text), undefined)));
  });
});
