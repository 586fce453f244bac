import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import type { Dialer } from '../../../src/platform/net/dialer.ts';
import { createHttpClient } from '../../../src/platform/net/http-client.ts';
import { mayReach, RULES } from '../../../src/platform/net/policy.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { deadline, send, text, withCode } from '../../support/requests.ts';
import { serveHttp } from '../../support/servers/misbehaving.ts';

test('redirects are followed as often as asked; the last answer is returned', async (t) => {
  const port = await serveHttp(t, (request, response) => {
    const step = Number(request.url?.slice(1));
    response.writeHead(302, { location: `/${step + 1}` }).end(`step ${step}`);
  });

  const none = await send({ url: `http://127.0.0.1:${port}/0` });
  const three = await send({ url: `http://127.0.0.1:${port}/0`, redirectsMax: 3 });
  const endless = await send({ url: `http://127.0.0.1:${port}/0`, redirectsMax: 1_000_000 });

  assert.deepEqual(
    [none, three, endless].map(({ body }) => text(body)),
    ['step 0', 'step 3', 'step 20'],
  );
});

test('a site in the internet that an internal one leads to does not lead back inside', async (t) => {
  const asked: string[] = [];
  const port = await serveHttp(t, (request, response) => {
    asked.push(`${request.headers.host}${request.url}`);
    const onward: Readonly<Record<string, string>> = {
      '/': 'http://inside.example/next',
      '/next': 'http://outside.example/',
    };
    const next =
      request.headers.host === 'outside.example' ? 'http://inside.example/database' : onward[request.url ?? ''];
    response.writeHead(next === undefined ? 200 : 302, next === undefined ? {} : { location: next }).end();
  });
  const addresses: Readonly<Record<string, string>> = { 'inside.example': '10.0.0.1', 'outside.example': '8.8.8.8' };
  const dialer: Dialer = {
    async dial({ host }, rules) {
      const address = addresses[host] ?? '';
      if (!mayReach(rules, address)) throw new Error(`${host} may not be reached.`);
      return { socket: connect(port, '127.0.0.1'), address, timings: { dnsMs: 0, connectMs: 0, tlsMs: 0 } };
    },
  };
  const client = createHttpClient({ dialer, rules: RULES.manifest, clock: systemClock });

  const sending = client.send({
    method: 'GET',
    url: 'http://inside.example/',
    redirectsMax: 9,
    signal: deadline(5_000),
  });

  await assert.rejects(sending, /inside\.example may not be reached/);
  assert.deepEqual(asked, ['inside.example/', 'inside.example/next', 'outside.example/']);
});

test('a POST becomes a GET after 303 and stays one after 308', async (t) => {
  const seen: unknown[] = [];
  const port = await serveHttp(t, (request, response) => {
    seen.push([request.method, request.url, request.headers['content-type']]);
    const status = { '/303': 303, '/308': 308 }[request.url ?? ''] ?? 200;
    response.writeHead(status, { location: '/done' }).end();
  });
  const post = { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: 'x', redirectsMax: 1 } as const;

  await send({ ...post, url: `http://127.0.0.1:${port}/303` });
  await send({ ...post, url: `http://127.0.0.1:${port}/308` });

  assert.deepEqual(seen, [
    ['POST', '/303', 'text/plain'],
    ['GET', '/done', undefined],
    ['POST', '/308', 'text/plain'],
    ['POST', '/done', 'text/plain'],
  ]);
});

test('a redirect to another host takes no credentials, no headers and no body along', async (t) => {
  const seen: IncomingHttpHeaders[] = [];
  const other = await serveHttp(t, (request, response) => {
    seen.push(request.headers);
    response.end();
  });
  const port = await serveHttp(t, (request, response) => {
    response.writeHead(307, { location: `http://evil:creds@127.0.0.1:${other}${request.url}` }).end();
  });
  const headers = { Cookie: 'c=1', 'X-Api-Key': 'hush', Accept: 'text/html' };

  await send({ url: `http://ada:hush@127.0.0.1:${port}/`, headers, redirectsMax: 1 });
  await assert.rejects(
    send({ method: 'POST', url: `http://127.0.0.1:${port}/`, body: 'hush', redirectsMax: 1 }),
    withCode('NET_REDIRECT_FORBIDDEN'),
  );

  assert.equal(seen.length, 1);
  const { accept, authorization, cookie, 'x-api-key': key } = seen[0] ?? {};
  assert.deepEqual(
    { accept, authorization, cookie, key },
    {
      accept: 'text/html',
      authorization: undefined,
      cookie: undefined,
      key: undefined,
    },
  );
});

for (const location of ['file:///etc/passwd', 'http://', 'ftp://127.0.0.1/', 'javascript:alert(1)', 'http://a b/']) {
  test(`a redirect to ${location} is an error`, async (t) => {
    const port = await serveHttp(t, (_request, response) => response.writeHead(302, { location }).end());

    await assert.rejects(send({ url: `http://127.0.0.1:${port}/`, redirectsMax: 1 }), withCode('NET_REDIRECT_INVALID'));
  });
}

test('a redirect may not lead into another kind of private network', async (t) => {
  const port = await serveHttp(t, (_request, response) => {
    response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
  });

  await assert.rejects(send({ url: `http://127.0.0.1:${port}/`, redirectsMax: 1 }), withCode('NET_ADDRESS_FORBIDDEN'));
});
