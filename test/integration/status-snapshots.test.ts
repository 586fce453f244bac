import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { createRateLimit } from '../../src/faces/public/rate-limit.ts';
import { createSnapshots, type Site, type Snapshots } from '../../src/faces/public/snapshots.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recordingLog, silentLog } from '../support/silent-log.ts';

const LONG = 'x'.repeat(2_000);

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

function aSite(mark = ''): Site {
  return {
    pages: new Map([
      ['en', `<p>English${mark}${LONG}`],
      ['de', `<p>Deutsch${mark}${LONG}`],
    ]),
    summary: `{"state":"working"}`,
  };
}

function snapshotsOf(render: () => Promise<Site>, burst = 1_000): Snapshots {
  const limit = createRateLimit({ clock: new FakeClock(), burst, perSecond: 1, clientsMax: 10 });
  return createSnapshots({ render, limit, addressOf: (request) => request.socket.remoteAddress ?? '', log: silentLog });
}

async function serve(context: TestContext, snapshots: Snapshots) {
  const server = createServer((request, response) => {
    if (!snapshots.answer(request, response)) response.writeHead(404).end('elsewhere');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const outgoing = send({ host: '127.0.0.1', port, path, headers, method }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      outgoing.on('error', reject).end();
    });
}

async function served(context: TestContext) {
  const snapshots = snapshotsOf(() => Promise.resolve(aSite()));
  await snapshots.refresh();
  return serve(context, snapshots);
}

test('/status and / are the page for people and JSON for programs that ask for it [STA-02/R]', async (context) => {
  const get = await served(context);
  for (const path of ['/', '/status']) {
    const page = await get(path, { accept: 'text/html' });
    const json = await get(path, { accept: 'application/json' });

    assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
    assert.match(page.body.toString(), /^<p>English/);
    assert.deepEqual(JSON.parse(json.body.toString()), { state: 'working' });
    assert.equal(page.headers.vary, 'Accept, Accept-Language, Accept-Encoding, Cookie');
    assert.equal(json.headers.vary, page.headers.vary);
  }
});

test('other paths are left to others', async (context) => {
  const get = await served(context);

  for (const path of ['/statusx', '/status/', '/api/v1/monitors', '//', '/..']) {
    assert.equal((await get(path)).status, 404, path);
  }
});

test('each encoding holds the same page under a tag of its own', async (context) => {
  const get = await served(context);
  const plain = await get('/');
  const gzip = await get('/', { 'accept-encoding': 'gzip' });
  const br = await get('/', { 'accept-encoding': 'gzip, br' });

  assert.deepEqual(gunzipSync(gzip.body), plain.body);
  assert.deepEqual(brotliDecompressSync(br.body), plain.body);
  assert.equal(br.headers['content-encoding'], 'br');
  assert.ok(br.body.length < plain.body.length);
  assert.equal(new Set([plain, gzip, br].map(({ headers }) => headers.etag)).size, 3);
});

test('a page that did not change is 304, and no cache may keep it without asking', async (context) => {
  const get = await served(context);
  const { headers } = await get('/');
  const etag = headers.etag ?? '';
  assert.match(String(headers['cache-control']), /max-age=0/);

  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await get('/', { 'if-none-match': known });
    assert.equal(again.status, 304, known);
    assert.equal(again.body.length, 0);
    assert.equal(again.headers.etag, etag);
  }
  assert.equal((await get('/', { 'if-none-match': '"other"' })).status, 200);
});

test('HEAD has the headers of GET and no body; everything else is refused', async (context) => {
  const get = await served(context);
  const whole = await get('/');
  const head = await get('/', {}, 'HEAD');

  assert.equal(head.body.length, 0);
  assert.equal(head.headers['content-length'], whole.headers['content-length']);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const refused = await get('/status', {}, method);
    assert.equal(refused.status, 405);
    assert.equal(refused.headers.allow, 'GET, HEAD');
  }
});

test('language: the address wins, then the choice made before, then the browser [STA-06/R]', async (context) => {
  const get = await served(context);
  const german = { 'accept-language': 'de-AT' };
  const first = async (path: string, headers = {}) => (await get(path, headers)).body.toString().slice(3, 10);

  assert.equal(await first('/', german), 'Deutsch');
  assert.equal(await first('/', { ...german, cookie: 'a=b; lang=en' }), 'English');
  assert.equal(await first('/?lang=de', { cookie: 'lang=en' }), 'Deutsch');
  assert.equal(await first('/?lang=xx', german), 'Deutsch');
  assert.equal(await first('/', { ...german, cookie: 'lang=<script>' }), 'Deutsch');
});

test('choosing a language sets that and nothing else, and stays out of shared caches', async (context) => {
  const get = await served(context);
  const { headers } = await get('/?lang=de');
  const again = await get('/?lang=de', { 'if-none-match': headers.etag ?? '' });

  assert.deepEqual(headers['set-cookie'], ['lang=de; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly']);
  assert.match(String(headers['cache-control']), /private/);
  assert.equal(again.status, 200);
  assert.equal((await get('/?lang=xx')).headers['set-cookie'], undefined);
  assert.equal((await get('/')).headers['set-cookie'], undefined);
});

test('every page carries a policy under which no script and no foreign style can run', async (context) => {
  const get = await served(context);
  const { headers } = await get('/');
  const policy = String(headers['content-security-policy']);

  assert.match(policy, /^default-src 'none'; style-src 'sha256-[\w+/=]+'; img-src data:;/);
  assert.doesNotMatch(policy, /unsafe|script-src/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['referrer-policy'], 'no-referrer');
});

test('behind https every answer tells browsers to insist on it, and elsewhere none does', async (context) => {
  const site = { render: () => Promise.resolve(aSite()), addressOf: () => 'a', log: silentLog };
  const secure = createSnapshots({ ...site, limit: { take: () => 0 }, isHttps: true });
  await secure.refresh();
  const get = await serve(context, secure);
  const plain = await served(context);

  assert.equal((await get('/')).headers['strict-transport-security'], 'max-age=31536000');
  assert.equal((await plain('/')).headers['strict-transport-security'], undefined);
});

test('who asks too often is told when to come back', async (context) => {
  const snapshots = snapshotsOf(() => Promise.resolve(aSite()), 2);
  await snapshots.refresh();
  const get = await serve(context, snapshots);
  await get('/');
  await get('/');

  const refused = await get('/');

  assert.equal(refused.status, 429);
  assert.equal(refused.headers['retry-after'], '1');
  assert.equal(refused.headers['cache-control'], 'no-store');
});

test('before the first page there is a plain answer that asks for a second of patience', async (context) => {
  const get = await serve(
    context,
    snapshotsOf(() => Promise.resolve(aSite())),
  );

  const early = await get('/');

  assert.equal(early.status, 503);
  assert.equal(early.headers['retry-after'], '1');
});

test('refreshes during a run share one more run, which sees the newest facts', { timeout: 5_000 }, async () => {
  const waiting: (() => void)[] = [];
  const snapshots = snapshotsOf(async () => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return aSite();
  });

  const first = snapshots.refresh();
  const others = [snapshots.refresh(), snapshots.refresh(), snapshots.refresh()];
  assert.equal(waiting.length, 1);
  waiting[0]?.();
  await first;
  while (waiting.length < 2) await new Promise((resolve) => setImmediate(resolve));
  waiting[1]?.();
  await Promise.all(others);

  assert.equal(waiting.length, 2);
});

test('when a page cannot be made the one before stays, and the log says so', async (context) => {
  const log = recordingLog();
  const renders = [() => Promise.resolve(aSite(' one')), () => Promise.reject(new Error('database gone'))];
  const limit = createRateLimit({ clock: new FakeClock(), burst: 10, perSecond: 1, clientsMax: 10 });
  const render = () => renders.shift()?.() ?? Promise.resolve(aSite(' three'));
  const snapshots = createSnapshots({ render, limit, addressOf: () => 'a', log });
  const get = await serve(context, snapshots);
  const text = async () => (await get('/')).body.toString().slice(3, 16);

  await snapshots.refresh();
  await snapshots.refresh();
  assert.match(await text(), /^English one/);
  assert.equal(log.lines[0]?.level, 'error');
  await snapshots.refresh();
  assert.match(await text(), /^English three/);
});
