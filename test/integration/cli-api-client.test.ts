import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type ApiConnection, createApiClient } from '../../src/faces/cli/api-client.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { FakeClock } from '../support/fake-clock.ts';

test('a call puts the name into the path, the rest into the query, and the token into its header', async (t) => {
  const server = await serve(t, (_request, response) => response.end('{"monitor":"a/b","results":[]}'));

  const answer = await client(server.url).call('GET /api/v1/monitors/:name/results', { name: 'a/b', limit: 5 });

  assert.deepEqual(answer, { monitor: 'a/b', results: [] });
  assert.deepEqual(server.requests, [
    { line: 'GET /api/v1/monitors/a%2Fb/results?limit=5', authorization: 'Bearer ek_api_1', body: '' },
  ]);
});

test('a change travels as a JSON body', async (t) => {
  const server = await serve(t, (_request, response) => response.end('{}'));

  await client(server.url).call('POST /api/v1/tokens', { name: 'ci', role: 'operator' });

  assert.equal(server.requests[0]?.body, '{"name":"ci","role":"operator"}');
});

test('without an address the admin socket is asked, and no token is sent', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-cli-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const socketPath = path.join(folder, 'admin.sock');
  const server = await serve(t, (_request, response) => response.end('{"monitors":[]}'), socketPath);

  const answer = await client(undefined, { socketPath }).call('GET /api/v1/monitors');

  assert.deepEqual(answer, { monitors: [] });
  assert.equal(server.requests[0]?.authorization, undefined);
});

test('an address behind a path keeps that path', async (t) => {
  const server = await serve(t, (_request, response) => response.end('{"monitors":[]}'));

  await client(`${server.url}/ops/`).call('GET /api/v1/monitors');

  assert.equal(server.requests[0]?.line, 'GET /ops/api/v1/monitors');
});

const REFUSALS = [
  { status: 401, body: '{}', code: 'CLI_NOT_SIGNED_IN', kind: 'unauthorized' },
  { status: 403, body: refusalOf('HTTP_ROLE_MISSING'), code: 'HTTP_ROLE_MISSING', kind: 'forbidden' },
  { status: 404, body: refusalOf('MONITOR_UNKNOWN'), code: 'MONITOR_UNKNOWN', kind: 'not_found' },
  { status: 404, body: '<h1>nginx</h1>', code: 'CLI_ANSWER_UNREADABLE', kind: 'unavailable' },
  { status: 429, body: refusalOf('HTTP_TOO_MANY'), code: 'HTTP_TOO_MANY', kind: 'too_many' },
  { status: 500, body: refusalOf('HTTP_DEFECT'), code: 'HTTP_DEFECT', kind: 'defect' },
  { status: 500, body: '{}', code: 'CLI_SERVER_DEFECT', kind: 'defect' },
  { status: 502, body: 'bad gateway', code: 'CLI_ANSWER_UNREADABLE', kind: 'unavailable' },
  { status: 503, body: refusalOf('SQL_UNAVAILABLE'), code: 'SQL_UNAVAILABLE', kind: 'unavailable' },
  { status: 302, body: '', code: 'CLI_ANSWER_UNREADABLE', kind: 'unavailable' },
  { status: 200, body: '<html>', code: 'CLI_ANSWER_UNREADABLE', kind: 'unavailable' },
];

for (const { status, body, code, kind } of REFUSALS) {
  test(`HTTP ${status} with "${body.slice(0, 20)}" is reported as ${code}`, async (t) => {
    const server = await serve(t, (_request, response) => response.writeHead(status).end(body));

    await assert.rejects(client(server.url).call('GET /api/v1/monitors'), { code, kind });
  });
}

test('nobody listening is told with the command that starts a server', async (t) => {
  const server = await serve(t, (_request, response) => response.end());
  server.close();

  await assert.rejects(client(server.url).call('GET /api/v1/monitors'), {
    code: 'CLI_SERVER_UNREACHABLE',
    hint: /evenkeel serve/,
  });
});

test('a server that says nothing is given up on at the deadline', async (t) => {
  const clock = new FakeClock();
  const server = await serve(t, () => undefined);

  const call = client(server.url, {}, clock).call('GET /api/v1/monitors');
  const rejection = assert.rejects(call, { code: 'CLI_SERVER_SLOW', message: /30s/ });
  while (server.requests.length === 0) await setTimeout(5);
  await clock.advance(30_000);

  await rejection;
});

/** Were one of them asked after all, nobody outside would notice. */
for (const url of ['http://status.invalid', 'http://127.0.0.1.status.invalid', 'http://[::ffff:127.0.0.1]:9']) {
  test(`a token does not travel in clear to ${url}`, async () => {
    await assert.rejects(client(url).call('GET /api/v1/monitors'), { code: 'CLI_TOKEN_IN_CLEAR' });
  });
}

for (const url of [
  'status.example',
  'ftp://status.example',
  'https://ada:pw@status.example',
  'https://s.example/?t=1',
]) {
  test(`${url.replace(/ada:pw/, 'a user')} is not taken for an address`, async () => {
    await assert.rejects(client(url).call('GET /api/v1/monitors'), { code: 'CLI_URL_INVALID', message: /^(?!.*pw)/ });
  });
}

test('health that fails is an answer, not an error', async (t) => {
  const server = await serve(t, (_request, response) =>
    response.writeHead(503).end('{"status":"fail","database":"fail"}'),
  );

  assert.deepEqual(await client(server.url).health('/health', false), { status: 'fail', database: 'fail' });
});

test('an export is read line by line, whatever the pieces it arrives in', async (t) => {
  const server = await serve(t, (_request, response) => {
    const text = Buffer.from('{"monitor":"prüfung"}\n{"monitor":"b"}\n{"monitor":"c"}');
    for (let at = 0; at < text.length; at += 7) response.write(text.subarray(at, at + 7));
    response.end();
  });

  const names = [];
  for await (const each of client(server.url).export({ what: 'results' })) {
    if ('monitor' in each) names.push(each.monitor);
  }

  assert.deepEqual(names, ['prüfung', 'b', 'c']);
});

test('an export that breaks off is an error, not an end', async (t) => {
  const server = await serve(t, (_request, response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('{"monitor":"a"}\n', () => response.destroy());
  });

  const lines = Array.fromAsync(client(server.url).export({ what: 'results' }));

  await assert.rejects(lines, { code: 'CLI_SERVER_UNREACHABLE' });
});

function client(url: string | undefined, connection: Partial<ApiConnection> = {}, clock = new FakeClock()) {
  const token = new Secret('ek_api_1', 'EVENKEEL_TOKEN');
  return createApiClient({ url, token, socketPath: '/nowhere', isInsecureAllowed: false, ...connection }, clock);
}

function refusalOf(code: string): string {
  return JSON.stringify({ error: { code, message: 'No.', hint: 'Do this.' } });
}

interface SeenRequest {
  readonly line: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

async function serve(t: TestContext, answer: http.RequestListener, socketPath?: string) {
  const requests: SeenRequest[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, headers } = request;
    requests.push({
      line: `${method} ${url}`,
      authorization: headers.authorization,
      body: Buffer.concat(chunks).toString(),
    });
    answer(request, response);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  if (socketPath === undefined) server.listen(0, '127.0.0.1', resolve);
  else server.listen(socketPath, resolve);
  await promise;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  t.after(close);
  const address = server.address();
  return { url: typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '', requests, close };
}
