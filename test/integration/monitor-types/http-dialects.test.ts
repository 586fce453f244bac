import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { type TestContext, test } from 'node:test';
import { Secret } from '../../../src/kernel/secret.ts';
import { monitorsOf } from '../../../src/monitoring/index.ts';
import { http } from '../../../src/monitoring/types/http.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { serveHttp } from '../../support/servers/misbehaving.ts';
import { modelOf, service } from '../../support/watched.ts';

const SICK = {
  status: 'pass',
  checks: {
    'db:responseTime': [{ status: 'fail', output: 'no connection' }],
    queue: [{ status: 'warn' }],
    mail: [{ status: 'pass' }],
  },
};

test('http: a part that fails while the program says that it is well makes it degraded, and is named', async (t) => {
  const place = await serve(t, { body: SICK });
  const result = await probe(http, { http: `http://${place}`, dialect: 'auto' });

  assert.equal(result?.state, 'degraded');
  assert.equal(reasonOf(result), `${place} says that db:responseTime is down (no connection), queue is degraded.`);
  assert.deepEqual(
    result?.parts?.map(({ name, state }) => `${name} ${state}`),
    ['db:responseTime down', 'queue degraded', 'mail up'],
  );
});

test('http: the worst of the word and the status decides', async (t) => {
  const outcomes: unknown[] = [];
  for (const [status, word] of [
    [200, 'pass'],
    [200, 'warn'],
    [200, 'fail'],
    [503, 'pass'],
    [503, 'fail'],
  ] as const) {
    const place = await serve(t, { status, body: { status: word } });
    outcomes.push((await probe(http, { http: `http://${place}`, dialect: 'health-json' }))?.state);
  }
  assert.deepEqual(outcomes, ['up', 'degraded', 'down', 'down', 'down']);
});

test('http: an answer that is down by its status says which parts are to blame', async (t) => {
  const body = { status: 'DOWN', components: { db: { status: 'DOWN' }, a: { status: 'UP' } } };
  const place = await serve(t, { status: 503, body });
  const result = await probe(http, { http: `http://${place}`, dialect: 'auto' });

  assert.equal(reasonOf(result), `${place} answered 503, expected 2xx. It says that db is down.`);
});

test('http: a body that nobody asked for is not read', async (t) => {
  const place = await serve(t, { body: { ...SICK, status: 'fail' } });
  const result = await probe(http, { http: `http://${place}` });

  assert.equal(result?.state, 'up');
  assert.equal(result.parts, undefined);
});

test('http: conditions and parts are both heard', async (t) => {
  const place = await serve(t, { body: SICK });
  const result = await probe(http, {
    http: `http://${place}`,
    dialect: 'auto',
    expect: { degraded: ['[BODY].status == "great"'] },
  });

  assert.match(reasonOf(result), /\[BODY\]\.status .* says that db:responseTime is down/);
  assert.equal(result?.conditions?.length, 1);
});

test('http: a dialect that was asked for and is not spoken is not as it should be', async (t) => {
  const place = await serve(t, { body: 'It works!' });
  const spring = await probe(http, { http: `http://${place}`, dialect: 'spring' });

  assert.equal(spring?.state, 'degraded');
  assert.equal(reasonOf(spring), `${place} does not say how it is in the dialect spring.`);
  assert.equal((await probe(http, { http: `http://${place}`, dialect: 'auto' }))?.state, 'up');
});

test('http: what we sent is not repeated by a part', async (t) => {
  const place = await serve(t, {
    body: ({ headers }) => ({
      status: 'fail',
      checks: { auth: [{ status: 'fail', output: `no: ${String(headers['x-key'])}` }] },
    }),
  });
  const result = await probe(http, {
    http: `http://${place}/?k=hush-query`,
    headers: { 'X-Key': 'hush-header' },
    dialect: 'auto',
  });

  assert.equal(
    reasonOf(result),
    `${place}/ says that it is down: auth is down (no: (hidden)).`.replace('/ says', ' says'),
  );
});

test('http: the health address of a service is read, and its url alone is not', () => {
  const url = new Secret('https://api.shop.example', 'api');
  const services = [service('api', { url, health: '/health' }), service('web', { url })];
  const { monitors } = monitorsOf(modelOf(services), { monitors: {}, services: {} });

  assert.deepEqual(
    monitors.map(({ settings }) => Object(settings).dialect),
    ['auto', 'none'],
  );
});

interface Answer {
  readonly status?: number;
  readonly body: object | string | ((request: IncomingMessage) => object);
}

async function serve(t: TestContext, { status = 200, body }: Answer): Promise<string> {
  const port = await serveHttp(t, (request, response) => {
    const said = typeof body === 'function' ? body(request) : body;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof said === 'string' ? said : JSON.stringify(said));
  });
  return `127.0.0.1:${port}`;
}
