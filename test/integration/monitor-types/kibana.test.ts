import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kibana } from '../../../src/monitoring/types/kibana.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { type Reply, serveRoutes } from '../../support/servers/routes.ts';
import { tryType } from '../../support/type-trial.ts';
import { webScenes } from '../../support/web-trial.ts';

const level = (name: string, summary = '') => ({ level: name, summary });

tryType(kibana, {
  ...webScenes('kibana'),
  up: async (t) => ({ kibana: (await serveRoutes(t, statusOf({ json: whole('available', {}) }))).url }),
  degraded: async (t) => {
    const plugins = { alerting: level('degraded', 'Waiting for tasks'), maps: level('available') };
    return { kibana: (await serveRoutes(t, statusOf({ json: whole('degraded', plugins) }))).url };
  },
});

test('kibana: what is not well is told by name, and what is well is left out [HLT-09/R]', async (t) => {
  const plugins = { alerting: level('unavailable', '1 service is unavailable'), maps: level('available', 'All well') };
  const { url } = await serveRoutes(t, statusOf({ status: 503, json: whole('unavailable', plugins) }));

  const result = await probe(kibana, { kibana: url });

  assert.match(reasonOf(result), /says that it is unavailable \(alerting\)\.$/);
  assert.deepEqual(result?.parts, [
    { name: 'elasticsearch', state: 'up', detail: '"Elasticsearch is available"' },
    { name: 'savedObjects', state: 'up', detail: '"SavedObjects service has completed migrations"' },
    { name: 'alerting', state: 'down', detail: '"1 service is unavailable"' },
  ]);
});

test('kibana: strangers hear the overall status only, and that is enough', async (t) => {
  const { url } = await serveRoutes(t, statusOf({ json: { status: { overall: { level: 'critical' } } } }));

  assert.match(reasonOf(await probe(kibana, { kibana: url })), /says that it is critical\.$/);
});

test('kibana: versions before 8 speak in colours', async (t) => {
  const states = ['green', 'yellow', 'red'].map(async (state) => {
    const overall = { state, title: 'Some', nickname: 'Looking good', icon: 'success' };
    const { url } = await serveRoutes(t, statusOf({ json: { status: { overall, statuses: [] } } }));
    return (await probe(kibana, { kibana: url }))?.state;
  });

  assert.deepEqual(await Promise.all(states), ['up', 'degraded', 'down']);
});

test('kibana: one that waits for Elasticsearch says so', async (t) => {
  const { url } = await serveRoutes(t, statusOf({ status: 503, text: 'Kibana server is not ready yet.' }));

  assert.match(reasonOf(await probe(kibana, { kibana: url })), /is not ready yet: it is starting, or Elasticsearch/);
});

test('kibana: a user logs in with a password', async (t) => {
  const authorization = `Basic ${Buffer.from('monitor:hush').toString('base64')}`;
  const { url } = await serveRoutes(t, statusOf({ json: whole('available', {}) }), { authorization });

  assert.equal((await probe(kibana, { kibana: url, user: 'monitor', password: 'hush' }))?.state, 'up');
  assert.match(reasonOf(await probe(kibana, { kibana: url })), /asks for credentials \(status 401\)/);
});

function statusOf(reply: Reply) {
  return { 'GET /api/status': reply };
}

/** As version 8 tells those who may know. */
function whole(overall: string, plugins: object) {
  return {
    name: 'kibana',
    uuid: '5b2de169-2785-441b-ae8c-186a1936b17d',
    version: { number: '8.19.0', build_snapshot: false },
    status: {
      overall: level(overall, 'All services and plugins are available'),
      core: {
        elasticsearch: level('available', 'Elasticsearch is available'),
        savedObjects: level('available', 'SavedObjects service has completed migrations'),
      },
      plugins,
    },
    metrics: {},
  };
}
