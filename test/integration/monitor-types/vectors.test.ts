import assert from 'node:assert/strict';
import { test } from 'node:test';
import { vectors } from '../../../src/monitoring/types/vectors.ts';
import { createNet } from '../../../src/platform/net/net.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { fakeIo, probe, reasonOf } from '../../support/probe-io.ts';
import { type Routes, serveRoutes } from '../../support/servers/routes.ts';
import type { Ending } from '../../support/servers/server.ts';
import { tryType } from '../../support/type-trial.ts';
import { webScenes } from '../../support/web-trial.ts';

const DATABASE = '/api/v2/tenants/default_tenant/databases/default_database/collections';

/** Each answers as it is documented to, with one collection `Docs` of 42 vectors. */
const PRODUCTS = {
  qdrant: {
    'GET /': { json: { title: 'qdrant - vector search engine', version: '1.13.4', commit: '7abc' } },
    'GET /collections/Docs': { json: { result: { status: 'green', points_count: 42 }, status: 'ok', time: 0.001 } },
    'GET /collections/Gone': {
      status: 404,
      json: { status: { error: "Not found: Collection `Gone` doesn't exist!" }, time: 0.001 },
    },
  },
  weaviate: {
    'GET /v1/meta': { json: { hostname: 'http://[::]:8080', version: '1.28.4', modules: {} } },
    'GET /v1/schema/Docs': { json: { class: 'Docs', vectorizer: 'none' } },
    'POST /v1/graphql': ({ body }) => ({
      json: body.includes('Aggregate { Docs { meta { count } } }')
        ? { data: { Aggregate: { Docs: [{ meta: { count: 42 } }] } } }
        : { errors: [{ message: 'no' }] },
    }),
  },
  chroma: {
    'GET /api/v2/heartbeat': { json: { 'nanosecond heartbeat': 1_763_764_000_000_000_000 } },
    [`GET ${DATABASE}/Docs`]: { json: { id: '0b9d4c1e-7a55-4c0e-9a52-3c1a4a0f8a11', name: 'Docs', metadata: null } },
    [`GET ${DATABASE}/0b9d4c1e-7a55-4c0e-9a52-3c1a4a0f8a11/count`]: { json: 42 },
  },
  milvus: {
    'POST /v2/vectordb/collections/list': { json: { code: 0, data: ['Docs'] } },
    'POST /v2/vectordb/collections/get_stats': ({ body }) => ({
      json: body.includes('"Docs"')
        ? { code: 0, data: { rowCount: 42 } }
        : { code: 100, message: 'collection not found[database=default][collection=Gone]' },
    }),
  },
} as const satisfies Readonly<Record<string, Routes>>;

tryType(vectors, {
  ...webScenes('vectors'),
  up: (t) => store(t, PRODUCTS.qdrant),
  degraded: async (t) => ({ ...(await store(t, PRODUCTS.qdrant)), collection: 'Docs', points_min: 43 }),
});

for (const [kind, routes] of Object.entries(PRODUCTS)) {
  test(`vectors: ${kind} is recognized, and its collections counted`, async (t) => {
    const at = await store(t, routes);

    for (const settings of [at, { ...at, kind }]) {
      const result = await probe(vectors, { ...settings, collection: 'Docs', points_min: 42 });

      assert.equal(result?.state, 'up', JSON.stringify(result));
      assert.deepEqual(result.readings, { points: 42 });
      assert.match(
        reasonOf(await probe(vectors, { ...settings, collection: 'Gone' })),
        /^127\.0\.0\.1:\d+ has no collection Gone\.$/,
      );
      const few = await probe(vectors, { ...settings, collection: 'Docs', points_min: 43 });
      assert.equal(few?.state, 'degraded');
      assert.match(reasonOf(few), /^The collection Docs of \S+ holds 42 vectors, fewer than 43\.$/);
    }
  });

  test(`vectors: ${kind} gets its token`, async (t) => {
    const { url } = await serveRoutes(t, routes, { authorization: 'Bearer hush' });

    assert.equal((await probe(vectors, { vectors: url, token: 'hush', collection: 'Docs' }))?.state, 'up');
    assert.match(reasonOf(await probe(vectors, { vectors: url })), /asks for credentials \(status 401\)/);
  });

  test(`vectors: something else than ${kind} is down where that is asked for`, async (t) => {
    const other = kind === 'qdrant' ? PRODUCTS.chroma : PRODUCTS.qdrant;

    assert.match(
      reasonOf(await probe(vectors, { ...(await store(t, other)), kind })),
      /^127\.0\.0\.1:\d+ does not answer as \w+ does when it is ready\.$/,
    );
  });
}

test('vectors: a collection of Qdrant that failed is down, one that waits is degraded, one at work is up', async (t) => {
  const ask = async (status: string) => {
    const json = { result: { status, points_count: null } };
    const at = await store(t, { ...PRODUCTS.qdrant, 'GET /collections/Docs': { json } });
    return probe(vectors, { ...at, collection: 'Docs' });
  };

  assert.match(reasonOf(await ask('red')), /^The collection Docs of \S+ has failed and cannot recover by itself/);
  assert.equal((await ask('red'))?.state, 'down');
  assert.equal((await ask('grey'))?.state, 'degraded');
  assert.equal((await ask('yellow'))?.state, 'up');
});

test('vectors: Milvus that wants a login says so inside of its answers', async (t) => {
  const json = { code: 1800, message: "user hasn't authenticated hush" };
  const routes = {
    'POST /v2/vectordb/collections/list': { json },
    'POST /v2/vectordb/collections/get_stats': { json },
  };
  const settings = { ...(await store(t, routes)), collection: 'Docs' };

  assert.match(reasonOf(await probe(vectors, settings)), /asks for credentials, and none are set for it\.$/);
  assert.match(reasonOf(await probe(vectors, { ...settings, token: 'root:hush' })), /rejected the credentials/);
});

test('vectors: once it is recognized nothing else is asked', async (t) => {
  const { url, heard } = await serveRoutes(t, PRODUCTS.weaviate);
  const check = vectors.prepare(vectors.settings.parse({ vectors: url }));
  const io = () => fakeIo({ clock: systemClock, net: createNet({ policy: 'manifest', clock: systemClock }) });

  await check(io());
  assert.equal(heard.length, 5);
  await check(io());
  assert.deepEqual(
    heard.slice(5).map(({ url: { pathname } }) => pathname),
    ['/v1/meta', '/v1/.well-known/ready'],
  );
});

test('vectors: conditions do not show the token, should the product say it back', async (t) => {
  const at = await store(t, { ...PRODUCTS.qdrant, 'GET /': { json: { title: 'qdrant hush' } } });

  const told = await probe(vectors, { ...at, token: 'hush', expect: ['[BODY] == x', '[BODY].title == x'] });

  assert.equal(reasonOf(told), '[BODY] was (hidden), expected "x". [BODY].title was (hidden), expected "x".');
  assert.doesNotMatch(JSON.stringify(told), /hush/);
});

for (const [kind, path] of [
  ['qdrant', '/readyz'],
  ['weaviate', '/v1/.well-known/ready'],
  ['chroma', '/api/v2/healthcheck'],
] as const) {
  test(`vectors: ${kind} that answers and is not ready is down`, async (t) => {
    const ask = async (status: number) =>
      probe(
        vectors,
        await store(t, { ...PRODUCTS[kind], [`GET ${path}`]: { status, text: 'some shards are not ready' } }),
      );

    assert.match(reasonOf(await ask(503)), /^127\.0\.0\.1:\d+ is not ready: it answered 503 to /);
    assert.equal((await ask(503))?.state, 'down');
    assert.equal((await ask(200))?.state, 'up');
    assert.equal((await ask(204))?.state, 'up');
    // Older versions do not know the question.
    assert.equal((await ask(404))?.state, 'up');
  });
}

test('vectors: a name cannot lead elsewhere', async (t) => {
  const { url, heard } = await serveRoutes(t, PRODUCTS.qdrant);

  await probe(vectors, { vectors: url, kind: 'qdrant', collection: '../telemetry?x=1' });

  assert.equal(heard.at(-1)?.url.pathname, '/collections/..%2Ftelemetry%3Fx%3D1');
});

async function store(ending: Ending, routes: Routes) {
  return { vectors: (await serveRoutes(ending, routes)).url };
}
