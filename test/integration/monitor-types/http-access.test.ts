import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, type TestContext, test } from 'node:test';
import { http } from '../../../src/monitoring/types/http.ts';
import { steps } from '../../../src/monitoring/types/steps.ts';
import { createNet } from '../../../src/platform/net/net.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { fakeIo, probe, reasonOf } from '../../support/probe-io.ts';
import { type Certificate, selfSigned } from '../../support/servers/certificates.ts';
import { startMicrosocks } from '../../support/servers/microsocks.ts';
import { closedPort, pourWithoutEnd, serveHttp, serveTcp } from '../../support/servers/misbehaving.ts';

const OK = ['[STATUS] == 200'];

test('http: basic and bearer credentials are sent, and shown neither by the condition that sees them', async (t) => {
  const port = await serveHttp(t, (request, response) => response.end(JSON.stringify(request.headers)));
  const url = `http://127.0.0.1:${port}/`;
  const basic = Buffer.from('ada:hush ü').toString('base64');
  const ways = [
    [{ bearer: 'hush-bearer' }, 'Bearer hush-bearer'],
    [{ basic: { user: 'ada', password: 'hush ü' } }, `Basic ${basic}`],
  ] as const;

  for (const [auth, sent] of ways) {
    const fine = await probe(http, { http: url, auth, expect: [`[BODY].authorization == "${sent}"`] });
    const told = await probe(http, { http: url, auth, expect: ['[BODY].authorization == x', '[BODY] == x'] });

    assert.equal(fine?.state, 'up');
    assert.match(reasonOf(told), /\[BODY\]\.authorization was \(hidden\), expected "x"\. \[BODY\] was \(hidden\)/);
    assert.doesNotMatch(JSON.stringify([fine, told]), new RegExp(`actual":[^,]*(hush|${basic})`));
  }
});

test('http: what headers and the address hold is not shown by conditions either, should it come back', async (t) => {
  const port = await serveHttp(t, (request, response) => {
    response.setHeader('content-type', 'text/plain').end(JSON.stringify([request.headers, request.url]));
  });
  const expect = ['[BODY] == x', '[HEADERS]["content-type"] == text/html'];

  for (const settings of [
    { http: `http://127.0.0.1:${port}/`, headers: { 'X-Key': 'hush-key', 'Content-Type': 'text/plain' } },
    { http: `http://ada:hush%20hush@127.0.0.1:${port}/` },
    { http: `http://127.0.0.1:${port}/?token=hush-token` },
  ]) {
    const told = await probe(http, { ...settings, expect });

    assert.match(reasonOf(told), /: \[BODY\] was \(hidden\), expected "x"\. .* was "text\/plain", expected/);
    assert.doesNotMatch(JSON.stringify(told), /hush|YWRh/);
  }
});

test('http: a client certificate and an authority make both sides sure of each other', async (t) => {
  const [server, client] = [selfSigned(t), selfSigned(t)];
  const port = await serveMutual(t, server, client);
  const settings = { http: `https://127.0.0.1:${port}/`, authority: server.certificate };
  const identity = { certificate: client.certificate, key: client.key };

  assert.equal((await probe(http, { ...settings, client_certificate: identity }))?.state, 'up');
  assert.match(reasonOf(await probe(http, settings)), /^127\.0\.0\.1:\d+ wants a client certificate\.$/);
  const foreign = { certificate: client.certificate, key: server.key };
  const mixed = await probe(http, { ...settings, client_certificate: foreign });
  assert.match(reasonOf(mixed), /^The certificates that are set for 127\.0\.0\.1 cannot be used \(ERR_OSSL_/);
  const plain = await probe(http, { http: settings.http, client_certificate: identity });
  assert.match(reasonOf(plain), /signed by nobody but itself/);
});

test('http: IPv4 and IPv6 are looked at apart', async (t) => {
  const port = await serveHttp(t, (_request, response) => response.end());
  const url = `http://127.0.0.1:${port}/`;

  assert.equal((await probe(http, { http: url, ip: 4 }))?.state, 'up');
  assert.equal(reasonOf(await probe(http, { http: url, ip: 6 })), '127.0.0.1 has no IPv6 address.');
});

test('http: a proxy leads there, and is blamed when it does not', async (t) => {
  const proxy = await startMicrosocks({ after }, { credentials: { user: 'ada', password: 'hush' } });
  const port = await serveHttp(t, (_request, response) => response.end());
  const settings = { http: `http://127.0.0.1:${port}/` };
  const at = `127.0.0.1:${proxy.port}`;
  const nobody = await closedPort();

  assert.equal((await probe(http, { ...settings, proxy: `socks5://ada:hush@${at}` }))?.state, 'up');
  assert.equal(
    reasonOf(await probe(http, { ...settings, proxy: `socks5://eve:hush@${at}` })),
    `The proxy ${at} does not lead to 127.0.0.1: it does not accept our credentials.`,
  );
  assert.equal(
    reasonOf(await probe(http, { http: `http://127.0.0.1:${nobody}/`, proxy: `socks5://ada:hush@${at}` })),
    `The proxy ${at} does not lead to 127.0.0.1: it says that the connection was refused.`,
  );
  assert.equal(
    reasonOf(await probe(http, { ...settings, proxy: `http://ada:hush@127.0.0.1:${nobody}` })),
    `The proxy 127.0.0.1:${nobody} could not be used (ECONNREFUSED).`,
  );
});

test('http: a token is fetched once and kept, and fetched again when it is refused or about to expire', async (t) => {
  const tokens = await serveTokens(t, (count) => ({
    access_token: `hush-${count}`,
    token_type: 'bearer',
    expires_in: 90,
  }));
  let accepted = 'Bearer hush-1';
  const seen: unknown[] = [];
  const port = await serveHttp(t, (request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(request.headers.authorization === accepted ? 200 : 401).end();
  });
  const clock = new FakeClock();
  const oauth = {
    token_url: tokens.url,
    client_id: 'probe 1',
    client_secret: 'hush:ü',
    scope: 'read',
    audience: 'shop',
  };
  const check = http.prepare(http.settings.parse({ http: `http://127.0.0.1:${port}/`, auth: { oauth } }));
  const net = createNet({ policy: 'manifest', clock: systemClock });
  const ask = async () => (await check(fakeIo({ clock, net, signal: AbortSignal.timeout(5_000) })))?.state;

  assert.deepEqual([await ask(), await ask(), tokens.asked.length], ['up', 'up', 1]);
  accepted = 'Bearer hush-2';
  assert.deepEqual([await ask(), tokens.asked.length], ['up', 2]);
  accepted = 'nothing';
  assert.deepEqual([await ask(), tokens.asked.length], ['down', 3]);
  accepted = 'Bearer hush-3';
  await clock.advance(59_000);
  assert.deepEqual([await ask(), tokens.asked.length], ['up', 3]);
  accepted = 'Bearer hush-4';
  await clock.advance(2_000);
  assert.deepEqual([await ask(), tokens.asked.length], ['up', 4]);
  assert.deepEqual(
    seen.map((header) => String(header).slice(-1)),
    ['1', '1', '1', '2', '2', '3', '3', '4'],
  );

  assert.deepEqual(tokens.asked[0], {
    method: 'POST',
    authorization: `Basic ${Buffer.from('probe+1:hush%3A%C3%BC').toString('base64')}`,
    type: 'application/x-www-form-urlencoded',
    body: 'grant_type=client_credentials&scope=read&audience=shop',
  });
});

test('http: a token server that wants credentials in the body gets them there', async (t) => {
  const tokens = await serveTokens(t, () => ({ access_token: 'hush', token_type: 'Bearer' }));
  const port = await serveHttp(t, (request, response) => response.end(request.headers.authorization));
  const oauth = { token_url: tokens.url, client_id: 'a', client_secret: 'hush', credentials_in: 'body' };
  const settings = { http: `http://127.0.0.1:${port}/`, auth: { oauth } };

  const fine = await probe(http, { ...settings, expect: ['[BODY] == "Bearer hush"'] });
  const told = await probe(http, { ...settings, expect: ['[BODY] == x'] });

  assert.equal(fine?.state, 'up');
  assert.match(reasonOf(told), /\[BODY\] was \(hidden\), expected "x"\.$/);
  assert.equal(tokens.asked[0]?.authorization, undefined);
  assert.equal(tokens.asked[0]?.body, 'grant_type=client_credentials&client_id=a&client_secret=hush');
});

const FAILING: Readonly<Record<string, readonly [(response: ServerResponse) => void, RegExp]>> = {
  'refuses with a code': [
    (response) => response.writeHead(401).end('{"error":"invalid_client","error_description":"hush"}'),
    /^No token could be fetched: 127\.0\.0\.1:\d+ answered 401 \(invalid_client\)\.$/,
  ],
  'refuses in words of its own': [
    (response) => response.writeHead(400).end('{"error":"hush"}'),
    /^No token could be fetched: 127\.0\.0\.1:\d+ answered 400\.$/,
  ],
  'gives out another kind of token': [
    (response) => response.end('{"access_token":"hush","token_type":"mac"}'),
    /: 127\.0\.0\.1:\d+ answered without a token that can be used\.$/,
  ],
  'gives out a token that would break the header': [
    (response) => response.end('{"access_token":"hush\\r\\nx: y","token_type":"bearer"}'),
    /answered without a token that can be used/,
  ],
  'answers something else': [(response) => response.end('<hush>'), /answered without a token that can be used/],
  'pours without end': [(response) => pourWithoutEnd(response), /answered without a token that can be used/],
  redirects: [(response) => response.writeHead(302, { location: 'http://127.0.0.1/hush' }).end(), /answered 302\.$/],
  'breaks off': [(response) => response.destroy(), /: 127\.0\.0\.1:\d+ broke off the connection\.$/],
  'says nothing': [() => undefined, /^No token could be fetched: 127\.0\.0\.1:\d+ did not answer within 300ms\.$/],
};

for (const [how, [answer, expected]] of Object.entries(FAILING)) {
  test(`http: where the server of the tokens ${how}, that is told, and the target is not asked`, async (t) => {
    const tokens = await serveHttp(t, (_request, response) => answer(response));
    const port = await serveTcp(t, () => assert.fail('Nothing was to be asked.'));
    const oauth = { token_url: `http://127.0.0.1:${tokens}/t?k=hush`, client_id: 'a', client_secret: 'hush' };

    const result = await probe(http, { http: `http://127.0.0.1:${port}/`, auth: { oauth } }, { timeoutMs: 300 });

    assert.equal(result?.state, 'down');
    assert.match(reasonOf(result), expected);
  });
}

test('steps: each step may log in, and with what an earlier one kept', async (t) => {
  const port = await serveHttp(t, (request, response) => {
    response.end(JSON.stringify({ token: 'hush-kept', said: request.headers.authorization ?? '' }));
  });
  const url = `http://127.0.0.1:${port}/`;
  const tokens = await serveTokens(t, () => ({ access_token: 'hush-fetched', token_type: 'bearer' }));
  const oauth = { token_url: tokens.url, client_id: 'a', client_secret: 'hush' };

  const result = await probe(steps, {
    steps: [
      { name: 'log in', http: url, keep: { token: '[BODY].token' }, expect: OK },
      { name: 'use', http: url, auth: { bearer: '[CONTEXT].token' }, expect: ['[BODY].said == "Bearer hush-kept"'] },
      { name: 'fetch', http: url, auth: { oauth }, expect: ['[BODY].said == "Bearer hush-fetched"'] },
    ],
  });

  assert.equal(result?.state, 'up', JSON.stringify(result));
});

interface TokenRequest {
  readonly method: string | undefined;
  readonly authorization: string | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

async function serveTokens(t: TestContext, answer: (count: number) => object) {
  const asked: TokenRequest[] = [];
  const port = await serveHttp(t, async (request: IncomingMessage, response) => {
    const body = (await Array.fromAsync(request)).join('');
    const { authorization, 'content-type': type } = request.headers;
    asked.push({ method: request.method, authorization, type, body });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer(asked.length)));
  });
  return { asked, url: `http://127.0.0.1:${port}/token?key=hush` };
}

async function serveMutual(t: TestContext, own: Certificate, client: Certificate): Promise<number> {
  const server = createServer(
    { cert: own.certificate, key: own.key, ca: client.certificate, requestCert: true, rejectUnauthorized: true },
    (_request, response) => response.end(),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => void server.close());
  return (server.address() as AddressInfo).port;
}
