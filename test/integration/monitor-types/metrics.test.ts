import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';
import type { CheckResult } from '../../../src/monitoring/monitor-type.ts';
import { metrics } from '../../../src/monitoring/types/metrics.ts';
import { createNet } from '../../../src/platform/net/net.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { fakeIo, reasonOf } from '../../support/probe-io.ts';
import { closedPort, pourWithoutEnd, serveHttp, serveTcp } from '../../support/servers/misbehaving.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

const READ = {
  error_rate: { rate: 'http_requests_total{status=~"5.."}', of: 'http_requests_total' },
  p95: { quantile: 0.95, of: 'http_request_duration_seconds' },
  queue: 'jobs_waiting',
  oldest: { max: 'job_age_seconds' },
};

const serving = (body: string) => async (t: TestContext) => ({
  metrics: `http://127.0.0.1:${await serveHttp(t, (_request, response) => void response.end(body))}/metrics`,
  read: { queue: 'jobs_waiting' },
});

tryType(metrics, {
  up: serving('jobs_waiting 3\n'),
  down: async () => ({ metrics: `http://127.0.0.1:${await closedPort()}/metrics` }),
  degraded: serving('jobs_waitng 3\n'),
  silent: async (t) => ({ metrics: `http://127.0.0.1:${await serveTcp(t, () => undefined)}/metrics` }),
  hostile: {
    'serves a page': serving('<html>\u001b[31m</html>'),
    'speaks no HTTP': async (t) => ({
      metrics: `http://127.0.0.1:${await serveTcp(t, (socket) => socket.end('\u001b[31mhello\n'))}/metrics`,
    }),
    'tells without end': async (t) => ({
      metrics: `http://127.0.0.1:${await serveHttp(t, (_request, response) => pourWithoutEnd(response))}/metrics`,
    }),
  },
  rejected: async (t) => {
    const port = await serveHttp(t, (_request, response) => void response.writeHead(401).end(PLANTED));
    return { metrics: `http://u:${PLANTED}@127.0.0.1:${port}/?key=${PLANTED}`, token: PLANTED };
  },
});

test('metrics: one that is read and not there is said, and one that only has no series yet is not', async (t) => {
  const text = '# TYPE http_requests_total counter\n# HELP took x\n# TYPE jobs counter\nup 1\n';
  const port = await serveHttp(t, (_request, response) => void response.end(text));
  const read = { rate: { rate: 'http_requests_total' }, p95: { quantile: 0.95, of: 'took' }, jobs: 'jobs_total' };
  const address = `http://127.0.0.1:${port}/metrics`;

  assert.equal((await follow({ metrics: address, read })())?.state, 'up');
  const result = await follow({ metrics: address, read: { ...read, up: 'up', typo: 'uptime' } })();
  assert.deepEqual([result?.state, result?.readings], ['degraded', { up: 1 }]);
  assert.equal(reasonOf(result), `127.0.0.1:${port}/metrics has no uptime, which is read from it.`);
});

test('metrics: what a real client library tells becomes rates, quantiles and values [MET-01/R]', async (t) => {
  const registers = [new Registry()];
  const requests = new Counter({ name: 'http_requests_total', help: 'x', labelNames: ['status'], registers });
  const took = new Histogram({ name: 'http_request_duration_seconds', help: 'x', buckets: [0.1, 0.2, 1], registers });
  const waiting = new Gauge({ name: 'jobs_waiting', help: 'x', labelNames: ['queue'], registers });
  const age = new Gauge({ name: 'job_age_seconds', help: 'x', labelNames: ['queue'], registers });
  requests.inc({ status: '200' }, 1_000);
  waiting.set({ queue: 'mail' }, 3);
  waiting.set({ queue: 'reports' }, 4);
  age.set({ queue: 'mail' }, 0.25);
  age.set({ queue: 'reports' }, 2);
  const port = await serveHttp(
    t,
    (_request, response) => void registers[0]?.metrics().then((text) => response.end(text)),
  );
  const look = follow({ metrics: `http://127.0.0.1:${port}/metrics`, read: READ });

  const first = await look();
  requests.inc({ status: '200' }, 15);
  requests.inc({ status: '500' }, 5);
  for (let count = 0; count < 20; count += 1) took.observe(0.15);
  const second = await look();

  assert.equal(first?.state, 'up');
  assert.deepEqual(first.readings, { queue: 7, oldest: 2_000 });
  assert.deepEqual(Object.keys(second?.readings ?? {}), ['error_rate', 'p95', 'queue', 'oldest']);
  assert.equal(second?.readings?.['error_rate'], 0.25);
  assert.ok(Math.abs((second.readings['p95'] ?? 0) - 195) < 1e-9);
  assert.ok((second.latencyMs ?? 0) > 0);
});

test('metrics: more series than anybody reads are refused before each is compared', async (t) => {
  const text = Array.from({ length: 20_001 }, (_, index) => `up{id="${index}"} 1\n`).join('');
  const port = await serveHttp(t, (_request, response) => void response.end(text));
  const address = `http://127.0.0.1:${port}/metrics`;

  assert.equal((await follow({ metrics: address })())?.state, 'up');
  const read = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`up${index}`, 'up']));
  assert.match(reasonOf(await follow({ metrics: address, read })()) ?? '', /more than 20000 series/);
});

test('metrics: the token is sent, and shown nowhere', async (t) => {
  const port = await serveHttp(t, ({ headers }, response) => {
    response.statusCode = headers.authorization === 'Bearer hush' ? 200 : 401;
    response.end('up 1\n');
  });
  const address = `http://127.0.0.1:${port}/metrics?key=hush`;

  const right = await follow({ metrics: address, token: 'hush', read: { up: 'up' } })();
  assert.deepEqual([right?.state, right?.readings], ['up', { up: 1 }]);
  assert.equal(
    reasonOf(await follow({ metrics: address, token: 'hushhush' })()),
    `127.0.0.1:${port}/metrics answered 401, expected 200.`,
  );
});

const ANSWERS: Readonly<Record<string, readonly [RequestListener, RegExp]>> = {
  'serves a page': [(_request, response) => response.end('<html>hush</html>'), /line 1 is no metric\.$/],
  'has nothing to tell': [(_request, response) => response.end('# nothing\n'), /there is not a single metric/],
  'tells without end': [(_request, response) => pourWithoutEnd(response), /sends more than 10 MB of metrics/],
  'has too many series': [
    (_request, response) => response.end('a 1\n'.repeat(100_001)),
    /there are more than 100000 series/,
  ],
  'is broken': [(_request, response) => response.writeHead(500).end('hush'), /answered 500, expected 200/],
};

for (const [name, [answer, reason]] of Object.entries(ANSWERS)) {
  test(`metrics: a service that ${name} is down`, async (t) => {
    const port = await serveHttp(t, answer);

    assert.match(reasonOf(await follow({ metrics: `http://127.0.0.1:${port}/metrics` })()), reason);
  });
}

test('metrics: a hundred thousand series are read within their limits', async (t) => {
  const body = Array.from({ length: 99_999 }, (_, index) => `a{path="/${index}",status="200"} 1\n`).join('');
  const port = await serveHttp(t, (_request, response) => response.end(body));

  const result = await follow({ metrics: `http://127.0.0.1:${port}/`, read: { a: 'a' } })();

  assert.deepEqual(result?.readings, { a: 99_999 });
});

test('metrics: a closed port is down', async () => {
  const where = `127.0.0.1:${await closedPort()}`;

  assert.equal(reasonOf(await follow({ metrics: `http://u:hush@${where}/` })()), `${where} refused the connection.`);
});

test('metrics: a service that says nothing is down at the deadline', async (t) => {
  const where = `127.0.0.1:${await serveTcp(t, () => undefined)}`;

  assert.equal(reasonOf(await follow({ metrics: `http://${where}/` }, 100)()), `${where} did not answer within 100ms.`);
});

/** Looks with one memory, as the scheduler does. */
function follow(settings: object, timeoutMs = 10_000): () => Promise<CheckResult | undefined> {
  const check = metrics.prepare(metrics.settings.parse(settings));
  const net = createNet({ policy: 'manifest', clock: systemClock });
  return () => check(fakeIo({ clock: systemClock, net, timeoutMs, signal: systemClock.timeout(timeoutMs) }));
}
