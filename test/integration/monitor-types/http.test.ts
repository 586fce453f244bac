import assert from 'node:assert/strict';
import { test } from 'node:test';
import { http } from '../../../src/monitoring/types/http.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { closedPort, pourWithoutEnd, serveHttp, serveHttps, serveTcp } from '../../support/servers/misbehaving.ts';

test('http: a page that answers 200 is up, with the time it took', async (t) => {
  const port = await serveHttp(t, (_request, response) => response.end('<h1>Shop</h1>'));

  const result = await probe(http, { http: `http://127.0.0.1:${port}/` });

  assert.equal(result?.state, 'up');
  assert.ok((result?.latencyMs ?? 0) > 0);
});

test('http: a health endpoint is up while it says so and down as soon as it does not [MON-03/R]', async (t) => {
  let isHealthy = true;
  const port = await serveHttp(t, (request, response) => {
    response.writeHead(request.url === '/health' && isHealthy ? 200 : 503).end();
  });
  const settings = { http: `http://127.0.0.1:${port}/health` };

  assert.equal((await probe(http, settings))?.state, 'up');
  isHealthy = false;
  assert.equal(reasonOf(await probe(http, settings)), `127.0.0.1:${port}/health answered 503, expected 2xx.`);
});

test('http: a home page is up while it shows and down when it fails or is gone [MON-04/R]', async (t) => {
  const pages = new Map([
    ['shown', 200],
    ['broken', 500],
  ]);
  let page = 'shown';
  const port = await serveHttp(t, (_request, response) => {
    response.writeHead(pages.get(page) ?? 404, { 'content-type': 'text/html' }).end('<!doctype html><h1>Shop</h1>');
  });
  const settings = { http: `http://127.0.0.1:${port}/` };
  const states: (string | undefined)[] = [];

  for (page of ['shown', 'broken', 'gone', 'shown']) states.push((await probe(http, settings))?.state);

  assert.deepEqual(states, ['up', 'down', 'down', 'up']);
});

for (const [status, state] of [
  [204, 'up'],
  [301, 'up'],
  [404, 'down'],
  [503, 'down'],
] as const) {
  test(`http: ${status} alone is ${state}`, async (t) => {
    const port = await serveHttp(t, (_request, response) => response.writeHead(status).end());

    const result = await probe(http, { http: `http://127.0.0.1:${port}/health?token=hush` });

    assert.equal(result?.state, state);
    if (state === 'down') assert.equal(reasonOf(result), `127.0.0.1:${port}/health answered ${status}, expected 2xx.`);
  });
}

test('http: redirects are followed to what they lead to, unless told otherwise', async (t) => {
  const port = await serveHttp(t, (request, response) => {
    if (request.url === '/') response.writeHead(302, { location: '/gone' }).end();
    else response.writeHead(410).end();
  });
  const url = `http://127.0.0.1:${port}/`;

  assert.match(reasonOf(await probe(http, { http: url })), /answered 410/);
  assert.equal((await probe(http, { http: url, follow_redirects: false }))?.state, 'up');
});

test('http: endless redirects are down', async (t) => {
  const port = await serveHttp(t, (_request, response) => response.writeHead(302, { location: '/' }).end());

  const result = await probe(http, { http: `http://127.0.0.1:${port}/` });

  assert.equal(reasonOf(result), `127.0.0.1:${port} redirects more than 10 times.`);
});

test('http: all conditions must hold, and each that does not is told', async (t) => {
  const port = await serveHttp(t, (_request, response) => {
    response.writeHead(503, { 'content-type': 'application/json' }).end('{"status":"down","pool":{"free":0}}');
  });
  const url = `http://127.0.0.1:${port}/health`;

  const met = await probe(http, {
    http: url,
    expect: ['[STATUS] == 503', '[BODY].status == down', '[CONNECTED] == true'],
  });
  const unmet = await probe(http, {
    http: url,
    expect: ['[STATUS] == 200', '[RESPONSE_TIME] < 5s', '[BODY].pool.free > 0'],
  });

  assert.equal(met?.state, 'up');
  assert.match(reasonOf(unmet), /^127\.0\.0\.1:\d+\S*: \[STATUS\]/);
  assert.equal(conditionsIn(unmet), '[STATUS] was 503, expected 200. [BODY].pool.free was 0, expected > 0.');
});

test('http: what may fail without being down makes it degraded, and every condition is shown with its answer', async (t) => {
  const port = await serveHttp(t, (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-node': 'a1' }).end('{"queue":[1,2,3]}');
  });
  const degraded = ['len([BODY].queue) < 3', '[HEADERS]["X-Node"] == pat(a*)', '[IP] == 127.0.0.1'];

  const result = await probe(http, {
    http: `http://127.0.0.1:${port}/health`,
    expect: { down: ['[STATUS] == any(200, 204)', 'has([BODY].errors) == false'], degraded },
  });

  assert.equal(result?.state, 'degraded');
  assert.equal(conditionsIn(result), 'len([BODY].queue) was 3, expected < 3.');
  assert.deepEqual(result?.conditions, [
    { condition: '[STATUS] == any(200, 204)', holds: true, actual: '200', otherwise: 'down' },
    { condition: 'has([BODY].errors) == false', holds: true, actual: 'false', otherwise: 'down' },
    { condition: 'len([BODY].queue) < 3', holds: false, actual: '3', otherwise: 'degraded' },
    { condition: '[HEADERS]["X-Node"] == pat(a*)', holds: true, actual: '"a1"', otherwise: 'degraded' },
    { condition: '[IP] == 127.0.0.1', holds: true, actual: '127.0.0.1', otherwise: 'degraded' },
  ]);
});

test('http: where no condition says what is down, the status still does', async (t) => {
  const port = await serveHttp(t, (_request, response) => response.writeHead(503).end());

  const result = await probe(http, {
    http: `http://127.0.0.1:${port}/health`,
    expect: { degraded: ['[RESPONSE_TIME] < 5s'] },
  });

  assert.equal(result?.state, 'down');
  assert.equal(reasonOf(result), `127.0.0.1:${port}/health answered 503, expected 2xx.`);
  assert.equal(result?.conditions?.length, 1);
});

test('http: of a target that does not answer every condition is shown as not found out', async () => {
  const port = await closedPort();

  const result = await probe(http, { http: `http://127.0.0.1:${port}/`, expect: ['[STATUS] == 200'] });

  assert.deepEqual(result?.conditions, [
    { condition: '[STATUS] == 200', holds: false, actual: null, otherwise: 'down' },
  ]);
});

test('http: a slow answer fails the condition on its time', async (t) => {
  const port = await serveHttp(t, (_request, response) => setTimeout(() => response.end(), 120));

  const result = await probe(http, { http: `http://127.0.0.1:${port}/`, expect: ['[RESPONSE_TIME] < 100ms'] });

  assert.match(conditionsIn(result), /^\[RESPONSE_TIME\] was \d+ms, expected < 100ms\.$/);
});

test('http: a certificate that ends soon fails the condition on it', async (t) => {
  const port = await serveHttps(t, selfSigned(t, { days: 9 }), (_request, response) => response.end());
  const settings = { http: `https://127.0.0.1:${port}/`, verify_tls: false };

  const soon = await probe(http, { ...settings, expect: ['[CERTIFICATE_EXPIRATION] > 14d'] });
  const fine = await probe(http, { ...settings, expect: ['[CERTIFICATE_EXPIRATION] > 8d'] });
  const plain = await probe(http, { ...settings, verify_tls: true });

  assert.equal(conditionsIn(soon), '[CERTIFICATE_EXPIRATION] was 8d23h, expected > 14d.');
  assert.equal(fine?.state, 'up');
  assert.equal(reasonOf(plain), `The certificate of 127.0.0.1:${port} is signed by nobody but itself.`);
});

test('http: method, headers and body are sent as set', async (t) => {
  const port = await serveHttp(t, async (request, response) => {
    const body = (await Array.fromAsync(request)).join('');
    response.end(JSON.stringify([request.method, request.headers['x-key'], request.headers.authorization, body]));
  });
  const basic = Buffer.from('ada:pw').toString('base64');

  const result = await probe(http, {
    http: `http://ada:pw@127.0.0.1:${port}/`,
    method: 'POST',
    headers: { 'X-Key': 'k' },
    body: '{}',
    expect: [`[BODY] == ["POST","k","Basic ${basic}","{}"]`],
  });

  assert.deepEqual(result?.state, 'up');
});

test('http: bodies are read in the encoding they name', async (t) => {
  const port = await serveHttp(t, (request, response) => {
    const charset = request.url === '/odd' ? 'no-such-thing' : 'iso-8859-1';
    response.setHeader('content-type', `text/plain; charset=${charset}`).end(Buffer.from('grün', 'latin1'));
  });

  const named = await probe(http, { http: `http://127.0.0.1:${port}/`, expect: ['[BODY] == grün'] });
  const odd = await probe(http, { http: `http://127.0.0.1:${port}/odd`, expect: ['[BODY] != grün'] });

  assert.deepEqual([named?.state, odd?.state], ['up', 'up']);
});

test('http: a closed port is down, and up where it is meant to be closed', async () => {
  const port = await closedPort();
  const url = `http://127.0.0.1:${port}/?token=hush`;

  assert.equal(reasonOf(await probe(http, { http: url })), `127.0.0.1:${port} refused the connection.`);
  assert.equal((await probe(http, { http: url, expect: ['[CONNECTED] == false'] }))?.state, 'up');
});

test('http: what must not be reachable and is, is down', async (t) => {
  const port = await serveHttp(t, (_request, response) => response.end());

  const result = await probe(http, { http: `http://127.0.0.1:${port}/`, expect: ['[CONNECTED] == false'] });

  assert.equal(conditionsIn(result), '[CONNECTED] was true, expected false.');
});

test('http: a server that says nothing is down at the deadline', async (t) => {
  const port = await serveTcp(t, () => undefined);

  const result = await probe(http, { http: `http://127.0.0.1:${port}/` }, { timeoutMs: 100 });

  assert.equal(reasonOf(result), `127.0.0.1:${port} did not answer within 100ms.`);
});

test('http: a shutdown in the middle of a check is no downtime', async (t) => {
  const stopping = new AbortController();
  const port = await serveTcp(t, () => stopping.abort(new Error('stopping')));

  await assert.rejects(probe(http, { http: `http://127.0.0.1:${port}/` }, { signal: stopping.signal }), /stopping/);
});

test('http: an answer without end is read as far as needed', async (t) => {
  const port = await serveHttp(t, (_request, response) => pourWithoutEnd(response));

  const result = await probe(http, { http: `http://127.0.0.1:${port}/`, expect: ['[BODY] == x'] });

  assert.match(conditionsIn(result), /^\[BODY\] was "x{79}…, expected "x"\.$/);
});

/** What a reason says behind the address that it begins with. */
function conditionsIn(result: Parameters<typeof reasonOf>[0]): string {
  return reasonOf(result).replace(/^\S+: /, '');
}
