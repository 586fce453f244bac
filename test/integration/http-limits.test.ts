import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { openHttpFace, PING_KEY } from '../support/http-face.ts';

test('asking too often is refused with the time to wait, for each token by itself', async (t) => {
  const { ask } = await openHttpFace(t, { options: { limits: { api: 3 } } });
  const ofViewer = async () => (await ask('GET', '/api/v1/self', { as: 'viewer' })).status;

  const statuses = [await ofViewer(), await ofViewer(), await ofViewer(), await ofViewer()];
  const refused = await ask('GET', '/api/v1/self', { as: 'viewer' });
  const other = await ask('GET', '/api/v1/self', { as: 'operator' });

  assert.deepEqual(statuses, [200, 200, 200, 429]);
  assert.equal(refused.json.error.code, 'HTTP_TOO_MANY_REQUESTS');
  assert.ok(Number(refused.headers['retry-after']) <= 60 && Number(refused.headers['retry-after']) > 0);
  assert.equal(other.status, 200);
});

test('wrong tokens and unknown addresses count against the client that sends them', async (t) => {
  const { ask } = await openHttpFace(t, { options: { limits: { api: 3 } } });

  await ask('GET', '/api/v1/self', { as: 'wrong' });
  await ask('GET', '/nothing');
  await ask('GET', '/api/v1/self', { headers: { authorization: `Bearer ek_api_another_${'y'.repeat(43)}` } });
  const { status } = await ask('GET', '/nothing/else');

  assert.equal(status, 429);
});

test('a client behind a trusted proxy is counted by its own address, and cannot make one up', async (t) => {
  const { ask } = await openHttpFace(t, { trustedProxies: ['127.0.0.1'], options: { limits: { ping: 1 } } });
  const from = async (forwarded: string) =>
    (await ask('GET', `/ping/${PING_KEY}`, { headers: { 'x-forwarded-for': forwarded } })).status;

  const statuses = [
    await from('203.0.113.7'),
    await from('203.0.113.7'),
    await from('1.1.1.1, 203.0.113.7'),
    await from('203.0.113.8'),
    await from('2001:db8:1:2::1'),
    await from('2001:db8:1:2:ffff::2'),
    await from('2001:db8:1:3::1'),
  ];

  assert.deepEqual(statuses, [200, 429, 429, 200, 200, 429, 200]);
});

test('without a trusted proxy the header of a proxy means nothing', async (t) => {
  const { ask } = await openHttpFace(t, { options: { limits: { ping: 1 } } });

  await ask('GET', `/ping/${PING_KEY}`, { headers: { 'x-forwarded-for': '203.0.113.7' } });
  const { status } = await ask('GET', `/ping/${PING_KEY}`, { headers: { 'x-forwarded-for': '203.0.113.8' } });

  assert.equal(status, 429);
});

test('a body of more than 1 MB is refused, whether its length is announced or not', async (t) => {
  const { ask } = await openHttpFace(t);
  const body = JSON.stringify({ name: 'x'.repeat(1_000_001), role: 'viewer' });
  const headers = { 'content-type': 'application/json' };

  const announced = await ask('POST', '/api/v1/tokens', { as: 'owner', headers, body });
  const chunked = await ask('POST', '/api/v1/tokens', {
    as: 'owner',
    headers: { ...headers, 'transfer-encoding': 'chunked' },
    body,
  });

  assert.deepEqual([announced.status, announced.json.error.code], [413, 'HTTP_BODY_TOO_LONG']);
  assert.deepEqual([chunked.status, chunked.json.error.code], [413, 'HTTP_BODY_TOO_LONG']);
});

test('a stranger is refused before the body is read', async (t) => {
  const { port } = await openHttpFace(t);

  const { answer } = await raw(port, 'POST /api/v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n{');

  assert.match(answer, /^HTTP\/1\.1 401 /);
});

for (const [what, text, status] of [
  ['headers beyond 16 kB', `GET /health HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ['something that is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 400],
  [
    'two lengths that disagree',
    'POST /ping/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    400,
  ],
  [
    'a length beside chunks',
    'POST /ping/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
] as const) {
  test(`${what} is refused with ${status} and the connection is closed`, async (t) => {
    const { port } = await openHttpFace(t);

    const { answer } = await raw(port, text);

    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
  });
}

for (const [what, text] of [
  ['headers', 'GET /health HTTP/1.1\r\nHost: x\r\n'],
  ['a body', 'POST /ping/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nab'],
] as const) {
  test(`a client that never ends ${what} is cut off`, async (t) => {
    const connectionLimits = { headersMs: 200, requestMs: 300, checkEveryMs: 50 };
    const { port } = await openHttpFace(t, { options: { connectionLimits } });

    const { answer } = await raw(port, text);

    assert.match(answer, /^HTTP\/1\.1 408 /);
  });
}

test('a client that never reads its answers is let go', async (t) => {
  const options = { connectionLimits: { silentMs: 200 }, limits: { api: 2_000 } };
  const { ask, port } = await openHttpFace(t, { options });
  const { text } = await ask('GET', '/api/v1/openapi.json');
  const asked = 'GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\n';
  const socket = connect({ host: '127.0.0.1', port }).pause();
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  socket.on('error', () => socket.destroy());
  const closed = once(socket, 'close');

  socket.write(`${`${asked}\r\n`.repeat(999)}${asked}Connection: close\r\n\r\n`);
  // A busy machine takes a while until nothing more can be sent.
  await setTimeout(4_000);
  socket.resume();
  await closed;

  assert.ok(bytes < 900 * text.length, `${bytes} bytes arrived of 1000 answers of ${text.length}`);
});

/** Sends bytes as they are, and resolves with everything that came back when the server closes the connection. */
async function raw(port: number, text: string): Promise<{ readonly answer: string }> {
  const { promise, resolve } = Promise.withResolvers<{ readonly answer: string }>();
  const socket = connect({ host: '127.0.0.1', port });
  let answer = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    answer += chunk;
    // An answer to a request whose body never comes leaves the connection open.
    if (/\r\n\r\n./s.test(answer)) socket.end();
  });
  socket.once('error', () => socket.destroy());
  socket.once('close', () => resolve({ answer }));
  socket.write(text);
  return promise;
}
