import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { createNet } from '../../../src/platform/net/net.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { send, withCode } from '../../support/requests.ts';
import { serveHttp } from '../../support/servers/misbehaving.ts';

const both = async () => ['127.0.0.1', '::1'];

test('of a name with both kinds of addresses only the kind that is asked for is tried', async (t) => {
  const port = await serveHttp(t, (_request, response) => response.end());
  const url = `http://both.example:${port}/`;

  assert.equal((await send({ url, family: 4 }, 'manifest', both)).address, '127.0.0.1');
  // Only 127.0.0.1 listens, so that 6 has nobody to talk to.
  await assert.rejects(send({ url, family: 6 }, 'manifest', both), withCode('ECONNREFUSED'));
});

test('IPv6 is spoken where it is asked for', async (t) => {
  const server = createServer((socket) => socket.resume().end('HTTP/1.1 204 Fine\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as { port: number };

  assert.equal((await send({ url: `http://both.example:${port}/`, family: 6 }, 'manifest', both)).address, '::1');
  assert.equal((await send({ url: `http://[::1]:${port}/`, family: 6 })).address, '::1');
});

test('a host without an address of the kind that is asked for is told so', async () => {
  const only4 = async () => ['192.0.2.1'];
  const net = createNet({ policy: 'manifest', clock: systemClock, lookup: only4 });
  const signal = AbortSignal.timeout(5_000);

  const missing = { code: 'NET_FAMILY_MISSING', message: 'shop.example has no IPv6 address.' };
  await assert.rejects(send({ url: 'https://shop.example/', family: 6 }, 'manifest', only4), missing);
  await assert.rejects(net.tcp.connect({ host: 'shop.example', port: 25, family: 6 }, signal), missing);
  await assert.rejects(send({ url: 'http://[::1]:9/', family: 4 }), { message: '::1 has no IPv4 address.' });
});

test('an address of the right kind is still none that may not be reached', async () => {
  const mixed = async () => ['93.184.215.14', '::1'];

  await assert.rejects(
    send({ url: 'https://shop.example/', family: 6 }, 'api', mixed),
    withCode('NET_ADDRESS_FORBIDDEN'),
  );
});

test('an address that is slow is waited for where the other kind of address leads nowhere', async (t) => {
  const port = await slowServer(t);
  const net = createNet({ policy: 'manifest', clock: systemClock, lookup: both });

  // Nobody listens on ::1, as on a machine without IPv6 no way leads to it.
  const socket = await net.tcp.connect({ host: 'both.example', port }, AbortSignal.timeout(8_000));
  assert.equal('remoteAddress' in socket && socket.remoteAddress, '127.0.0.1');
  socket.destroy();
});

test('an address that stays silent is waited for until the deadline and no longer', async (t) => {
  const port = await slowServer(t, 60_000);
  const net = createNet({ policy: 'manifest', clock: systemClock, lookup: both });

  const connected = net.tcp.connect({ host: 'both.example', port }, AbortSignal.timeout(900));
  await assert.rejects(connected, { name: 'TimeoutError' });
});

/** Takes no more connections for a while: what comes then is heard by nobody, and has to be said again a second later. */
async function slowServer(t: TestContext, silentMs = 700): Promise<number> {
  const source = `
    const { parentPort } = require('node:worker_threads');
    const { connect, createServer } = require('node:net');
    const server = createServer((socket) => socket.on('error', () => undefined));
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      const { port } = server.address();
      for (let taken = 0; taken < 8; taken += 1) connect(port, '127.0.0.1').on('error', () => undefined);
      process.nextTick(() => {
        parentPort.postMessage(port);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${silentMs});
      });
    });`;
  const worker = new Worker(source, { eval: true });
  t.after(() => worker.terminate());
  return new Promise((resolve) => worker.once('message', resolve));
}
