import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createNet } from '../../../src/platform/net/net.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { send, text, withCode } from '../../support/requests.ts';
import { serveHttp, serveTcp } from '../../support/servers/misbehaving.ts';

test('an answer of any status is a success, with its headers, body and timings', async (t) => {
  const port = await serveHttp(t, (_request, response) => {
    response.writeHead(503, { 'X-Reason': 'tea', 'Set-Cookie': ['a=1', 'b=2'] }).end('busy');
  });

  const response = await send({ url: `http://127.0.0.1:${port}/` });

  assert.equal(response.status, 503);
  assert.equal(response.headers['x-reason'], 'tea');
  assert.equal(response.headers['set-cookie'], 'a=1, b=2');
  assert.equal(text(response.body), 'busy');
  assert.equal(response.address, '127.0.0.1');
  assert.ok(response.timings.connectMs > 0);
  assert.ok(response.timings.totalMs >= response.timings.connectMs + response.timings.firstByteMs);
});

test('each request has a connection of its own', async (t) => {
  let connections = 0;
  const port = await serveHttp(t, (request, response) => {
    if (request.socket.bytesRead > 0) connections += 1;
    response.setHeader('connection', 'keep-alive').end(String(request.socket.remotePort));
  });

  const bodies = [await send({ url: `http://127.0.0.1:${port}/` }), await send({ url: `http://127.0.0.1:${port}/` })];

  assert.notEqual(text(bodies[0]?.body), text(bodies[1]?.body));
  assert.equal(connections, 2);
});

test('method, headers, body and the credentials of the URL arrive', async (t) => {
  const seen: unknown[] = [];
  const port = await serveHttp(t, async (request, response) => {
    const body = (await Array.fromAsync(request)).join('');
    seen.push(request.method, request.url, request.headers.authorization, request.headers['x-key'], body);
    response.end();
  });

  await send({
    method: 'PUT',
    url: `http://ada:p%40ss@127.0.0.1:${port}/a?b=c#d`,
    headers: { 'X-Key': 'k' },
    body: 'grüße',
  });

  const basic = `Basic ${Buffer.from('ada:p@ss').toString('base64')}`;
  assert.deepEqual(seen, ['PUT', '/a?b=c', basic, 'k', 'grüße']);
});

test('what is compressed is not asked for and not unpacked', async (t) => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  const port = await serveHttp(t, (request, response) => {
    assert.equal(request.headers['accept-encoding'], 'identity');
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
  });

  const response = await send({ url: `http://127.0.0.1:${port}/` });

  assert.equal(response.body.length, bomb.length);
});

test('reading stops at the limit, however long the body is', async (t) => {
  let sent = 0;
  const block = Buffer.alloc(65_536, 'x');
  const port = await serveHttp(t, (_request, response) => {
    response.writeHead(200, { 'content-length': String(1024 ** 3) });
    const pour = () => {
      while (!response.destroyed && sent < 1024 ** 3) {
        sent += block.length;
        if (!response.write(block)) return response.once('drain', pour);
      }
      return undefined;
    };
    pour();
  });

  const response = await send({ url: `http://127.0.0.1:${port}/`, bodyBytesMax: 1000 });

  assert.equal(response.isTruncated, true);
  assert.equal(response.body.length, 1000);
  assert.ok(sent < 50_000_000, `${sent} bytes were taken`);
});

test('a body of exactly the limit is whole', async (t) => {
  const port = await serveHttp(t, (_request, response) => response.end('12345'));

  const response = await send({ url: `http://127.0.0.1:${port}/`, bodyBytesMax: 5 });

  assert.deepEqual([text(response.body), response.isTruncated], ['12345', false]);
});

test('each piece of a body is seen the moment it comes', async (t) => {
  const seen: string[] = [];
  const port = await serveHttp(t, (_request, response) => {
    response.write('one');
    const wait = setInterval(() => {
      if (seen.length === 0) return;
      clearInterval(wait);
      response.end('two');
    }, 5);
  });

  const onChunk = (chunk: Uint8Array) => void seen.push(text(chunk));
  const response = await send({ url: `http://127.0.0.1:${port}/`, onChunk });

  assert.deepEqual(seen, ['one', 'two']);
  assert.equal(text(response.body), 'onetwo');
});

test('a plain connection stays open until its caller or its signal ends it', async (t) => {
  const port = await serveTcp(t, (socket) => socket.write('220 hello'));
  const net = createNet({ policy: 'manifest', clock: systemClock });
  const ending = new AbortController();

  const socket = await net.tcp.connect({ host: '127.0.0.1', port }, ending.signal);
  const [greeting] = await Array.fromAsync(socket.take(1, { signal: AbortSignal.timeout(5_000) }));
  const other = await net.tcp.connect({ host: '127.0.0.1', port }, ending.signal);
  ending.abort(new Error('enough'));

  assert.equal(String(greeting), '220 hello');
  await assert.rejects(Array.fromAsync(other), /enough/);
});

test('what is not an http address is refused without showing it', async () => {
  for (const url of ['nonsense hush', 'ftp://u:hush@h/', 'http://:hush@/', 'https://h:99999/hush']) {
    await assert.rejects(send({ url }), withCode('NET_URL_INVALID'));
  }
});
