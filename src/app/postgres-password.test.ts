import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { postgresPassword } from './postgres-password.ts';

const wanted = { host: 'db.example', port: '5432', database: 'shop', user: 'ada' };

test('PGPASSWORD wins over every file', (t) => {
  const file = passFile(t, '*:*:*:*:from the file');

  assert.equal(postgresPassword(wanted, { PGPASSWORD: 'hunter2', PGPASSFILE: file }), 'hunter2');
});

test('the first line that fits counts, with its wildcards', (t) => {
  const file = passFile(t, '# comment', 'other:5432:shop:ada:no', 'db.example:*:shop:ada:yes', '*:*:*:*:too late');

  assert.equal(postgresPassword(wanted, { PGPASSFILE: file }), 'yes');
});

test('colons and backslashes in a password are escaped, or left as they are', (t) => {
  const file = passFile(t, String.raw`db.example:5432:shop:ada:a\:b\\c:d`);

  assert.equal(postgresPassword(wanted, { PGPASSFILE: file }), String.raw`a:b\c:d`);
});

test('without a file at home there is no password', (t) => {
  assert.equal(postgresPassword(wanted, { HOME: path.dirname(passFile(t, '')) }), undefined);
});

test('a file that was named and cannot be read is an error, and none that nobody named', () => {
  assert.throws(() => postgresPassword(wanted, { PGPASSFILE: '/nowhere' }), { code: 'CONFIG_FILE_UNREADABLE' });
  assert.equal(postgresPassword(wanted, {}), undefined);
});

function passFile(t: TestContext, ...lines: readonly string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-pgpass-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'passfile');
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}
