import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elasticsearch } from '../../../src/monitoring/types/elasticsearch.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { type Reply, serveRoutes } from '../../support/servers/routes.ts';
import type { Ending } from '../../support/servers/server.ts';
import { tryType } from '../../support/type-trial.ts';
import { webScenes } from '../../support/web-trial.ts';

/** As Elasticsearch 8.17 answers. */
const GREEN = {
  cluster_name: 'docker-cluster',
  status: 'green',
  timed_out: false,
  number_of_nodes: 3,
  number_of_data_nodes: 3,
  active_primary_shards: 12,
  active_shards: 24,
  relocating_shards: 0,
  initializing_shards: 0,
  unassigned_shards: 0,
  unassigned_primary_shards: 0,
  delayed_unassigned_shards: 0,
  number_of_pending_tasks: 0,
  number_of_in_flight_fetch: 0,
  task_max_waiting_in_queue_millis: 0,
  active_shards_percent_as_number: 100.0,
};
const YELLOW = { ...GREEN, status: 'yellow', unassigned_shards: 1 };

tryType(elasticsearch, {
  ...webScenes('elasticsearch'),
  up: (t) => cluster(t, GREEN),
  degraded: (t) => cluster(t, YELLOW),
});

test('elasticsearch: what is measured can be judged', async (t) => {
  const result = await probe(elasticsearch, await cluster(t, GREEN));
  const strict = { ...(await cluster(t, GREEN)), expect: ['[BODY].active_shards >= 25'] };

  assert.deepEqual(result?.readings, { nodes: 3, unassigned: 0 });
  assert.ok((result?.latencyMs ?? 0) > 0);
  assert.equal(reasonOf(await probe(elasticsearch, strict)), '[BODY].active_shards was 24, expected >= 25.');
});

test('elasticsearch: yellow is degraded and red is down, however it is written', async (t) => {
  const yellow = await probe(elasticsearch, await cluster(t, YELLOW));
  const red = await probe(elasticsearch, await cluster(t, { ...GREEN, status: 'RED', unassigned_shards: 7 }));

  assert.match(reasonOf(yellow), /is yellow: 1 shard is nowhere, copies are missing\.$/);
  assert.equal(red?.state, 'down');
  assert.match(reasonOf(red), /is red: 7 shards are nowhere, and so is data\.$/);
  assert.deepEqual(red.readings, { nodes: 3, unassigned: 7 });
});

test('elasticsearch: too few nodes are degraded, and so is an answer that came too late', async (t) => {
  const few = await probe(elasticsearch, { ...(await cluster(t, GREEN)), nodes_min: 4 });
  const late = await probe(elasticsearch, await cluster(t, { ...GREEN, timed_out: true }, 408));

  assert.match(reasonOf(few), /has 3 nodes, fewer than 4\.$/);
  assert.equal(late?.state, 'degraded');
  assert.match(reasonOf(late), /could not say in time how it is\.$/);
});

test('elasticsearch: a cluster without a master is down, in Elasticsearch and in OpenSearch', async (t) => {
  for (const type of ['master_not_discovered_exception', 'cluster_manager_not_discovered_exception']) {
    const result = await probe(elasticsearch, await cluster(t, { error: { type, reason: null }, status: 503 }, 503));

    assert.equal(result?.state, 'down');
    assert.match(reasonOf(result), /has no master: its nodes do not find each other\.$/);
  }
});

test('elasticsearch: a token is sent as an API key, or as OpenSearch wants it', async (t) => {
  for (const scheme of ['ApiKey', 'Bearer']) {
    const routes = { 'GET /_cluster/health': { json: GREEN } };
    const { url, heard } = await serveRoutes(t, routes, { authorization: `${scheme} hush` });
    const written = scheme === 'ApiKey' ? {} : { token_scheme: scheme };

    assert.equal((await probe(elasticsearch, { elasticsearch: url, token: 'hush', ...written }))?.state, 'up');
    assert.equal(heard[0]?.url.searchParams.get('master_timeout'), '5000ms');
  }
});

async function cluster(ending: Ending, json: object, status = 200) {
  const reply: Reply = { status, json };
  return { elasticsearch: (await serveRoutes(ending, { 'GET /_cluster/health': reply })).url };
}
