import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadedText, loadText, type Surroundings, saidOf } from '../../test/support/manifests.ts';

describe('values from outside', () => {
  const url = async (written: string, around: Surroundings) =>
    (await loadedText(`app: shop\nservices:\n  db: { url: ${written} }\n`, around)).model.services[0]?.url;

  test('come from the environment of the process', async () => {
    const secret = await url('"${DB}"', { variables: { DB: 'postgres://db' } });

    assert.equal(secret?.reveal(), 'postgres://db');
  });

  test('come from the file that the _FILE twin names', async () => {
    const around = { variables: { DB_FILE: '/app/secret' }, files: { secret: 'postgres://db\n' } };

    assert.equal((await url('"${DB}"', around))?.reveal(), 'postgres://db');
  });

  test('come from the .env beside the manifest, after the process', async () => {
    const files = { '.env': 'DB=postgres://dotenv\n' };

    assert.equal((await url('"${DB}"', { files }))?.reveal(), 'postgres://dotenv');
    assert.equal(
      (await url('"${DB}"', { files, variables: { DB: 'postgres://process' } }))?.reveal(),
      'postgres://process',
    );
  });

  test('come from a file of their own', async () => {
    const secret = await url('"${file:./db.url}"', { files: { 'db.url': 'postgres://db\n' } });

    assert.equal(secret?.reveal(), 'postgres://db');
    assert.equal(secret?.name, '${file:./db.url}');
  });

  test('give way to their default when they are missing or empty', async () => {
    assert.equal((await url('"${DB:-http://local}"', {}))?.reveal(), 'http://local');
    assert.equal((await url('"${DB:-http://local}"', { variables: { DB: '' } }))?.reveal(), 'http://local');
  });

  test('name their secret without the default, which may be one itself', async () => {
    assert.equal((await url('"${DB:-postgres://u:pw@db}"', {}))?.name, '${DB}');
  });

  test('name a secret by its place when more than the reference is written', async () => {
    assert.equal((await url('"postgres://u:${PW}@db"', { variables: { PW: 'x' } }))?.name, 'services.db.url');
  });

  test('are never read as YAML, and never add a key', async () => {
    const variables = { TEXT: 'x }\nmonitors: { evil: { tcp: "a:1" } }\nz: &a [*a' };
    const loaded = await loadedText('app: shop\nservices:\n  web: { description: "${TEXT}" }\n', { variables });

    assert.equal(loaded.model.services[0]?.description, variables.TEXT);
    assert.equal(loaded.manifest.monitors, undefined);
  });

  test('are not looked for in values that came from outside', async () => {
    const loaded = await loadedText('app: shop\nservices: { web: { description: "${A}" } }\n', {
      variables: { A: '${B}' },
    });

    assert.equal(loaded.model.services[0]?.description, '${B}');
  });

  test('are not filled into keys', async () => {
    const result = await loadText('app: shop\nservices:\n  ${NAME}: {}\n', { variables: { NAME: 'web' } });

    assert.match(saidOf(result).join(), /3:3 services\.'\$\{NAME\}': expected a name/);
  });

  test('leave $${ alone', async () => {
    const loaded = await loadedText('app: shop\nservices: { web: { description: "costs $${X} or $5" } }\n');

    assert.equal(loaded.model.services[0]?.description, 'costs ${X} or $5');
  });

  test('become a number or a boolean where one is wanted and nothing is quoted', async () => {
    const text = 'app: shop\nservices:\n  db:\n    confirm:\n      down: ${N}\n    backup: ${B}\n';
    const { manifest } = await loadedText(text, { variables: { N: '3', B: 'true' } });

    assert.deepEqual(manifest.services?.['db']?.confirm, { down: 3 });
    assert.equal(manifest.services?.['db']?.backup, true);
  });

  test('stay texts when they are quoted', async () => {
    const text = 'app: shop\nservices: { web: { confirm: { down: "${N}" } } }\n';

    const said = saidOf(await loadText(text, { variables: { N: '3' } }));

    assert.deepEqual(said, ['evenkeel.yaml:2:37 services.web.confirm.down: expected a number; found "${N}".']);
  });

  test('do not show in any problem, not even one that quotes them', async () => {
    const text =
      'app: ${APP}\nservices: { web: { url: "${URL}", every: "${EVERY}" } }\nstatus: { languages: ["${LANG}"] }\n';
    const variables = { APP: 'S3CRET!', URL: 's3cret-url', EVERY: 's3cret-time', LANG: 's3cret-tongue' };

    const result = await loadText(text, { variables });

    assert.equal(saidOf(result).length, 4);
    assert.doesNotMatch(JSON.stringify(result), /s3cret/i);
  });

  test('that are written out with a password are shown without it', async () => {
    const result = await loadText('app: shop\nservices:\n  db: { url: "//u:hunter2@db", every: "x://u:hunter2@db" }\n');

    assert.doesNotMatch(saidOf(result).join(), /hunter2/);
    assert.doesNotMatch(JSON.stringify(result), /hunter2/);
  });
});
