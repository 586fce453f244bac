import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { State } from '../../src/contracts/state.ts';
import { openSqlite } from '../../src/platform/sql/sqlite.ts';
import { eventually } from '../support/eventually.ts';
import { openHttpFace } from '../support/http-face.ts';
import { anAppModel, type Watched, watched } from '../support/public-facts.ts';

const DATABASE_GONE = () => Promise.reject(new Error('connect ECONNREFUSED 10.1.2.3:5432'));

for (const path of ['/health', '/healthz', '/livez', '/readyz', '/startupz']) {
  test(`${path} answers everybody with one word and nothing else [HLT-01/R] [HLT-12/R]`, async (t) => {
    const { ask } = await openHttpFace(t);

    const { status, headers, text } = await ask('GET', path);

    assert.equal(status, 200);
    assert.equal(text, '{"status":"pass"}');
    assert.match(String(headers['content-type']), /^application\/health\+json/);
    assert.equal(headers['cache-control'], 'no-store');
  });
}

test('/api/health has one word each for the database, the cache and every kind of service [HLT-02/R]', async (t) => {
  const { ask } = await openHttpFace(t, { watched: SHOP, model: SHOP_MODEL });

  const { status, json } = await ask('GET', '/api/health');

  assert.equal(status, 200);
  assert.deepEqual(json, {
    status: 'warn',
    database: 'pass',
    cache: 'warn',
    external: { service: 'pass', storage: 'pass', endpoint: 'pass', job: 'pass' },
  });
});

test('/api/health names no host, product, version, message or time [HLT-12/R]', async (t) => {
  const { ask } = await openHttpFace(t, { watched: shopWith('down'), model: SHOP_MODEL });

  const { text } = await ask('GET', '/api/health');

  assert.doesNotMatch(text, /internal-host|8443|postgres|redis|s3|maindb|0\.1\.0|refused|\d/i);
});

test('an engine called like something every object has is a service like any other', async (t) => {
  const model = { ...anAppModel('shop'), services: [service('odd', 'constructor')] };
  const { ask } = await openHttpFace(t, { watched: [watched({ name: 'odd', type: 'tcp', state: 'up' })], model });

  assert.deepEqual((await ask('GET', '/api/health')).json.external, { service: 'pass' });
});

for (const [state, status, word] of [
  ['up', 200, 'pass'],
  ['degraded', 200, 'warn'],
  ['unknown', 200, 'warn'],
  ['maintenance', 200, 'warn'],
  ['down', 503, 'fail'],
] as const) {
  test(`a database that is ${state} makes /api/health answer ${status}`, async (t) => {
    const { ask } = await openHttpFace(t, { watched: [watched({ name: 'maindb', type: 'postgres', state })] });

    const answer = await ask('GET', '/api/health');

    assert.equal(answer.status, status);
    assert.equal(answer.json.database, word);
    assert.equal(answer.json.cache, 'none');
  });
}

test('health asks the database itself, and fails when it does not answer [HLT-03/R]', async (t) => {
  const { ask } = await openHttpFace(t, { pingDatabase: DATABASE_GONE });

  for (const path of ['/health', '/api/health', '/readyz']) {
    const { status, json, text } = await ask('GET', path);
    assert.deepEqual([status, json.status], [503, 'fail'], path);
    assert.doesNotMatch(text, /ECONNREFUSED|10\.1/);
  }
  assert.equal((await ask('GET', '/livez')).status, 200, 'a restart would not bring the database back');
});

test('health really queries: closing the database is seen [HLT-03/R]', async (t) => {
  const db = openSqlite({ path: ':memory:', now: () => 0 });
  const { ask } = await openHttpFace(t, { pingDatabase: () => db.ping() });
  assert.equal((await ask('GET', '/readyz')).status, 200);

  await db.close();

  await eventually(async () => assert.equal((await ask('GET', '/readyz')).status, 503));
});

test('many probes at once ask the database once', async (t) => {
  let asked = 0;
  const { ask } = await openHttpFace(t, {
    pingDatabase: async () => {
      asked += 1;
    },
  });

  await Promise.all(Array.from({ length: 20 }, () => ask('GET', '/health')));

  assert.ok(asked <= 2, `asked ${asked} times`);
});

test('a database that hangs does not hang the probe', async (t) => {
  const { ask } = await openHttpFace(t, { pingDatabase: () => new Promise(() => undefined) });

  const { status } = await ask('GET', '/readyz');

  assert.equal(status, 503);
});

test('/readyz waits for the first manifest, and /health only warns', async (t) => {
  const { ask } = await openHttpFace(t, { model: null });

  assert.equal((await ask('GET', '/readyz')).status, 503);
  const { status, json } = await ask('GET', '/health');
  assert.deepEqual([status, json.status], [200, 'warn']);
});

test('a refused manifest is a warning: the one before it still works', async (t) => {
  const { ask } = await openHttpFace(t, { manifest: { rejected: { at: 0, problems: [] } } });

  assert.equal((await ask('GET', '/health')).json.status, 'warn');
  assert.equal((await ask('GET', '/readyz')).status, 200);
});

test('/readyz sends traffic away during shutdown, /livez lives on', async (t) => {
  const { ask } = await openHttpFace(t, { isStopping: () => true });

  assert.equal((await ask('GET', '/readyz')).status, 503);
  assert.equal((await ask('GET', '/livez')).status, 200);
});

for (const [caller, status] of [
  [undefined, 401],
  ['wrong', 401],
  ['viewer', 403],
  ['responder', 403],
  ['operator', 200],
  ['owner', 200],
] as const) {
  test(`health details asked for by ${caller ?? 'anybody'} are answered with ${status} [HLT-13/R]`, async (t) => {
    const { ask } = await openHttpFace(t, { watched: SHOP, model: SHOP_MODEL });

    for (const path of ['/health?detail', '/healthz?detail=1', '/api/health?detail=true']) {
      const answer = await ask('GET', path, caller === undefined ? {} : { as: caller });

      assert.equal(answer.status, status, path);
      assert.equal(answer.text.includes('maindb'), status === 200, path);
    }
  });
}

test('health is rate-limited for each client [HLT-14/R]', async (t) => {
  const { ask } = await openHttpFace(t, { options: { limits: { health: 5 } } });

  const statuses = [];
  for (const path of ['/health', '/healthz', '/api/health', '/livez', '/readyz', '/startupz', '/health']) {
    statuses.push((await ask('GET', path)).status);
  }

  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429, 429]);
});

const SHOP_MODEL = {
  ...anAppModel('shop'),
  services: [service('web', null), service('maindb', 'postgres'), service('sessions', 'redis'), service('files', 's3')],
};

const SHOP = shopWith('degraded');

function shopWith(cache: State): readonly Watched[] {
  return [
    watched({ name: 'web' }),
    watched({ name: 'maindb', type: 'postgres' }),
    watched({ name: 'sessions', type: 'redis', state: cache, reason: 'connection refused' }),
    watched({ name: 'files', type: 'http' }),
    watched({ name: 'checkout', type: 'http' }),
    watched({ name: 'nightly', type: 'heartbeat' }),
  ];
}

function service(name: string, engine: string | null) {
  return { name, engine, description: null, was: [], source: null, url: null, health: null, dependsOn: [] };
}
