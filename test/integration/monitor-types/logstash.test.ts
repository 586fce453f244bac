import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logstash } from '../../../src/monitoring/types/logstash.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { serveRoutes } from '../../support/servers/routes.ts';
import { tryType } from '../../support/type-trial.ts';
import { webScenes } from '../../support/web-trial.ts';

const NEVER = {
  successes: 0,
  failures: 0,
  last_error: null,
  last_success_timestamp: null,
  last_failure_timestamp: null,
};
const FAILED = {
  successes: 1,
  failures: 2,
  last_error: { message: 'Expected one of #, input at line 1 (hush)', backtrace: [] },
  last_success_timestamp: '2026-01-02T10:00:00.000Z',
  last_failure_timestamp: '2026-01-02T11:00:00.000Z',
};
const MENDED = { ...FAILED, last_success_timestamp: '2026-01-02T12:00:00.000Z' };

tryType(logstash, {
  ...webScenes('logstash'),
  up: async (t) => ({ logstash: (await serveRoutes(t, stats('green', { main: NEVER, mended: MENDED }))).url }),
  degraded: async (t) => ({ logstash: (await serveRoutes(t, stats('green', { main: NEVER, orders: FAILED }))).url }),
});

test('logstash: a pipeline that goes on with an old configuration is told by name [HLT-09/R]', async (t) => {
  const { url } = await serveRoutes(t, stats('green', { main: NEVER, orders: FAILED }));

  const result = await probe(logstash, { logstash: url });

  assert.match(reasonOf(result), /is up\. Pipeline orders: it could not load its latest configuration/);
  assert.deepEqual(result?.readings, { 'queue:main': 3, 'queue:orders': 3 });
  assert.deepEqual(
    result.parts?.map(({ name, state }) => `${name} ${state}`),
    ['orders degraded', 'main up'],
  );
});

test('logstash: what is wrong is asked for when something is, and not before', async (t) => {
  const report = (status: string, symptom: string) => ({
    json: {
      status,
      symptom: '1 indicator is concerning',
      indicators: {
        pipelines: { status, symptom: '1 indicator', indicators: { orders: { status, symptom, impacts: [] } } },
      },
    },
  });
  const look = async (status: string, symptom: string) => {
    const server = await serveRoutes(t, {
      ...stats(status, { main: NEVER, orders: NEVER }),
      'GET /_health_report': report(status, symptom),
    });
    const result = await probe(logstash, { logstash: server.url });
    return { result, asked: server.heard.length };
  };

  const red = await look('red', 'The pipeline is unhealthy; 1 area is impacted');
  assert.equal(red.result?.state, 'down');
  assert.match(
    reasonOf(red.result),
    /says that its status is red\. Pipeline orders: it says "The pipeline is unhealthy;/,
  );
  const yellow = await look('yellow', 'The pipeline is concerning');
  assert.equal(yellow.result?.state, 'degraded');
  const green = await look('green', '');
  assert.deepEqual([green.result?.state, green.asked], ['up', 1]);
});

test('logstash: versions that know no causes say only that something is wrong', async (t) => {
  const { url } = await serveRoutes(t, stats('yellow', { main: NEVER }));

  assert.match(reasonOf(await probe(logstash, { logstash: url })), /says that its status is yellow\.$/);
});

/** As every answer of its API begins, and what it says of its pipelines. */
function stats(status: string, pipelines: Readonly<Record<string, object>>) {
  const told = Object.entries(pipelines).map(([name, reloads]) => [
    name,
    { events: { in: 1, out: 1 }, plugins: {}, reloads, queue: { type: 'persisted', events_count: 3 }, hash: 'x' },
  ]);
  const json = {
    host: 'intake',
    version: '8.19.0',
    http_address: '127.0.0.1:9600',
    id: 'x',
    name: 'intake',
    ephemeral_id: 'y',
    status,
    snapshot: false,
    pipeline: { workers: 2, batch_size: 125, batch_delay: 50 },
    pipelines: Object.fromEntries(told),
  };
  return { 'GET /_node/stats/pipelines': { json } };
}
