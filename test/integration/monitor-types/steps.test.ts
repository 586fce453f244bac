import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import type { CheckResult } from '../../../src/monitoring/monitor-type.ts';
import { steps } from '../../../src/monitoring/types/steps.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { closedPort, serveHttp } from '../../support/servers/misbehaving.ts';

const TOKEN = 'hush"/..?&=ü';

interface Shop {
  readonly url: string;
  /** What was asked, in order: method, address, authorization and body. */
  readonly log: readonly string[];
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const SHOP: Readonly<Record<string, Answer>> = {
  '/login': (_request, response) => response.end(JSON.stringify({ token: TOKEN, order: { id: 7 } })),
  '/orders/7': (_request, response) => response.end('{"state":"open"}'),
  '/pay': (_request, response) => response.writeHead(402).end('{"error":"hush\\"/..?&=ü was refused"}'),
};

test('steps: values go from one step into the address, the headers and the body of later ones', async (t) => {
  const { url, log } = await open(t);

  const result = await probe(steps, {
    steps: [
      {
        name: 'log in',
        http: `${url}/login`,
        method: 'POST',
        body: '{}',
        keep: { token: '[BODY].token', id: '[BODY].order.id' },
      },
      {
        name: 'look',
        http: `${url}/orders/[CONTEXT].id?t=[CONTEXT].token`,
        headers: { 'X-Order': 'order [CONTEXT].id' },
        expect: ['[BODY].state == open', '[STATUS] == 200'],
      },
      { name: 'tell', http: `${url}/login`, method: 'PUT', body: '{"id": [CONTEXT].id, "token": "[CONTEXT].token"}' },
    ],
  });

  assert.equal(result?.state, 'up');
  assert.ok((result?.latencyMs ?? 0) > 0);
  assert.deepEqual(log, [
    'POST /login undefined {}',
    `GET /orders/7?t=${encodeURIComponent(TOKEN)} order 7 `,
    `PUT /login undefined {"id": 7, "token": ${JSON.stringify(TOKEN)}}`,
  ]);
  assert.deepEqual(
    result?.conditions?.map(({ condition, holds }) => [condition, holds]),
    [
      ['look: [BODY].state == open', true],
      ['look: [STATUS] == 200', true],
    ],
  );
});

test('steps: the first that fails ends them, but for what is always done, and is named', async (t) => {
  const { url, log } = await open(t);

  const result = await probe(steps, {
    steps: [
      { name: 'log in', http: `${url}/login`, keep: { token: '[BODY].token' } },
      { name: 'pay', http: `${url}/pay`, expect: ['[STATUS] == 200'] },
      { name: 'look', http: `${url}/orders/7` },
      { name: 'log out', http: `${url}/orders/7?by=[CONTEXT].token`, always: true },
    ],
  });

  assert.equal(reasonOf(result), `Step pay: ${hostOf(url)}/pay: [STATUS] was 402, expected 200.`);
  assert.deepEqual(
    log.map((line) => line.split(/[ ?]/)[1]),
    ['/login', '/pay', '/orders/7'],
  );
});

test('steps: what is always done is left out when nothing was kept that it needs', async (t) => {
  const { url, log } = await open(t);

  const result = await probe(steps, {
    steps: [
      { name: 'log in', http: `${url}/pay`, keep: { token: '[BODY].token' } },
      { name: 'log out', http: `${url}/login?by=[CONTEXT].token`, always: true },
    ],
  });

  assert.equal(reasonOf(result), `Step log in: ${hostOf(url)}/pay answered 402, expected 2xx.`);
  assert.equal(log.length, 1);
});

test('steps: a value that is not there to be kept is a failure', async (t) => {
  const { url } = await open(t);

  const result = await probe(steps, {
    steps: [{ name: 'log in', http: `${url}/login`, keep: { cart: '[BODY].cart.id' } }],
  });

  assert.equal(
    reasonOf(result),
    `Step log in: ${hostOf(url)}/login: [BODY].cart.id is missing, so nothing was kept as cart.`,
  );
});

test('steps: a value that is too long to be sent on is not kept', async (t) => {
  const { url, log } = await open(t, { '/long': (_request, response) => response.end('x'.repeat(8_193)) });
  const keeping = { name: 'a', http: `${url}/long`, keep: { page: '[BODY]' } };

  const result = await probe(steps, { steps: [keeping, { name: 'b', http: `${url}/?q=[CONTEXT].page` }] });

  assert.equal(
    reasonOf(result),
    `Step a: ${hostOf(url)}/long: [BODY] is longer than 8192 characters, so nothing was kept as page.`,
  );
  assert.equal(log.length, 1);
});

test('steps: kept values are in no reason and in no condition, not even of the step that keeps them', async (t) => {
  const { url } = await open(t);

  const keeping = await probe(steps, {
    steps: [
      {
        name: 'log in',
        http: `${url}/login`,
        keep: { token: '[BODY].token' },
        expect: ['[BODY].token == x', '[BODY] == y'],
      },
    ],
  });
  const echoing = await probe(steps, {
    steps: [
      { name: 'log in', http: `${url}/login`, keep: { token: '[BODY].token' } },
      {
        name: 'pay',
        http: `${url}/pay?t=[CONTEXT].token`,
        expect: ['[BODY].error == [CONTEXT].token', '[CONTEXT].token == x'],
      },
    ],
  });

  for (const result of [keeping, echoing]) {
    assert.doesNotMatch(reasonOf(result) + JSON.stringify(result), /hush/);
    assert.equal(result?.conditions?.length, 2);
  }
  assert.match(reasonOf(echoing), /\[BODY\]\.error was "\[CONTEXT\]\.token was refused", expected \[CONTEXT\]\.token/);
});

test('steps: a value that would lead elsewhere, or break a header, is not sent', async (t) => {
  const { url, log } = await open(t, {
    '/login': (_request, response) => response.end(JSON.stringify({ up: '..', lines: 'a\r\nX-Evil: hush' })),
  });
  const first = { name: 'log in', http: `${url}/login`, keep: { up: '[BODY].up', lines: '[BODY].lines' } };

  const up = await probe(steps, { steps: [first, { name: 'climb', http: `${url}/orders/[CONTEXT].up/7` }] });
  const broken = await probe(steps, {
    steps: [first, { name: 'break', http: `${url}/pay`, headers: { 'X-A': '[CONTEXT].lines' } }],
  });

  const place = `${hostOf(url)}/orders/[CONTEXT].up/7`;
  assert.equal(reasonOf(up), `Step climb: What was kept as up cannot stand in the address of ${place}.`);
  assert.equal(
    reasonOf(broken),
    `Step break: What was kept as lines cannot stand in the header X-A for ${hostOf(url)}/pay.`,
  );
  assert.equal(log.length, 2);
});

test('steps: what works, but not well, is degraded and goes on', async (t) => {
  const { url, log } = await open(t);

  const result = await probe(steps, {
    steps: [
      { name: 'log in', http: `${url}/login`, expect: { degraded: ['[BODY].order.id == 8'] } },
      { name: 'look', http: `${url}/orders/7` },
    ],
  });

  assert.equal(result?.state, 'degraded');
  assert.equal(reasonOf(result), `Step log in: ${hostOf(url)}/login: [BODY].order.id was 7, expected "8".`);
  assert.equal(log.length, 2);
});

test('steps: all of them together have one deadline', async (t) => {
  const { url, log } = await open(t, {
    '/slow': (_request, response) => void setTimeout(() => response.end('{}'), 120),
  });
  const slow = { http: `${url}/slow` };

  const result = await probe(
    steps,
    { steps: [...['a', 'b', 'c', 'd'].map((name) => ({ ...slow, name })), { ...slow, name: 'e', always: true }] },
    { timeoutMs: 300 },
  );

  assert.equal(reasonOf(result), `Step c: ${hostOf(url)} did not answer within 300ms.`);
  assert.equal(log.length, 3);
});

test('steps: a shutdown in the middle is no downtime', async (t) => {
  const stopping = new AbortController();
  const { url } = await open(t, { '/slow': () => stopping.abort(new Error('stopping')) });

  await assert.rejects(
    probe(steps, { steps: [{ name: 'a', http: `${url}/slow` }] }, { signal: stopping.signal }),
    /stopping/,
  );
});

test('steps: a host that is not there is told by the step that asked it', async () => {
  const port = await closedPort();

  const result = await probe(steps, { steps: [{ name: 'a', http: `http://127.0.0.1:${port}/?t=hush` }] });

  assert.equal(reasonOf(result), `Step a: 127.0.0.1:${port} refused the connection.`);
  assert.equal((result satisfies CheckResult | undefined)?.latencyMs, undefined);
});

async function open(t: TestContext, answers: Readonly<Record<string, Answer>> = {}): Promise<Shop> {
  const log: string[] = [];
  const port = await serveHttp(t, async (request, response) => {
    const body = (await Array.fromAsync(request)).join('');
    log.push(`${request.method} ${request.url} ${String(request.headers['x-order'])} ${body}`);
    const { pathname } = new URL(request.url ?? '/', 'http://shop.example');
    ({ ...SHOP, ...answers })[pathname]?.(request, response);
  });
  return { url: `http://127.0.0.1:${port}`, log };
}

function hostOf(url: string): string {
  return new URL(url).host;
}
