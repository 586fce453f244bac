import assert from 'node:assert/strict';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { type Served, startServe, temporaryFolder } from '../support/serve-process.ts';
import { freshDatabase, sharedPostgres } from '../support/servers/postgres.ts';

const PLACES = [
  { engine: 'SQLite', databaseUrl: async () => '' },
  { engine: 'PostgreSQL', databaseUrl: async () => freshDatabase(await sharedPostgres()) },
];

for (const { engine, databaseUrl } of PLACES) {
  test(`serve on ${engine} watches, survives kill -9, and keeps its history`, async (t) => {
    const target = await startTarget(t);
    const folder = manifestFolder(t, target.url);
    const env = { EVENKEEL_DATABASE_URL: await databaseUrl() };
    const first = await startServe(t, { folder, env });
    await eventually(async () => assert.equal(await stateOf(first, 'api'), 'up'));
    const [before] = await changesOf(first);

    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const second = await startServe(t, { folder, env });

    await eventually(async () => assert.equal(await stateOf(second, 'api'), 'up'));
    assert.deepEqual((await changesOf(second))[0], before, 'the history of the first life is gone');
    target.answer = 503;
    await eventually(async () => assert.equal(await stateOf(second, 'api'), 'down'));
  });
}

test('one process may check while another shows, on one PostgreSQL', async (t) => {
  const target = await startTarget(t);
  const env = { EVENKEEL_DATABASE_URL: await freshDatabase(await sharedPostgres()) };
  const checks = await startServe(t, { folder: manifestFolder(t, target.url), env, args: ['--roles', 'checks,jobs'] });
  const web = await startServe(t, { folder: manifestFolder(t, target.url), env, args: ['--roles', 'web'] });
  await eventually(async () => assert.equal(await stateOf(web, 'api'), 'up'));

  target.answer = 500;

  await eventually(async () => assert.equal(await stateOf(web, 'api'), 'down'));
  assert.equal(checks.address, null, 'a process without the role web listens on no port');
});

test('a changed manifest is applied, a wrong one refused and told', async (t) => {
  const target = await startTarget(t);
  const folder = manifestFolder(t, target.url);
  const served = await startServe(t, { folder });
  const manifest = path.join(folder, 'evenkeel.yaml');

  appendFileSync(manifest, `  web: { url: "${target.url}", every: 1s }\n`);
  await eventually(async () => assert.equal(await stateOf(served, 'web'), 'up'));
  writeFileSync(manifest, 'app: shop\nservices:\n  api: { helth: /health }\n');
  await eventually(async () => {
    const { stdout } = await served.cli(['status', '--json']);
    assert.equal(JSON.parse(stdout).platform.manifest, 'warn');
  });

  assert.equal(await stateOf(served, 'web'), 'up', 'the manifest before should have stayed in force');
});

test('SIGHUP reads the manifest at once, SIGTERM ends with code 0', async (t) => {
  const target = await startTarget(t);
  const folder = manifestFolder(t, target.url);
  const served = await startServe(t, { folder });
  appendFileSync(path.join(folder, 'evenkeel.yaml'), `  web: { url: "${target.url}", every: 1s }\n`);

  served.child.kill('SIGHUP');
  await eventually(async () => assert.equal(await stateOf(served, 'web'), 'up'));
  served.child.kill('SIGTERM');
  const [code] = await once(served.child, 'exit');

  assert.equal(code, 0);
});

test('a wrong manifest at the start is refused with its line, and leaves nothing behind', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(path.join(folder, 'evenkeel.yaml'), 'app: shop\nservices:\n  api: { helth: /health }\n');

  const { code, output } = await startServe.expectingRefusal(t, { folder });

  assert.equal(code, 2);
  assert.match(output, /evenkeel\.yaml:3:\d+/);
  assert.match(output, /health/);
  assert.doesNotMatch(output, /\n\s+at /);
});

test('what is in the data folder is for its owner only, also where the folder is open and not ours to close', async (t) => {
  const folder = temporaryFolder(t);
  const dataDir = path.join(folder, '.evenkeel');
  mkdirSync(dataDir, { mode: 0o755 });

  await startServe(t, { folder });

  assert.equal(statSync(dataDir).mode & 0o777, 0o755);
  for (const name of ['evenkeel.db', 'evenkeel.db-wal', 'evenkeel.db-shm', 'admin.sock']) {
    assert.equal(statSync(path.join(dataDir, name)).mode & 0o777, 0o600, name);
  }
});

test('a database that cannot be written is refused with the reason of the system', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(path.join(folder, '.evenkeel/evenkeel.db'), { recursive: true });

  const { code, output } = await startServe.expectingRefusal(t, { folder });

  assert.equal(code, 6);
  assert.match(output, /evenkeel\.db cannot be used \(EISDIR\)/);
});

test('a second server on the same data folder is refused', async (t) => {
  const folder = temporaryFolder(t);
  await startServe(t, { folder });

  const { code, output } = await startServe.expectingRefusal(t, { folder });

  assert.equal(code, 5);
  assert.match(output, /SERVE_ALREADY_RUNNING/);
});

test('an empty folder is a place to start: Evenkeel watches itself', async (t) => {
  const served = await startServe(t, { folder: temporaryFolder(t) });

  await eventually(async () => assert.equal(await stateOf(served, 'evenkeel'), 'up'));
  assert.match(served.output(), /evenkeel init/);
});

test('every line it logs is one JSON object with time, level and message [LOG-01/R]', async (t) => {
  const served = await startServe(t, { folder: temporaryFolder(t) });

  const lines = served.output().trim().split('\n');

  assert.ok(lines.length > 1);
  for (const line of lines) {
    const entry = JSON.parse(line);
    assert.ok(Date.parse(entry.time) > 0 && entry.level && entry.message, line);
  }
});

test('the schema that a manifest names is where editors look for it, and out of version control', async (t) => {
  const folder = temporaryFolder(t);
  const served = await startServe(t, { folder });

  const { code } = await served.cli(['init']);

  assert.equal(code, 0);
  assert.match(readFileSync(path.join(folder, 'evenkeel.yaml'), 'utf8'), /\$schema=\.\/\.evenkeel\/schema\.json/);
  const schema = JSON.parse(readFileSync(path.join(folder, '.evenkeel/schema.json'), 'utf8'));
  assert.equal(schema.$schema, 'http://json-schema.org/draft-07/schema#');
  assert.equal(readFileSync(path.join(folder, '.evenkeel/.gitignore'), 'utf8'), '*\n');
});

async function startTarget(t: TestContext) {
  const target = { url: '', answer: 200 };
  const server: Server = createServer((_request, response) => void response.writeHead(target.answer).end('ok'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  target.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return target;
}

function manifestFolder(t: TestContext, url: string): string {
  const folder = temporaryFolder(t);
  const text = `app: shop\nservices:\n  api: { url: "${url}", health: /health, every: 1s, confirm: 2 }\n`;
  writeFileSync(path.join(folder, 'evenkeel.yaml'), text);
  return folder;
}

async function stateOf(served: Served, name: string): Promise<string | undefined> {
  const answer = await fetch(`${served.address}/status`, { headers: { accept: 'application/json' } });
  const { services } = (await answer.json()) as { services: { name: string; state: string }[] };
  return services.find((service) => service.name === name)?.state;
}

async function changesOf(served: Served): Promise<unknown[]> {
  const { stdout } = await served.cli(['export', '--what', 'changes']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
