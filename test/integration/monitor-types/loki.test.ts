import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loki } from '../../../src/monitoring/types/loki.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { serveRoutes } from '../../support/servers/routes.ts';
import { tryType } from '../../support/type-trial.ts';
import { webScenes } from '../../support/web-trial.ts';

const READY = { 'GET /ready': { text: 'ready\n' } };

tryType(loki, {
  ...webScenes('loki'),
  up: async (t) => ({ loki: (await serveRoutes(t, READY)).url }),
  degraded: async (t) => {
    const text = 'Ingester not ready: waiting for 15s after being ready\n';
    return { loki: (await serveRoutes(t, { 'GET /ready': { status: 503, text } })).url };
  },
});

const UNREADY: Readonly<Record<string, RegExp>> = {
  'Ingester not ready: ingester check ready failed: instance not ready: in state JOINING\n':
    /Its ingester is not ready/,
  'Some services are not Running:\nTerminated:1\nRunning:5\n': /Some of its services are not running\.$/,
  'Query Frontend not ready: not ready: number of schedulers this worker is connected to is 0\n':
    /Its query frontend is not ready/,
  hush: /answered 503, expected 200\.$/,
};

for (const [text, reason] of Object.entries(UNREADY)) {
  test(`loki: one that says ${JSON.stringify(text.slice(0, 30))} is down`, async (t) => {
    const { url } = await serveRoutes(t, { 'GET /ready': { status: 503, text } });

    assert.match(reasonOf(await probe(loki, { loki: url })), reason);
  });
}

test('loki: a query is asked for one tenant, and its number is a reading', async (t) => {
  const server = await serveRoutes(t, {
    ...READY,
    'GET /loki/api/v1/query': ({ headers, url }) =>
      headers['x-scope-orgid'] === 'shop' && url.searchParams.get('query') === 'sum(rate({app="shop"}[5m]))'
        ? { json: vectorOf('0.25') }
        : { status: 400, json: { status: 'error', error: 'no org id' } },
  });
  const settings = { loki: server.url, query: 'sum(rate({app="shop"}[5m]))' };

  assert.deepEqual((await probe(loki, { ...settings, tenant: 'shop' }))?.readings, { query: 0.25 });
  assert.match(reasonOf(await probe(loki, settings)), /could not answer the query: "no org id"\.$/);
  const silent = await probe(loki, { ...settings, tenant: 'shop', expect: ['[BODY].data.result[0].value[1] > 1'] });
  assert.equal(silent?.state, 'down');
});

function vectorOf(value: string) {
  return { status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [1_700_000_000, value] }] } };
}
