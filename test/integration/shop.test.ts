import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PARTS, type Part, PORT_VARIABLE, PORTS } from '../../examples/shop/ports.ts';
import { type Shop, type ShopSettings, startShop } from '../../examples/shop/start.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { loadedText } from '../support/manifests.ts';
import { freshDatabase, sharedPostgres } from '../support/servers/postgres.ts';

const SHOP = path.join(import.meta.dirname, '../../examples/shop');
const ANY_PORTS = { web: 0, api: 0, worker: 0, chat: 0 };
const NO_PORTS = Object.fromEntries(PARTS.map((part) => [PORT_VARIABLE[part], '0']));
const run = promisify(execFile);

test('the manifest of the shop loads without a warning and without a variable', async () => {
  const { model, warnings } = await loadedText(readFileSync(path.join(SHOP, 'evenkeel.yaml'), 'utf8'));

  assert.deepEqual(warnings, []);
  assert.deepEqual(
    model.services.map(({ name, url }) => [name, url?.reveal()]),
    [
      ['web', `http://127.0.0.1:${PORTS.web}`],
      ['api', `http://127.0.0.1:${PORTS.api}`],
      ['db', 'sqlite:./data/shop.db'],
      ['worker', `http://127.0.0.1:${PORTS.worker}`],
    ],
  );
});

test('the questions that a restored backup of the shop is asked are true of it', async (t) => {
  const dataDir = temporaryFolder(t);
  await openShop(t, { dataDir });
  const { manifest } = await loadedText(readFileSync(path.join(SHOP, 'evenkeel.yaml'), 'utf8'));
  const backup = manifest.services?.['db']?.backup;
  assert.ok(typeof backup === 'object');

  const database = new DatabaseSync(path.join(dataDir, 'shop.db'), { readOnly: true });
  t.after(() => database.close());
  for (const question of backup.assert ?? []) {
    assert.deepEqual(Object.values(database.prepare(question).get() ?? {}), [1], question);
  }
  assert.equal(backup.assert?.length, 3);
});

test('the team chat shows what is signed with its secret, once, as text, and nothing else', async (t) => {
  const { urls } = await openShop(t);
  const { manifest } = await loadedText(readFileSync(path.join(SHOP, 'evenkeel.yaml'), 'utf8'));
  const channel = manifest.channels?.['dev'];
  const secret = channel?.['secret'];
  assert.ok(secret instanceof Secret);
  const key = Buffer.from(secret.reveal().slice('whsec_'.length), 'base64');
  const alert = (title: string, id: string, at = Date.now()) => {
    const data = { title, text: ['It did not answer.'], severity: 'critical' };
    const body = JSON.stringify({ type: 'alert.opened', timestamp: new Date(at).toISOString(), data });
    const timestamp = String(Math.floor(at / 1_000));
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,bm8= v1,${signature}`,
    };
    return { method: 'POST', headers, body };
  };
  const genuine = alert('api is <b>down</b>', 'msg_1');
  const send = async (init: RequestInit) => (await fetch(`${urls.chat}/alerts`, init)).status;

  assert.deepEqual([await send(genuine), await send(genuine)], [204, 204]);
  assert.equal(await send({ ...genuine, body: genuine.body.replace('api', 'web') }), 401);
  assert.equal(await send({ ...genuine, headers: { ...genuine.headers, 'webhook-signature': 'v1,' } }), 401);
  assert.equal(await send(alert('an old one', 'msg_2', Date.now() - 600_000)), 401);
  assert.equal(await send({ method: 'POST', body: genuine.body }), 401);

  const shown = await textOf(urls.chat);
  assert.equal(shown.match(/<h2>/g)?.length, 1);
  assert.match(shown, /<h2>api is &#60;b&#62;down&#60;\/b&#62;<\/h2>/);
});

test('an order placed in the shop front is sent out by the worker', async (t) => {
  const { urls } = await openShop(t);

  const orderPage = await placeOrder(urls.web);

  assert.match(await textOf(orderPage), /Thank you, Ada &#38; Bob/);
  await until(async () => (await textOf(orderPage)).includes('It is on its way.'));
});

test('the shop keeps its orders over a restart', async (t) => {
  const dataDir = temporaryFolder(t);
  const first = await openShop(t, { dataDir });
  const orderPage = await placeOrder(first.urls.web);
  await first.stop();

  const second = await openShop(t, { dataDir });

  assert.match(await textOf(new URL(new URL(orderPage).pathname, second.urls.web).href), /Thank you, Ada/);
});

test('the shop runs on PostgreSQL alike', async (t) => {
  const databaseUrl = await freshDatabase(await sharedPostgres());
  const first = await openShop(t, { databaseUrl });
  const orderPage = await placeOrder(first.urls.web);
  await until(async () => (await textOf(orderPage)).includes('It is on its way.'));
  await first.stop();

  const second = await openShop(t, { databaseUrl });

  assert.match(await textOf(new URL(new URL(orderPage).pathname, second.urls.web).href), /Thank you, Ada/);
});

test('an order that cannot be filled changes nothing', async (t) => {
  const dataDir = temporaryFolder(t);
  const { urls } = await openShop(t, { dataDir });
  const before = counted(dataDir);
  const order = (lines: unknown) => post(`${urls.api}/orders`, { customer: 'Ada', email: 'ada@example.com', lines });

  const unknown = await order([
    { product: 'assam', quantity: 1 },
    { product: 'zeppelin', quantity: 1 },
  ]);
  const empty = await order([]);
  const tooLong = await fetch(`${urls.api}/orders`, { method: 'POST', body: 'x'.repeat(100_000) });

  assert.deepEqual([unknown.status, empty.status, tooLong.status], [409, 422, 413]);
  assert.deepEqual(counted(dataDir), before);
});

test('a new shop has a past, and a restart adds nothing to it', async (t) => {
  const dataDir = temporaryFolder(t);
  const first = await openShop(t, { dataDir });
  const begun = counted(dataDir);
  await first.stop();

  await openShop(t, { dataDir });

  assert.deepEqual([begun['customers'], begun['orders']], [8, 24]);
  assert.deepEqual(counted(dataDir), begun);
});

test('each part breaks in each way, and heals', async (t) => {
  const { urls } = await openShop(t);
  for (const part of PARTS) {
    const health = `${urls[part]}/health`;

    await turnSwitch(urls, part, 'down');
    await assert.rejects(fetch(health));

    await turnSwitch(urls, part, 'errors');
    assert.equal((await fetch(health)).status, 500);

    await turnSwitch(urls, part, 'slow');
    await assert.rejects(fetch(health, { signal: AbortSignal.timeout(1_000) }), { name: 'TimeoutError' });

    await turnSwitch(urls, part, 'off');
    await until(async () => (await fetch(health)).ok);
  }
});

test('the shop front says so in plain words when the api is broken', async (t) => {
  const { urls } = await openShop(t);

  await turnSwitch(urls, 'api', 'down');

  const home = await fetch(urls.web);
  assert.equal(home.status, 503);
  assert.match(await home.text(), /The shop is closed for a moment/);
  assert.equal((await fetch(`${urls.web}/health`)).status, 503);
  await until(async () => (await fetch(`${urls.worker}/health`)).status === 503);
});

test('the worker pings after good runs only', async (t) => {
  const heartbeat = await listen(t);
  const { urls } = await openShop(t, { pingUrl: heartbeat.url });
  await until(() => heartbeat.count() >= 2);

  await turnSwitch(urls, 'worker', 'errors');
  await until(async () => (await fetch(`${urls.worker}/health`)).status === 500);
  const before = heartbeat.count();
  await sleep(5_000);

  assert.ok(heartbeat.count() <= before + 1, 'a run that had begun may still ping');
});

test('the fault switch is not there unless it was asked for', async (t) => {
  const api = spawn(process.execPath, [path.join(SHOP, 'api/main.ts')], {
    env: { API_PORT: '0', SHOP_DATA_DIR: temporaryFolder(t) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  t.after(() => api.kill('SIGKILL'));
  const [{ port }] = await once(api, 'message');

  const answer = await fetch(`http://127.0.0.1:${port}/__break`, {
    method: 'POST',
    headers: { 'x-shop-break': 'down' },
  });

  assert.equal(answer.status, 404);
  assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200);
});

test('a part refuses to start when its environment is wrong, and shows no value', async () => {
  const env = { API_PORT: 'secret-in-the-wrong-place', DATABASE_URL: 'mysql://root:hunter2@db' };

  const failure = await run(process.execPath, [path.join(SHOP, 'api/main.ts')], { env }).then(
    () => assert.fail('it started'),
    (error: { code: number; stdout: string }) => error,
  );

  assert.equal(failure.code, 2);
  assert.deepEqual(JSON.parse(failure.stdout).problems, [
    'API_PORT is malformed: expected a port number.',
    'SHOP_DATA_DIR is missing.',
    'DATABASE_URL is malformed: expected an address that starts with postgres://.',
  ]);
  assert.doesNotMatch(failure.stdout, /hunter2|secret-in/);
});

test('a taken port ends the start with the reason in the log', async (t) => {
  const taken = await listen(t);
  const lines: string[] = [];
  const ports = { ...ANY_PORTS, web: taken.port };

  await assert.rejects(openShop(t, { ports, log: (line) => lines.push(line) }), /The web of the shop ended/);

  assert.ok(lines.some((line) => JSON.parse(line).reason === 'EADDRINUSE'));
});

test('no part outlives a parent that was killed', async (t) => {
  const env = { ...process.env, ...NO_PORTS, SHOP_DATA_DIR: temporaryFolder(t) };
  const parent = spawn(process.execPath, [path.join(SHOP, 'main.ts')], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  t.after(() => parent.kill('SIGKILL'));
  const ports: number[] = [];
  for await (const line of createInterface({ input: parent.stdout })) {
    const { message, port } = JSON.parse(line);
    if (message === 'ready') ports.push(port);
    if (ports.length === PARTS.length) break;
  }

  parent.kill('SIGKILL');

  for (const port of ports) {
    await until(async () => (await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined)) === undefined);
  }
});

async function openShop(t: TestContext, settings: Partial<ShopSettings> = {}): Promise<Shop> {
  const shop = await startShop({
    dataDir: settings.dataDir ?? temporaryFolder(t),
    ports: ANY_PORTS,
    log: () => undefined,
    signal: new AbortController().signal,
    ...settings,
  });
  t.after(() => shop.stop());
  return shop;
}

function counted(dataDir: string) {
  const database = new DatabaseSync(path.join(dataDir, 'shop.db'), { readOnly: true });
  const tables = { customers: 'customer', orders: 'customer_order', lines: 'order_line' };
  const counts = Object.entries(tables).map(([name, table]) => {
    const row = database.prepare(`select count(*) as count from ${table}`).get();
    return [name, Number(row?.['count'])] as const;
  });
  const stock = database.prepare('select sum(stock) as stock from product').get();
  database.close();
  return { ...Object.fromEntries(counts), stock: Number(stock?.['stock']) } as Readonly<Record<string, number>>;
}

/** Does what a browser does, and returns the address of the order's page. */
async function placeOrder(web: string): Promise<string> {
  const home = await textOf(web);
  assert.match(home, /<h2>Wide mug<\/h2>/);
  const checkout = `${web}/checkout?mug=2&assam=1`;
  assert.match(await textOf(checkout), /€44\.90/);
  const body = new URLSearchParams({ customer: 'Ada & Bob', email: 'ada@example.com' });
  const placed = await fetch(checkout, { method: 'POST', body, redirect: 'manual' });
  assert.equal(placed.status, 303);
  return new URL(placed.headers.get('location') ?? '', web).href;
}

async function turnSwitch(urls: Shop['urls'], part: Part, fault: string): Promise<void> {
  const env = { [PORT_VARIABLE[part]]: new URL(urls[part]).port };
  await run(process.execPath, [path.join(SHOP, 'break.ts'), part, fault], { env });
}

function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: 'POST', body: JSON.stringify(body) });
}

async function textOf(url: string): Promise<string> {
  const response = await fetch(url);
  assert.equal(response.status, 200, url);
  return response.text();
}

async function listen(t: TestContext) {
  let count = 0;
  const server = createServer((_request, response) => {
    count += 1;
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { port: address.port, url: `http://127.0.0.1:${address.port}/ping/key`, count: () => count };
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; await sleep(50)) {
    if (await isSo()) return;
  }
  assert.fail('it did not happen within 15 s');
}

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-shop-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
