import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { readConfig } from './config.ts';

test('an empty environment gives sensible defaults', () => {
  const config = readConfig({}, '/srv/shop');

  assert.partialDeepStrictEqual(config, {
    manifest: '/srv/shop/evenkeel.yaml',
    dataDir: '/srv/shop/.evenkeel',
    host: '127.0.0.1',
    port: 7373,
    environment: null,
    databaseUrl: null,
  });
});

test('every wrong variable is named at once, and no value is shown [ENV-07/R]', () => {
  const wrong = { EVENKEEL_PORT: 'hunter2', EVENKEEL_PUBLIC_URL: 'hunter2', EVENKEEL_DATABASE_URL: 'hunter2' };

  assert.throws(
    () => readConfig(wrong, '/'),
    (error: Error & { code?: string }) => {
      assert.equal(error.code, 'CONFIG_INVALID');
      for (const name of Object.keys(wrong)) assert.match(error.message, new RegExp(name));
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    },
  );
});

test('a variable set to nothing counts as not set', () => {
  assert.equal(readConfig({ EVENKEEL_PORT: '' }, '/').port, 7373);
});

test('an environment may be called by its other name, but not by any name', () => {
  assert.equal(readConfig({ EVENKEEL_ENVIRONMENT: 'production' }, '/').environment, 'production');
  assert.throws(() => readConfig({ EVENKEEL_ENVIRONMENT: 'moon' }, '/'), { code: 'CONFIG_INVALID' });
});

test('a secret is read from the file its twin names, and prints as its name', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-config-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'url');
  writeFileSync(file, 'postgres://app:hunter2@db/shop\n');

  const { databaseUrl } = readConfig({ EVENKEEL_DATABASE_URL_FILE: file }, '/');

  assert.equal(databaseUrl?.reveal(), 'postgres://app:hunter2@db/shop');
  assert.equal(JSON.stringify({ databaseUrl }), '{"databaseUrl":"[EVENKEEL_DATABASE_URL]"}');
  assert.throws(() => readConfig({ EVENKEEL_TOKEN_FILE: `${file}.missing` }, '/'), { code: 'CONFIG_FILE_UNREADABLE' });
});

test('mail leaves in the name of the mail server, unless another is given', () => {
  const url = 'smtp://ada:hunter2@mail.shop.example:587';

  assert.equal(readConfig({ EVENKEEL_SMTP_URL: url }, '/').mail?.from, 'evenkeel@mail.shop.example');
  const from = 'Shop status <status@shop.example>';
  assert.equal(readConfig({ EVENKEEL_SMTP_URL: url, EVENKEEL_MAIL_FROM: from }, '/').mail?.from, from);
  assert.equal(readConfig({ EVENKEEL_MAIL_FROM: from }, '/').mail, null);
});

test('a sender that would end its line and begin another is refused', () => {
  assert.throws(() => readConfig({ EVENKEEL_MAIL_FROM: 'Shop\r\nBcc: x <a@shop.example>' }, '/'), /EVENKEEL_MAIL_FROM/);
});
