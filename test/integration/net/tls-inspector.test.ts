import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { after, test } from 'node:test';
import { createServer } from 'node:tls';
import { createNet } from '../../../src/platform/net/net.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { authority, selfSigned } from '../../support/servers/certificates.ts';
import { closedPort, serveTcp, serveTls } from '../../support/servers/misbehaving.ts';

const net = createNet({ policy: 'manifest', clock: systemClock });
const issuer = authority({ after });
const good = issuer.issue();
const never = new AbortController().signal;
const inspect = (port: number, more: object = {}) =>
  net.tls.inspect({ host: '127.0.0.1', port, authority: issuer.certificate, ...more }, never);

test('tells protocol, cipher and the chain of a server that is as it should be', async (t) => {
  const port = await serveTls(t, { cert: good.certificate, key: good.key }, () => undefined);
  const leaf = new X509Certificate(good.certificate);

  const session = await inspect(port);

  assert.equal(session.problem, null);
  assert.equal(session.protocol, 'TLSv1.3');
  assert.match(session.cipher, /^TLS_AES/);
  assert.equal(session.address, '127.0.0.1');
  assert.ok(session.handshakeMs > 0);
  assert.equal(session.chain.length, 2);
  assert.deepEqual(session.chain[0], {
    subject: leaf.subject,
    issuer: leaf.issuer,
    names: ['localhost', '127.0.0.1'],
    validFrom: leaf.validFromDate.getTime(),
    validTo: leaf.validToDate.getTime(),
    fingerprint: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
  });
  assert.equal(session.chain[1]?.subject, leaf.issuer);
});

test('tells a certificate that cannot be trusted instead of refusing it', async (t) => {
  const problem = async (certificate: { certificate: string; key: string }, more: object = {}) => {
    const port = await serveTls(t, { cert: certificate.certificate, key: certificate.key }, () => undefined);
    return (await inspect(port, more)).problem;
  };

  assert.equal(await problem(issuer.issue({ days: -1 })), 'CERT_HAS_EXPIRED');
  assert.equal(await problem(issuer.issue({ names: 'DNS:other.test' })), 'ERR_TLS_CERT_ALTNAME_INVALID');
  assert.equal(await problem(selfSigned(t)), 'DEPTH_ZERO_SELF_SIGNED_CERT');
  assert.equal(await problem(issuer.issue({ names: 'DNS:other.test' }), { serverName: 'other.test' }), null);
});

test('finds out that a server speaks nothing newer than an old protocol', async (t) => {
  const old = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
  const port = await serveTls(t, { cert: good.certificate, key: good.key, ...old }, () => undefined);

  assert.equal((await inspect(port)).protocol, 'TLSv1.1');
});

test('asks for the server by its name, and for the protocols within', async (t) => {
  const asked: unknown[] = [];
  const options = {
    cert: good.certificate,
    key: good.key,
    ALPNCallback: ({ servername, protocols }: { servername: string; protocols: string[] }) => {
      asked.push(servername, protocols);
      return 'h2';
    },
  };
  const port = await serveTls(t, options, () => undefined);

  await inspect(port, { serverName: 'shop.test', alpn: ['h2'] });

  assert.deepEqual(asked, ['shop.test', ['h2']]);
});

test('says goodbye as the protocol wants it, and leaves no connection behind', async (t) => {
  const ends = Promise.withResolvers<string>();
  const port = await serveTls(t, { cert: good.certificate, key: good.key }, (socket) => {
    socket.once('end', () => ends.resolve('end'));
    socket.once('error', ({ message }) => ends.resolve(message));
    socket.resume();
  });

  await inspect(port);

  assert.equal(await ends.promise, 'end');
});

test('rejects when nobody is there, when the other side is no TLS server, and when it hangs up', async (t) => {
  const shut = await closedPort();
  const other = await serveTcp(t, (socket) => socket.end('220 not TLS\r\n'));
  const gone = await serveTcp(t, (socket) => socket.once('data', () => socket.destroy()));

  await assert.rejects(inspect(shut), { code: 'ECONNREFUSED' });
  await assert.rejects(inspect(other), /SSL|wrong version/i);
  await assert.rejects(inspect(gone), { code: 'ECONNRESET' });
});

test('waits no longer than the signal lets it', async (t) => {
  const silent = await serveTcp(t, () => undefined);
  const stopping = new AbortController();
  setTimeout(() => stopping.abort(new Error('enough')), 50);

  await assert.rejects(net.tls.inspect({ host: '127.0.0.1', port: silent }, stopping.signal), /enough/);
});

test('keeps to the addresses and the schemes of its policy', async (t) => {
  const port = await serveTls(t, { cert: good.certificate, key: good.key }, () => undefined);
  const target = { host: '127.0.0.1', port };
  const api = createNet({ policy: 'api', clock: systemClock });
  const strangers = createNet({ policy: 'public', clock: systemClock });

  await assert.rejects(api.tls.inspect(target, never), { code: 'NET_ADDRESS_FORBIDDEN' });
  await assert.rejects(strangers.tls.inspect(target, never), { code: 'NET_SCHEME_FORBIDDEN' });
});

test('says in the clear what has to be said before TLS starts', async (t) => {
  const said: string[] = [];
  const inner = createServer({ cert: good.certificate, key: good.key });
  const port = await serveTcp(t, (socket) =>
    socket.once('data', (chunk) => {
      said.push(String(chunk));
      socket.write('GO');
      inner.emit('connection', socket);
    }),
  );

  const session = await inspect(port, {
    beforeTls: async (socket: Duplex) => {
      socket.write('START');
      await socket.iterator({ destroyOnReturn: false }).next();
    },
  });

  assert.equal(session.problem, null);
  assert.deepEqual(said, ['START']);
});
