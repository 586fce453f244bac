import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { startServe, temporaryFolder } from '../support/serve-process.ts';
import { startPrometheus } from '../support/servers/prometheus.ts';
import { serveRoutes } from '../support/servers/routes.ts';

const HEALTHY = { 'GET /health': { json: { status: 'ok' } } };
/** What the three of the Elastic stack say of themselves when all is well. */
const STACK = {
  'GET /_cluster/health': {
    json: {
      cluster_name: 'logs',
      status: 'green',
      timed_out: false,
      number_of_nodes: 1,
      number_of_data_nodes: 1,
      active_primary_shards: 1,
      active_shards: 1,
      relocating_shards: 0,
      initializing_shards: 0,
      unassigned_shards: 0,
    },
  },
  'GET /_node/stats/pipelines': {
    json: { version: '8.19.0', status: 'green', pipelines: { main: { queue: { events_count: 0 } } } },
  },
  'GET /api/status': { json: { status: { overall: { level: 'degraded', summary: '1 service is degraded' } } } },
};

test('ELK, Prometheus and health checks stand side by side in one list [MON-06/R]', async (t) => {
  const app = await serveRoutes(t, HEALTHY);
  const stack = await serveRoutes(t, STACK);
  const prometheus = await startPrometheus(t, { targets: [] });
  const folder = temporaryFolder(t);
  const manifest = {
    app: 'shop',
    services: { api: { url: app.url, health: '/health' } },
    monitors: {
      'log-search': { elasticsearch: stack.url, every: '1s' },
      'log-intake': { logstash: stack.url, every: '1s' },
      'log-page': { kibana: stack.url, every: '1s', confirm: 1 },
      metrics: { prometheus: prometheus.url, every: '1s' },
    },
  };
  // JSON is YAML too.
  writeFileSync(path.join(folder, 'evenkeel.yaml'), JSON.stringify(manifest));
  const served = await startServe(t, { folder });

  await eventually(async () => {
    const { stdout } = await served.cli(['monitor', 'list', '--json']);
    const { monitors } = JSON.parse(stdout) as { monitors: { name: string; type: string; state: string }[] };
    assert.deepEqual(Object.fromEntries(monitors.map(({ name, type, state }) => [name, `${type} ${state}`])), {
      api: 'http up',
      'log-search': 'elasticsearch up',
      'log-intake': 'logstash up',
      'log-page': 'kibana degraded',
      metrics: 'prometheus up',
    });
  });
});
