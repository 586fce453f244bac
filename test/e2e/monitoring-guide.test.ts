import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { blocksOf, commandsIn, readDocument } from '../support/documents.ts';
import { eventually } from '../support/eventually.ts';
import { type Served, startServe, temporaryFolder } from '../support/serve-process.ts';

const GUIDE = readDocument('docs/guides/monitoring.md');
const HOUR_MS = 3_600_000;
/** A busy machine misses checks of less than a second. */
const WITHIN_MS = 40_000;

// The guide, done as it says; only addresses are those of this machine, and minutes are seconds.

test('what the guide to monitoring says can be written and typed as it stands there, and is true', async (t) => {
  const shop = await startShop(t);
  const database = await listening(
    t,
    createTcpServer((socket) => socket.destroy()),
  );
  const folder = temporaryFolder(t);
  writeFileSync(path.join(folder, 'evenkeel.yaml'), manifestFor(shop.host));
  const env = { DATABASE_URL: `tcp://${database.host}`, PROBE_PASSWORD: 'hunter2' };
  const served = await startServe(t, { folder, env });
  const ask = await readerOf(served);
  const shown = async (name: string) => JSON.parse(await ask(`/api/v1/monitors/${name}`));
  const becomes = (name: string, state: string) =>
    eventually(async () => assert.equal((await shown(name)).state, state), WITHIN_MS);

  await Promise.all(['web', 'api', 'db', 'search', 'buy'].map((name) => becomes(name, 'up')));

  const said = new Map<string, string>();
  for (const command of commandsIn(GUIDE)) {
    const { stdout, code } = await served.cli(wordsOf(atHome(command, shop.host)).slice(1));
    assert.equal(code, 0, command);
    said.set(command, stdout);
  }
  assert.match(said.get('evenkeel monitor list') ?? '', /web[^]*search[^]*mail/);
  assert.match(said.get('evenkeel monitor run search') ?? '', /age\(\[BODY\]\.indexed\) < 1h/);
  assert.match(said.get('evenkeel slo list') ?? '', /api availability/);
  const token = said.get('evenkeel token create --name prometheus') ?? '';
  const text = await textOf(`${served.address}/metrics`, token);
  for (const [name] of GUIDE.matchAll(/evenkeel_\w+/g)) assert.match(text, new RegExp(`^${name}\\{`, 'm'));

  shop.indexedAt -= 2 * HOUR_MS;
  shop.refusesBaskets = true;
  await Promise.all([becomes('search', 'degraded'), becomes('buy', 'down')]);
  assert.match((await shown('buy')).reason, /^Step fill the basket: .*expected 201/);
  await eventually(() => assert.equal(shop.baskets, 0, 'baskets were left behind'));

  database.server.close();
  shop.isBroken = true;
  await becomes('web', 'down');
  assert.match((await served.cli(['monitor', 'show', 'web'])).stdout, /comes from\s+db/);
});

/** Asks over HTTP: a new process for each look would keep busy what is looked at. */
async function readerOf({ address, cli }: Served) {
  const { stdout: token } = await cli(['token', 'create', '--name', 'test']);
  return (target: string) => textOf(`${address}${target}`, token);
}

async function textOf(url: string, token: string): Promise<string> {
  return (await fetch(url, { headers: { Authorization: `Bearer ${token.trim()}` } })).text();
}

/** Every block of the guide in one file, checked once a second. */
function manifestFor(host: string): string {
  const blocks = blocksOf(GUIDE, 'yaml').map((block) => parse(atHome(block, host)));
  const entriesOf = (key: string) => {
    const entries = Object.assign({}, ...blocks.map((block) => block[key] ?? {}));
    return Object.fromEntries(
      Object.entries<object>(entries).map(([name, entry]) => [name, { ...entry, every: '1s', timeout: '900ms' }]),
    );
  };
  return JSON.stringify({ app: 'shop', services: entriesOf('services'), monitors: entriesOf('monitors') });
}

function atHome(text: string, host: string): string {
  return text.replaceAll(/https:\/\/(?:\w+\.)?shop\.example/g, `http://${host}`).replace('mail.shop.example:25', host);
}

function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/"(?<quoted>[^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
}

/** The shop of the guide. It knows the visitor's token, and which baskets are still there. */
async function startShop(t: TestContext) {
  const shop = { indexedAt: Date.now(), refusesBaskets: false, isBroken: false, baskets: 0 };
  const answers: Readonly<Record<string, () => readonly [status: number, body?: object]>> = {
    'GET /search': () => [200, { items: ['tea'], indexed: new Date(shop.indexedAt).toISOString() }],
    'POST /login': () => [200, { token: 'opensesame' }],
    'POST /baskets': () => {
      shop.baskets += 1;
      return [shop.refusesBaskets ? 507 : 201, { id: 'b1' }];
    },
    'DELETE /baskets/b1': () => {
      shop.baskets -= 1;
      return [204];
    },
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://shop.example');
    const isBasket = pathname.startsWith('/baskets');
    const isStranger = isBasket && request.headers.authorization !== 'Bearer opensesame';
    const [status, body] = isStranger ? [401] : (answers[`${request.method} ${pathname}`]?.() ?? [200]);
    response.writeHead(shop.isBroken ? 503 : status).end(body === undefined ? '' : JSON.stringify(body));
  });
  const { host } = await listening(t, server);
  return Object.assign(shop, { host });
}

async function listening(t: TestContext, server: Server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port, not on a path
  return { server, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}
