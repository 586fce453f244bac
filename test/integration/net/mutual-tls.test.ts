import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { TLSSocket } from 'node:tls';
import { createNet } from '../../../src/platform/net/net.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { send, text, withCode } from '../../support/requests.ts';
import { type Certificate, selfSigned } from '../../support/servers/certificates.ts';
import type { Ending } from '../../support/servers/server.ts';

test('an authority of its own vouches for a server, and for no other', async (t) => {
  const [mine, other] = [selfSigned(t), selfSigned(t)];
  const port = await serve(t, mine, () => [200, {}]);
  const url = `https://127.0.0.1:${port}/`;

  assert.equal((await send({ url, authority: mine.certificate })).status, 200);
  await assert.rejects(send({ url, authority: other.certificate }), withCode('DEPTH_ZERO_SELF_SIGNED_CERT'));
});

test('a client certificate proves who we are', async (t) => {
  const [server, client] = [selfSigned(t), selfSigned(t, { names: 'DNS:probe.example' })];
  const port = await serve(t, server, () => [200, {}], client);
  const request = { url: `https://127.0.0.1:${port}/`, authority: server.certificate };

  const known = await send({ ...request, clientCertificate: client });
  const stranger = await send(request);

  assert.match(text(known.body), /^CN=evenkeel-certificate-/);
  assert.equal(text(stranger.body), 'nobody');
});

test('a client certificate, an authority and a socket stay behind on the way to another origin', async (t) => {
  const [server, client] = [selfSigned(t), selfSigned(t)];
  const other = await serve(t, server, () => [200, {}], client);
  const port = await serve(
    t,
    server,
    (path) =>
      path === '/away'
        ? [302, { location: `https://127.0.0.1:${other}/` }]
        : [path === '/' ? 302 : 200, { location: '/b' }],
    client,
  );
  const request = { authority: server.certificate, clientCertificate: client, redirectsMax: 1 };

  const same = await send({ ...request, url: `https://127.0.0.1:${port}/` });
  const away = await send({ ...request, url: `https://127.0.0.1:${port}/away`, verifyTls: false });

  assert.match(text(same.body), /^CN=/);
  assert.equal(text(away.body), 'nobody');
  const sending = send({ ...request, url: `https://127.0.0.1:${port}/away` });
  await assert.rejects(sending, withCode('DEPTH_ZERO_SELF_SIGNED_CERT'));
});

test('certificates that cannot be used are told of without showing them', async (t) => {
  const [server, one, other] = [selfSigned(t), selfSigned(t), selfSigned(t)];
  const port = await serve(t, server, () => [200, {}]);
  const url = `https://127.0.0.1:${port}/`;
  const expected = withCode('NET_CERTIFICATE_UNUSABLE');

  await assert.rejects(send({ url, clientCertificate: { certificate: one.certificate, key: other.key } }), expected);
  await assert.rejects(send({ url, clientCertificate: { certificate: 'hush', key: 'hush' } }), expected);
  await assert.rejects(send({ url, clientCertificate: { certificate: one.certificate, key: 'hush' } }), expected);
});

test('a socket of any protocol may be mutual TLS, and agree on what is spoken inside', async (t) => {
  const [server, client] = [selfSigned(t), selfSigned(t)];
  const port = await serve(t, server, () => [200, {}], client);
  const net = createNet({ policy: 'manifest', clock: systemClock });
  const signal = AbortSignal.timeout(5_000);

  const socket = await net.tcp.connect(
    {
      host: '127.0.0.1',
      port,
      tls: 'verified',
      authority: server.certificate,
      clientCertificate: client,
      alpn: ['http/1.1', 'h2'],
    },
    signal,
  );
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');

  assert.ok(socket instanceof TLSSocket);
  assert.equal(socket.alpnProtocol, 'http/1.1');
  assert.match((await Array.fromAsync(socket)).join(''), /CN=evenkeel-certificate-/);
});

type Answer = (path: string) => readonly [number, Readonly<Record<string, string>>];

/** Says to each who they are. */
async function serve(ending: Ending, own: Certificate, answer: Answer, client?: Certificate): Promise<number> {
  const server = createServer(
    {
      cert: own.certificate,
      key: own.key,
      ...(client !== undefined && { ca: client.certificate, requestCert: true, rejectUnauthorized: false }),
    },
    (request, response) => {
      const socket = request.socket as TLSSocket;
      const subject = socket.authorized ? `CN=${String(socket.getPeerCertificate().subject.CN)}` : 'nobody';
      response.writeHead(...(answer(request.url ?? '') as [number, Record<string, string>])).end(subject);
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ending.after(async () => void server.close());
  return (server.address() as AddressInfo).port;
}
