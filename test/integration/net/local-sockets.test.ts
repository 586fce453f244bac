import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { send, text, withCode } from '../../support/requests.ts';
import { serveHttp } from '../../support/servers/misbehaving.ts';

test('a request goes through a socket of this machine instead of to the host it names', async (t) => {
  const socketPath = await serveLocally(t, async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request));
    response.end(`${request.method} ${request.url} ${request.headers.host} ${body.toString('hex')}`);
  });

  const body = new Uint8Array([0, 255, 128]);
  const response = await send({ method: 'POST', url: 'http://docker/v1/info?a=b', socketPath, body });

  assert.equal(text(response.body), 'POST /v1/info?a=b docker 00ff80');
  assert.equal(response.address, socketPath);
  assert.ok(response.timings.connectMs > 0);
  assert.equal(response.timings.dnsMs, 0);
});

test('a redirect out of a socket leads to the network, and there only to the internet', async (t) => {
  const port = await serveHttp(t, (_request, response) => response.end('outside'));
  const socketPath = await serveLocally(t, (request, response) => {
    const location = request.url === '/' ? '/here' : `http://127.0.0.1:${port}/`;
    response.writeHead(request.url === '/here' ? 200 : 302, { location }).end('inside');
  });

  const same = await send({ url: 'http://docker/', socketPath, redirectsMax: 1 });

  assert.equal(text(same.body), 'inside');
  const sending = send({ url: 'http://docker/out', socketPath, redirectsMax: 1 });
  await assert.rejects(sending, withCode('NET_ADDRESS_FORBIDDEN'));
});

test('a socket that nobody listens on is an error of the system', async () => {
  await assert.rejects(send({ url: 'http://docker/', socketPath: '/nowhere/docker.sock' }), withCode('ENOENT'));
});

async function serveLocally(t: TestContext, answer: RequestListener): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-socket-'));
  const server = createServer(answer).listen(path.join(folder, 'http.sock'));
  await once(server, 'listening');
  t.after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  return path.join(folder, 'http.sock');
}
