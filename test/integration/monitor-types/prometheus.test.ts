import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { prometheus } from '../../../src/monitoring/types/prometheus.ts';
import { eventually } from '../../support/eventually.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { closedPort } from '../../support/servers/misbehaving.ts';
import { prometheusConfiguration, startPrometheus } from '../../support/servers/prometheus.ts';
import { serveRoutes } from '../../support/servers/routes.ts';
import { tryType } from '../../support/type-trial.ts';
import { webScenes } from '../../support/web-trial.ts';

const targets = [`127.0.0.1:${await closedPort()}`, `localhost:${await closedPort()}`];
const server = await startPrometheus({ after }, { targets });

tryType(prometheus, {
  ...webScenes('prometheus'),
  up: async () => ({ prometheus: server.url }),
  degraded: async (t) => {
    const whole = prometheusConfiguration([new URL(server.url).host, ...targets]);
    t.after(async () => assert.equal(await server.reload(whole), 200));
    assert.equal(await server.reload('scrape_configs: 7'), 500);
    return { prometheus: server.url };
  },
});

test('prometheus: counts the targets that it watches and those it cannot reach', async () => {
  await eventually(async () => {
    const result = await probe(prometheus, { prometheus: server.url });

    assert.equal(result?.state, 'up');
    assert.deepEqual(result.readings, { targets: 3, targets_down: 2 });
  });
});

test('prometheus: one number is a reading, and the whole answer can be expected', async () => {
  const ask = (query: string, expect?: object) =>
    probe(prometheus, { prometheus: server.url, query, ...(expect !== undefined && { expect }) });

  const vector = await ask('sum(up) * 0 + 4.5', { degraded: ['[BODY].data.result[0].value[1] < 4'] });
  assert.equal(vector?.state, 'degraded');
  assert.equal(vector.readings?.['query'], 4.5);
  assert.equal((await ask('7 * 6'))?.readings?.['query'], 42);
  for (const query of ['up', 'absent(up)', '1 / 0', 'up[1m]', '"text"']) {
    const result = await ask(query);
    assert.equal(result?.state, 'up', query);
    assert.ok(!('query' in (result.readings ?? {})), query);
  }
});

test('prometheus: a query that it does not understand is down', async () => {
  const reason = reasonOf(await probe(prometheus, { prometheus: server.url, query: 'sum(' }));

  assert.match(reason, /could not answer the query: "invalid parameter .*"\.$/);
});

test('prometheus: one that is still starting is down', async (t) => {
  const { url } = await serveRoutes(t, { 'GET /-/ready': { status: 503, text: 'Service Unavailable' } });

  assert.match(reasonOf(await probe(prometheus, { prometheus: url })), /is not ready: it is still starting\.$/);
});

test('prometheus: others that speak its language need no configuration, and get the token', async (t) => {
  const vector = { status: 'success', data: { resultType: 'vector', result: [] } };
  const routes = { 'GET /-/ready': {}, 'GET /api/v1/query': { json: vector } };
  const { url } = await serveRoutes(t, routes, { authorization: 'Bearer hush' });

  const result = await probe(prometheus, { prometheus: url, token: 'hush' });

  assert.equal(result?.state, 'up', JSON.stringify(result));
  assert.deepEqual(result.readings, { targets: 0, targets_down: 0 });
});
