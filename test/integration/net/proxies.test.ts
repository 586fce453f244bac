import assert from 'node:assert/strict';
import { createServer as createHttps } from 'node:https';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { deadline, send, text, withCode } from '../../support/requests.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { startMicrosocks } from '../../support/servers/microsocks.ts';
import { closedPort, pourWithoutEnd, serveHttp, serveHttps, serveTcp } from '../../support/servers/misbehaving.ts';
import { freePort } from '../../support/servers/server.ts';
import { startTinyproxy } from '../../support/servers/tinyproxy.ts';

const credentials = { user: 'ada', password: 'hush-p' };
const ending = { after };
const [http, socks5, lockedHttp, lockedSocks] = await Promise.all([
  startTinyproxy(ending),
  startMicrosocks(ending),
  startTinyproxy(ending, { credentials }),
  startMicrosocks(ending, { credentials }),
]);
const open = { http, socks5 };
const locked = { http: lockedHttp, socks5: lockedSocks };

for (const scheme of ['http', 'socks5'] as const) {
  test(`through a proxy of the kind ${scheme} http and https targets answer, by name and by address`, async (t) => {
    const certificate = selfSigned(t);
    const seen: unknown[] = [];
    const plain = await serveHttp(t, (request, response) => {
      seen.push([request.method, request.url, request.headers.host, request.headers['proxy-authorization']]);
      response.end('plain');
    });
    const secure = await serveHttps(t, certificate, (_request, response) => response.end('secure'));
    const proxy = `${scheme}://127.0.0.1:${open[scheme].port}`;

    const one = await send({ url: `http://localhost:${plain}/a?b=c`, proxy });
    const other = await send({ url: `https://localhost:${secure}/`, proxy, authority: certificate.certificate });
    const literal = await send({ url: `https://127.0.0.1:${secure}/`, proxy, authority: certificate.certificate });

    assert.deepEqual(
      [one, other, literal].map(({ body }) => text(body)),
      ['plain', 'secure', 'secure'],
    );
    assert.deepEqual(seen, [['GET', '/a?b=c', `localhost:${plain}`, undefined]]);
    assert.equal(one.address, '127.0.0.1');
    assert.ok(other.timings.connectMs > 0 && other.timings.tlsMs > 0 && other.timings.firstByteMs > 0);
    const { dnsMs, connectMs, tlsMs, firstByteMs, transferMs, totalMs } = other.timings;
    assert.ok(totalMs >= dnsMs + connectMs + tlsMs + firstByteMs + transferMs);
    assert.ok((other.certificateExpiresAt ?? 0) > Date.now());
  });

  test(`a proxy of the kind ${scheme} gets the credentials of its address, and the target does not`, async (t) => {
    const certificate = selfSigned(t);
    const port = await serveHttp(t, (request, response) => response.end(JSON.stringify(request.headers)));
    const secure = await serveHttps(t, certificate, (_request, response) => response.end('secure'));
    const at = `127.0.0.1:${locked[scheme].port}`;
    const urls = [`http://127.0.0.1:${port}/`, `https://127.0.0.1:${secure}/`];

    for (const url of urls) {
      const response = await send({ url, proxy: `${scheme}://ada:hush-p@${at}`, verifyTls: false });

      assert.equal(response.status, 200);
      assert.doesNotMatch(text(response.body), /proxy-auth|hush|YWRh/);
    }
    for (const [url, wrong] of urls.flatMap((each) => ['', 'ada:hush-q@'].map((user) => [each, user] as const))) {
      const sending = send({ url, proxy: `${scheme}://${wrong}${at}`, verifyTls: false });
      // What is relayed, this proxy answers like a target that wants credentials, where these are wrong.
      const isTold = scheme === 'http' && url.startsWith('http:') && wrong !== '';
      if (isTold) assert.equal((await sending).status, 401);
      else await assert.rejects(sending, withCode('NET_PROXY_REFUSED'));
    }
  });

  test(`a proxy of the kind ${scheme} is blamed when it cannot be reached or cannot get through`, async (t) => {
    const nobody = await closedPort();
    const url = `https://127.0.0.1:${nobody}/`;
    const garbage = await serveTcp(t, (socket) => socket.end('SSH-2.0-OpenSSH_9.2 hush\r\n\r\n'));
    const pouring = await serveTcp(t, (socket) => pourWithoutEnd(socket));
    const leaving = await serveTcp(t, (socket) => socket.once('data', () => socket.destroy()));
    const through = (port: number) => send({ url, proxy: `${scheme}://127.0.0.1:${port}` });

    await assert.rejects(through(open[scheme].port), withCode('NET_PROXY_REFUSED'));
    await assert.rejects(through(nobody), withCode('NET_PROXY_FAILED'));
    await assert.rejects(through(leaving), withCode('NET_PROXY_FAILED'));
    await assert.rejects(through(garbage), withCode('NET_PROXY_MALFORMED'));
    await assert.rejects(through(pouring), withCode('NET_PROXY_MALFORMED'));
  });

  test(`a proxy of the kind ${scheme} that refuses and stays is left at once`, async (t) => {
    const { promise: isLetGo, resolve } = Promise.withResolvers<void>();
    const refusal = { http: 'HTTP/1.1 403 No\r\n\r\n', socks5: Buffer.from([5, 255]) }[scheme];
    const port = await serveTcp(t, (socket) => {
      socket.once('data', () => socket.write(refusal)).once('close', () => resolve());
    });

    const sending = send({ url: 'https://shop.example/', proxy: `${scheme}://127.0.0.1:${port}` });

    await assert.rejects(sending, withCode('NET_PROXY_REFUSED'));
    const tooLate = deadline(2_000);
    tooLate.addEventListener('abort', () => resolve());
    await isLetGo;
    assert.equal(tooLate.aborted, false);
  });

  test(`a proxy of the kind ${scheme} that says nothing is waited for until the signal, and let go`, async (t) => {
    const { promise: isLetGo, resolve } = Promise.withResolvers<void>();
    const port = await serveTcp(t, (socket) => socket.resume().once('close', () => resolve()));
    const signal = AbortSignal.timeout(150);

    await assert.rejects(send({ url: 'https://shop.example/', proxy: `${scheme}://127.0.0.1:${port}`, signal }), {
      name: 'TimeoutError',
    });
    await isLetGo;
  });
}

test('a proxy may itself want TLS, and then has to prove who it is', async (t) => {
  const certificate = selfSigned(t);
  const target = await serveHttps(t, certificate, (_request, response) => response.end('secure'));
  const proxy = await serveTlsProxy(t, certificate);
  const request = { url: `https://127.0.0.1:${target}/`, proxy: `https://127.0.0.1:${proxy}` };

  await assert.rejects(send({ ...request, verifyTls: false }), withCode('NET_PROXY_FAILED'));
  setDefaultCACertificates([certificate.certificate]);
  t.after(() => setDefaultCACertificates(getCACertificates('bundled')));
  const response = await send(request);

  assert.equal(text(response.body), 'secure');
});

test('a redirect is followed through the same proxy, and not to where the proxy must not lead', async (t) => {
  const port = await serveHttp(t, (request, response) => {
    const onward: Readonly<Record<string, string>> = {
      '/same': '/end',
      '/inside': 'http://169.254.169.254/latest/meta-data/',
      '/home': `http://localhost:${port}/end`,
    };
    const location = onward[request.url ?? ''];
    response.writeHead(location === undefined ? 200 : 302, location === undefined ? {} : { location }).end('end');
  });
  const proxy = `http://127.0.0.1:${open.http.port}`;
  const asked = (path: string, host = '127.0.0.1') =>
    send({ url: `http://${host}:${port}${path}`, proxy, redirectsMax: 3 });

  assert.equal(text((await asked('/same')).body), 'end');
  assert.equal(text((await asked('/home')).body), 'end');
  await assert.rejects(asked('/inside'), withCode('NET_ADDRESS_FORBIDDEN'));
});

test('of a name behind a proxy nobody here knows the network, so it does not lead on to this machine', async (t) => {
  const asked: unknown[] = [];
  const proxy = await serveHttp(t, (request, response) => {
    asked.push(request.url);
    response.writeHead(302, { location: 'http://localhost:9200/' }).end();
  });

  const sending = send({ url: 'http://shop.example/', proxy: `http://127.0.0.1:${proxy}`, redirectsMax: 3 });

  await assert.rejects(sending, withCode('NET_ADDRESS_FORBIDDEN'));
  assert.deepEqual(asked, ['http://shop.example/']);
});

for (const policy of ['api', 'public'] as const) {
  test(`under the policy ${policy} there is no way through a proxy or a socket`, async () => {
    const url = 'https://93.184.215.14/';
    const expected = withCode('NET_DETOUR_FORBIDDEN');

    await assert.rejects(send({ url, proxy: 'http://ada:hush@93.184.215.14:3128' }, policy), expected);
    await assert.rejects(send({ url, proxy: 'socks5://93.184.215.14' }, policy), expected);
    await assert.rejects(send({ url, socketPath: '/var/run/docker.sock' }, policy), expected);
  });
}

test('what is not the address of a proxy is refused without showing it', async () => {
  const long = 'hush'.repeat(70);
  for (const proxy of ['hush', 'ftp://u:hush@h', 'socks4://u:hush@h', 'http://:hush@/', `socks5://u:${long}@h`]) {
    await assert.rejects(send({ url: 'http://shop.example/', proxy }), withCode('NET_PROXY_INVALID'));
  }
});

/** The least that can stand between: what it is asked to connect, it connects. */
async function serveTlsProxy(
  t: Parameters<typeof serveHttps>[0],
  { certificate, key }: { certificate: string; key: string },
) {
  const port = await freePort();
  const server = createHttps({ cert: certificate, key });
  server.on('connect', (request, socket) => {
    const [host = '', targetPort = ''] = (request.url ?? '').split(':');
    const onward = connect(Number(targetPort), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    socket.on('error', () => onward.destroy()).on('close', () => onward.destroy());
    onward.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  t.after(async () => void server.close());
  return port;
}
