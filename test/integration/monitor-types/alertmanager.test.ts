import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { alertmanager } from '../../../src/monitoring/types/alertmanager.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { startAlertmanager } from '../../support/servers/prometheus.ts';
import { serveRoutes } from '../../support/servers/routes.ts';
import { tryType } from '../../support/type-trial.ts';
import { webScenes } from '../../support/web-trial.ts';

const server = await startAlertmanager({ after });

tryType(alertmanager, {
  ...webScenes('alertmanager'),
  up: async () => ({ alertmanager: server.url }),
  degraded: async (t) => ({ alertmanager: (await startAlertmanager(t, { cluster: '127.0.0.1:0' })).url }),
});

test('alertmanager: a configuration that it could not load is degraded', async (t) => {
  const own = await startAlertmanager(t);
  assert.equal(await own.reload('route: 7'), 500);

  const result = await probe(alertmanager, { alertmanager: own.url });

  assert.equal(result?.state, 'degraded');
  assert.match(reasonOf(result), /is up\. It could not load its latest configuration/);
});

test('alertmanager: a cluster that settles, or has lost members, is degraded', async (t) => {
  const cluster = (status: string, peers: number) => ({
    'GET /-/ready': { text: 'OK' },
    'GET /api/v2/status': {
      json: { cluster: { status, peers: Array.from({ length: peers }, (_, name) => ({ name })) } },
    },
    'GET /metrics': { text: 'alertmanager_config_last_reload_successful 1\n' },
  });
  const look = async (status: string, peers: number) => {
    const { url } = await serveRoutes(t, cluster(status, peers));
    return probe(alertmanager, { alertmanager: url, peers_min: 2 });
  };

  const [whole, settling, torn] = [await look('ready', 2), await look('settling', 2), await look('ready', 1)];
  assert.deepEqual([whole?.state, whole?.readings], ['up', { peers: 2 }]);
  assert.match(reasonOf(settling), /still settling/);
  assert.match(reasonOf(torn), /has 1 of at least 2 members\.$/);
  assert.match(reasonOf(await probe(alertmanager, { alertmanager: server.url, peers_min: 2 })), /has 1 of at least 2/);
});

test('alertmanager: one that is not ready is down', async (t) => {
  const { url } = await serveRoutes(t, { 'GET /-/ready': { status: 503 } });

  assert.match(reasonOf(await probe(alertmanager, { alertmanager: url })), /is not ready: it answered 503/);
});
