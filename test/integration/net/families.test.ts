import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
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
