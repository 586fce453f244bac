import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { createApiClient } from '../../src/faces/cli/api-client.ts';
import { commands } from '../../src/faces/cli/commands/index.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { runFakeCli } from '../support/fake-cli.ts';
import { type Caller, openHttpFace, socketFolder } from '../support/http-face.ts';

const catalogue = await commands.load();

/** One command line for each command that asks the server; the test below demands that none is missing. */
const LINES: Readonly<Record<string, string>> = {
  status: 'status --json',
  'monitor list': 'monitor list --json',
  'monitor show': 'monitor show web --days 7 --json',
  'monitor history': 'monitor history web --since 7d --json',
  'monitor run': 'monitor run web --dry-run --json',
  'monitor set': 'monitor set nightly down --dry-run --json',
  'monitor add': 'monitor add mail tcp mail.shop.example:25 --dry-run --json',
  'monitor remove': 'monitor remove web --dry-run --json',
  'monitor pause': 'monitor pause web --for 1h --dry-run --json',
  'monitor resume': 'monitor resume nightly --json',
  'maintenance list': 'maintenance list --ahead 90d --json',
  'maintenance start': 'maintenance start --title Move --reason OPS-12 --for 1h --dry-run --json',
  'maintenance end': 'maintenance end <id> --json',
  'slo list': 'slo list --json',
  'slo show': 'slo show api --json',
  'threshold list': 'threshold list --json',
  'alert list': 'alert list --limit 5 --json',
  'alert deliveries': 'alert deliveries --limit 5 --json',
  'backup run': 'backup run db --json',
  'backup list': 'backup list db --limit 5 --json',
  'backup verify': 'backup verify latest:db --prove --json',
  'backup restore': 'backup restore bak_1 --to shop_yesterday --json',
  'token create': 'token create --name ci --role viewer --expires 30d --dry-run --json',
  'token list': 'token list --all --json',
  'token revoke': 'token revoke tok_none --dry-run --json',
  health: 'health --detail --json',
  doctor: 'doctor --json',
  'self status': 'self status --json',
  export: 'export --what results --since 7d',
};
/** What has to have happened before; `<id>` is then the id of the window it opened. */
const BEFORE: Readonly<Record<string, string>> = {
  'monitor resume': 'monitor pause nightly --for 1h --json',
  'maintenance end': 'maintenance start --title Move --reason OPS-12 --json',
};
const OFFLINE = [
  'demo',
  'init',
  'check',
  'serve',
  'probe',
  'import',
  'monitor types',
  'key create',
  'key show',
  'self migrate',
  'version',
  'completion',
];

test('every command that asks the server is tried against a real one', () => {
  const names = catalogue.all.map(({ name }) => name);

  assert.deepEqual([...Object.keys(LINES), ...OFFLINE].toSorted(), names.toSorted());
});

for (const [name, line] of Object.entries(LINES)) {
  test(`the server understands what \`${name}\` asks of it`, async (t) => {
    const { evenkeel } = await open(t);

    const before = BEFORE[name];
    const opened = before === undefined ? '' : (await evenkeel(before, 'owner')).out;
    const id = opened === '' ? '' : String(JSON.parse(opened).window.id);
    const run = await evenkeel(line.replace('<id>', id), 'owner');

    const isAboutNothing = line.includes('tok_none');
    assert.equal(run.code, isAboutNothing ? 4 : 0, run.err);
    if (line.includes('--json') && !isAboutNothing) assert.ok(JSON.parse(run.out));
  });
}

test('a token made on the command line works until it is revoked there', async (t) => {
  const { evenkeel, port } = await open(t);

  const made = await evenkeel('token create --name ci --role operator --expires 30d', 'owner');
  const token = new Secret(made.out.trim());
  const withToken = () => runFakeCli(['monitor', 'list'], { api: clientOf(port, token) });
  const id = /\((?<id>tok_\w+)\)/.exec(made.err)?.groups?.['id'];

  assert.equal((await withToken()).code, 0);
  assert.equal((await evenkeel(`token revoke ${id}`, 'owner')).code, 0);
  const after = await withToken();
  assert.equal(after.code, 3);
  assert.match(after.err, /CLI_NOT_SIGNED_IN/);
});

test('a role that is too low is told which one is needed', async (t) => {
  const { evenkeel } = await open(t);

  const run = await evenkeel('token list', 'operator');

  assert.equal(run.code, 3);
  assert.match(run.err, /"owner".*HTTP_ROLE_MISSING/);
});

test('an export arrives whole', async (t) => {
  const { evenkeel } = await open(t);

  const run = await evenkeel('export --what results --format csv', 'viewer');

  assert.equal(run.out.trimEnd().split('\n').length, 1_001);
});

test('over the admin socket no token is needed', async (t) => {
  const { face } = await openHttpFace(t);
  const socketPath = path.join(socketFolder(t), 'admin.sock');
  await face.listenSocket(socketPath);
  const api = createApiClient({ url: undefined, token: undefined, socketPath, isInsecureAllowed: false }, systemClock);

  const run = await runFakeCli(['token', 'list', '--json'], { api });

  assert.equal(run.code, 0, run.err);
});

async function open(t: TestContext) {
  const { port, secretOf } = await openHttpFace(t);
  return {
    port,
    evenkeel: async (line: string, as: Caller) =>
      runFakeCli(line.split(' '), { api: clientOf(port, new Secret(await secretOf(as))), clock: systemClock }),
  };
}

function clientOf(port: number, token: Secret) {
  const url = `http://127.0.0.1:${port}`;
  return createApiClient({ url, token, socketPath: '/nowhere', isInsecureAllowed: false }, systemClock);
}
