import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demandName, restorePlace } from './restore-place.ts';

const FOLDER = '/project';

test('a path is a file, seen from where the person is', () => {
  assert.deepEqual(restorePlace('out/shop.db', FOLDER), { kind: 'file', path: '/project/out/shop.db' });
  assert.deepEqual(restorePlace('/srv/shop.db', FOLDER), { kind: 'file', path: '/srv/shop.db' });
});

test('an address without a password is a database', () => {
  const place = restorePlace('postgresql://shop@db.example:5433/shop?sslmode=require', FOLDER);

  assert.equal(
    place.kind === 'database' && place.url.reveal(),
    'postgresql://shop@db.example:5433/shop?sslmode=require',
  );
});

for (const typed of [
  'postgres://shop:hunter2@db.example/shop',
  'postgres://db.example/shop?user=shop&password=hunter2',
  'postgres://db.example/shop?sslpassword=hunter2&PASSWORD=hunter2',
  'host=db.example dbname=shop password=hunter2',
  "host=db.example password = 'hunter2'",
]) {
  test(`a password on the command line is refused and not repeated: ${typed.replace('hunter2', '…')}`, () => {
    for (const read of [() => restorePlace(typed, FOLDER), () => demandName(typed)]) {
      assert.throws(read, (error: Error & { code?: string; hint?: string }) => {
        assert.equal(error.code, 'CLI_PASSWORD_TYPED');
        assert.doesNotMatch(`${error.message}${error.hint}`, /hunter2/);
        assert.match(String(error.hint), /PGPASSWORD/);
        return true;
      });
    }
  });
}

for (const typed of ['mysql://db.example/shop', 's3://bucket/shop.db', 'file:///srv/shop.db']) {
  test(`${typed} is neither an address of PostgreSQL nor a file`, () => {
    assert.throws(() => restorePlace(typed, FOLDER), { code: 'CLI_USAGE' });
  });
}

test('the name of a new database is taken as it is', () => {
  assert.doesNotThrow(() => demandName('shop_yesterday_2'));
});

for (const typed of ['../shop', '/srv/shop.db', 'postgres://db.example/shop', '-shop', 'Shop', 'shop-old', '']) {
  test(`"${typed}" is not the name of a new database`, () => {
    assert.throws(() => demandName(typed), { code: 'CLI_USAGE' });
  });
}
