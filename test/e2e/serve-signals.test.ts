import assert from 'node:assert/strict';
import { once } from 'node:events';
import { appendFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { databaseProxy } from '../support/database-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { spawnServe, startServe, temporaryFolder } from '../support/serve-process.ts';
import { freshDatabase, sharedPostgres } from '../support/servers/postgres.ts';
import { freePort } from '../support/servers/server.ts';

test('a SIGHUP that cannot be followed is told, and ends nothing', async (t) => {
  const folder = manifestFolder(t);
  const served = await startServe(t, { folder });
  appendFileSync(path.join(folder, 'evenkeel.yaml'), 'environments: { live: {} }\n');

  served.child.kill('SIGHUP');

  await eventually(() => assert.match(served.output(), /The manifest could not be read again/));
  assert.equal((await fetch(`${served.address}/livez`)).status, 200);
});

test('a SIGTERM during the start is heeded as soon as there is something to stop', async (t) => {
  const { child, output } = spawnServe(t, { folder: manifestFolder(t) });
  await eventually(() => assert.match(output(), /schema was brought up to date/));

  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');

  assert.equal(code, 0);
  assert.match(output(), /Evenkeel has stopped/);
});

test('a SIGTERM ends it also while its database is away', async (t) => {
  const proxy = await databaseProxy(t, await freshDatabase(await sharedPostgres()));
  const served = await startServe(t, { folder: manifestFolder(t), env: { EVENKEEL_DATABASE_URL: proxy.url } });
  await eventually(() => assert.match(served.output(), /There is an owner now/));

  proxy.cut();
  await eventually(() => assert.match(served.output(), /results could not be stored/));
  served.child.kill('SIGTERM');

  await once(served.child, 'exit');
});

test('a SIGTERM ends it also when its database has fallen silent', async (t) => {
  const proxy = await databaseProxy(t, await freshDatabase(await sharedPostgres()));
  const served = await startServe(t, { folder: manifestFolder(t), env: { EVENKEEL_DATABASE_URL: proxy.url } });
  await eventually(() => assert.match(served.output(), /There is an owner now/));

  proxy.freeze();
  served.child.kill('SIGTERM');

  await once(served.child, 'exit');
});

test('it watches on after its database was away, and knows when the outage began', async (t) => {
  const proxy = await databaseProxy(t, await freshDatabase(await sharedPostgres()));
  const folder = manifestFolder(t);
  const served = await startServe(t, { folder, env: { EVENKEEL_DATABASE_URL: proxy.url } });
  await eventually(() => assert.match(served.output(), /changed its state/));

  proxy.cut();
  await eventually(() => assert.match(served.output(), /results could not be stored/));
  proxy.mend();

  await eventually(async () => {
    const { stdout } = await served.cli(['monitor', 'show', 'api', '--json']);
    const { lastCheckedAt } = JSON.parse(stdout);
    assert.ok(Date.now() - Date.parse(lastCheckedAt) < 2_000);
  });
});

test('a start that fails leaves the owner’s first token to the next one', async (t) => {
  const folder = manifestFolder(t);
  const port = await freePort();
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  const args = ['--port', String(port)];
  assert.match((await startServe.expectingRefusal(t, { folder, args })).output, /HTTP_PORT_TAKEN/);
  other.close();

  const served = await startServe(t, { folder, args });

  await eventually(() => assert.match(served.output(), /There is an owner now/));
});

function manifestFolder(t: TestContext): string {
  const folder = temporaryFolder(t);
  const text = 'app: shop\nservices:\n  api: { url: "tcp://127.0.0.1:9", every: 1s, confirm: 2 }\n';
  writeFileSync(path.join(folder, 'evenkeel.yaml'), text);
  return folder;
}
