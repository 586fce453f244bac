import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grafana } from '../../../src/monitoring/types/grafana.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { serveRoutes } from '../../support/servers/routes.ts';
import { tryType } from '../../support/type-trial.ts';
import { webScenes } from '../../support/web-trial.ts';

const HEALTHY = { 'GET /api/health': { json: { commit: '1e84fede54', database: 'ok', version: '11.6.0' } } };
const BROKEN = { status: 400, json: { message: 'connect: connection refused (hush)', status: 'ERROR' } };

tryType(grafana, {
  ...webScenes('grafana'),
  up: async (t) => ({ grafana: (await serveRoutes(t, HEALTHY)).url }),
  degraded: async (t) => {
    const { url } = await serveRoutes(t, { ...HEALTHY, 'GET /api/datasources/uid/prom/health': BROKEN });
    return { grafana: url, datasources: ['prom'] };
  },
});

test('grafana: one that has lost its database is down', async (t) => {
  const json = { database: 'failing', version: '11.6.0' };
  const { url } = await serveRoutes(t, { 'GET /api/health': { status: 503, json } });

  assert.match(reasonOf(await probe(grafana, { grafana: url })), /has lost its database\.$/);
});

test('grafana: each data source is a part, and what one says back of our token is hidden', async (t) => {
  const { url } = await serveRoutes(
    t,
    {
      ...HEALTHY,
      'GET /api/datasources/uid/loki/health': { json: { status: 'OK', message: 'Data source connected' } },
      'GET /api/datasources/uid/prom/health': BROKEN,
    },
    { authorization: 'Bearer hush' },
  );

  const result = await probe(grafana, { grafana: url, token: 'hush', datasources: ['loki', 'prom', 'gone'] });

  assert.match(reasonOf(result), /cannot use data source prom: it says \(hidden\)\.$/);
  assert.deepEqual(
    result?.parts?.map(({ name, state }) => `${name} ${state}`),
    ['data source loki up', 'data source prom down', 'data source gone down'],
  );
});
