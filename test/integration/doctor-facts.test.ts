import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { createHostFacts } from '../../src/app/host-facts.ts';
import { createOfflineKeys } from '../../src/app/keys.ts';
import { FakeClock } from '../support/fake-clock.ts';

test('a manifest that sends no mail and backs nothing up needs nothing', async (t) => {
  const { needs } = await project(t, 'app: shop\n');

  assert.deepEqual(await needs(), { mail: null, backups: null });
});

test('without a manifest nothing is needed', async (t) => {
  const { needs } = await project(t, undefined);

  assert.deepEqual(await needs(), { mail: null, backups: null });
});

const TOLD = `
channels:
  ops: { email: ops@shop.example }
  dev: { slack: "https://hooks.slack.com/services/T0/B0/x" }
people:
  mara: { email: mara@shop.example }
  jo: { email: jo@shop.example }
escalate:
  default:
    - notify: [mara]
`;

test('mail is needed by channels of that kind and by people who are told, and not by others', async (t) => {
  const { needs } = await project(t, `app: shop\n${TOLD}`);

  const bare = await needs();
  const set = await needs({ EVENKEEL_SMTP_URL: 'smtp://user:secret@mail.example' });

  assert.deepEqual(bare.mail, { usedBy: ['the channel ops', 'mara'], isSet: false });
  assert.deepEqual(set.mail, { usedBy: ['the channel ops', 'mara'], isSet: true });
});

test('backups need keys that the manifest knows, vaults that can be written, and no programs for a file', async (t) => {
  const { needs, folder, keys } = await backedUp(t);

  const { backups } = await needs({
    EVENKEEL_AGE_IDENTITY_FILE: 'keys/platform.agekey',
    EVENKEEL_SIGNING_KEY_FILE: 'keys/signing.pem',
  });

  const [platform, , signing] = keys;
  assert.deepEqual(backups, {
    signingKey: { state: 'known', file: path.join(folder, 'keys/signing.pem'), publicKey: signing },
    identity: { state: 'known', file: path.join(folder, 'keys/platform.agekey'), publicKey: platform },
    vaults: [{ name: 'local', where: path.join(folder, 'deep/vault'), cause: null }],
    programs: [],
  });
});

test('keys that are not set, wrong, or of somebody else are told apart', async (t) => {
  const { needs, folder } = await backedUp(t);
  await createOfflineKeys(new FakeClock()).createKeys({ folder: path.join(folder, 'other'), isDryRun: false });
  const kinds = async (identity: string, signing: string) => {
    const { backups } = await needs({ EVENKEEL_AGE_IDENTITY_FILE: identity, EVENKEEL_SIGNING_KEY_FILE: signing });
    return [backups?.identity.state, backups?.signingKey.state];
  };

  assert.deepEqual(await kinds('', ''), ['unset', 'unset']);
  assert.deepEqual(await kinds('keys/gone', 'keys/gone'), ['unusable', 'unusable']);
  assert.deepEqual(await kinds('keys/signing.pem', 'keys/platform.agekey'), ['unusable', 'unusable']);
  assert.deepEqual(await kinds('other/platform.agekey', 'other/signing.pem'), ['unknown', 'unknown']);
});

test('a vault whose place is taken by a file cannot be written', async (t) => {
  const { needs, folder } = await backedUp(t);
  writeFileSync(path.join(folder, 'deep'), 'a file');

  const { backups } = await needs();

  assert.deepEqual(
    backups?.vaults.map(({ cause }) => cause),
    ['ENOTDIR'],
  );
});

test('a PostgreSQL database takes four programs, each with its version or without one', async (t) => {
  const { needs } = await backedUp(t, 'postgres://shop@db.example/shop');

  const { backups } = await needs();

  assert.deepEqual(
    backups?.programs.map(({ name, isForProof }) => [name, isForProof]),
    [
      ['pg_dump', false],
      ['pg_restore', false],
      ['initdb', true],
      ['postgres', true],
    ],
  );
  for (const { version } of backups.programs) assert.match(version ?? '0.0', /^\d+/);
});

async function backedUp(t: TestContext, url = 'sqlite:data/shop.db') {
  const opened = await project(t, undefined);
  const report = await createOfflineKeys(new FakeClock()).createKeys({
    folder: path.join(opened.folder, 'keys'),
    isDryRun: false,
  });
  const services = `services:\n  db: { url: "${url}", backup: true }\nvaults: { local: ./deep/vault }\n`;
  writeFileSync(path.join(opened.folder, 'evenkeel.yaml'), `app: shop\n${services}${report.manifest}`);
  return { ...opened, keys: report.keys.map(({ publicKey }) => publicKey) };
}

async function project(t: TestContext, manifest: string | undefined) {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-doctor-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(path.join(folder, 'data'));
  if (manifest !== undefined) writeFileSync(path.join(folder, 'evenkeel.yaml'), manifest);
  const needs = (variables: Readonly<Record<string, string>> = {}) => createHostFacts({ folder, variables }).needs();
  return { folder, needs };
}
