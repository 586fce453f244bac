import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { checkManifest } from '../../src/app/manifest-check.ts';
import { diskFiles } from '../../src/platform/files.ts';

const MAIL = `app: shop
channels:
  ops: { email: ops@shop.example }
people:
  mara: { email: mara@shop.example }
  jo: { email: jo@shop.example }
escalate:
  default:
    - notify: [mara]
`;

test('who is told by mail is pointed out where no mail server is set', async (t) => {
  const { warnings, problems } = await check(t, { manifest: MAIL });

  assert.deepEqual(problems, []);
  assert.deepEqual(
    warnings.map(({ file, line }) => `${file}:${line}`),
    ['evenkeel.yaml:3', 'evenkeel.yaml:5'],
  );
  assert.match(warnings[0]?.message ?? '', /channel ops.*EVENKEEL_SMTP_URL/);
  assert.match(warnings[1]?.message ?? '', /mara/);
});

test('with a mail server there is nothing to point out', async (t) => {
  const { warnings } = await check(t, {
    manifest: MAIL,
    variables: { EVENKEEL_SMTP_URL: 'smtp://user:password@mail.example' },
  });

  assert.deepEqual(warnings, []);
});

test('our own variables in a .env are pointed out, without their values', async (t) => {
  const { warnings } = await check(t, {
    manifest: 'app: shop\n',
    dotenv: '# Secrets\nDATABASE_URL=postgres://db\nexport EVENKEEL_SMTP_URL=smtp://u:hunter2@m\nEVENKEEL_PORT=1\n',
  });

  assert.equal(warnings.length, 1);
  assert.deepEqual([warnings[0]?.file, warnings[0]?.line], ['.env', 3]);
  assert.match(warnings[0]?.message ?? '', /^EVENKEEL_SMTP_URL, EVENKEEL_PORT have no effect here/);
  assert.doesNotMatch(JSON.stringify(warnings), /hunter2/);
});

test('those that are in the environment as well, and those of the application, are no mistake', async (t) => {
  const { warnings } = await check(t, {
    manifest: 'app: shop\n',
    dotenv: 'PORT=3000\nEVENKEEL_PORT=7373\n',
    variables: { EVENKEEL_PORT: '7373' },
  });

  assert.deepEqual(warnings, []);
});

test('a manifest with a mistake does not hide what is said of its .env', async (t) => {
  const { problems, warnings } = await check(t, { manifest: 'app: shop\nchanels: {}\n', dotenv: 'EVENKEEL_PORT=1\n' });

  assert.deepEqual([problems.length, warnings.length], [1, 1]);
});

interface Project {
  readonly manifest: string;
  readonly dotenv?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

function check(t: TestContext, { manifest, dotenv, variables = {} }: Project) {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-check-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'evenkeel.yaml'), manifest);
  if (dotenv !== undefined) writeFileSync(path.join(folder, '.env'), dotenv);
  return checkManifest(undefined, { folder, variables, files: diskFiles });
}
