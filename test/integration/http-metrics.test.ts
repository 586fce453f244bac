import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openHttpFace, PING_KEY } from '../support/http-face.ts';
import { watched } from '../support/public-facts.ts';

const PROMETHEUS_LINE = /^(?:#.*|[a-zA-Z_:][\w:]*(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*",?)*\})? \S+)$/;

test('/metrics tells Prometheus of every monitor [MET-01/R] [MET-02/R]', async (t) => {
  const { ask } = await openHttpFace(t, {
    watched: [
      watched({ name: 'web', latencyMs: 42 }),
      watched({ name: 'db', type: 'postgres', state: 'down', latencyMs: null, readings: { db_pool: 0.25 } }),
    ],
  });

  const { status, headers, text } = await ask('GET', '/metrics', { as: 'viewer' });

  assert.equal(status, 200);
  assert.match(String(headers['content-type']), /^text\/plain; version=/);
  const lines = text
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '');
  assert.deepEqual(
    lines.filter((line) => !PROMETHEUS_LINE.test(line)),
    [],
  );
  for (const line of [
    'evenkeel_monitor_state{monitor="web",type="http",state="up"} 1',
    'evenkeel_monitor_state{monitor="web",type="http",state="down"} 0',
    'evenkeel_monitor_state{monitor="db",type="postgres",state="down"} 1',
    'evenkeel_monitor_latency_seconds{monitor="web"} 0.042',
    'evenkeel_monitor_reading{monitor="db",reading="db_pool"} 0.25',
    'evenkeel_monitor_uptime_ratio{monitor="web",window="30d"} 1',
  ]) {
    assert.ok(lines.includes(line), line);
  }
  assert.match(text, /^evenkeel_monitor_last_check_timestamp_seconds\{monitor="web"\} \d+(\.\d+)?$/m);
  assert.match(text, /^process_resident_memory_bytes \d+$/m);
  assert.match(text, /^nodejs_eventloop_lag_p99_seconds /m);
  assert.doesNotMatch(text, /latency_seconds\{monitor="db"\}/);
});

test('requests are counted by route and never by address [MET-01/R]', async (t) => {
  const { ask } = await openHttpFace(t);
  await ask('GET', `/ping/${PING_KEY}`);
  await ask('GET', '/nothing/at/all');

  const { text } = await ask('GET', '/metrics', { as: 'viewer' });

  assert.match(
    text,
    /^evenkeel_http_request_duration_seconds_count\{method="GET",route="\/ping\/:key",status="200"\} 1$/m,
  );
  assert.match(text, /_count\{method="GET",route="unknown",status="404"\} 1$/m);
  assert.ok(!text.includes(PING_KEY));
});

test('gauges of others are read when asked for, and one that fails does not take the rest with it', async (t) => {
  const gauges = [
    { name: 'evenkeel_jobs_waiting', help: 'Jobs that wait.', read: () => 7 },
    { name: 'evenkeel_outbox_lag', help: 'Events not yet handled.', read: () => Promise.reject(new Error('no')) },
  ];
  const { ask } = await openHttpFace(t, { options: { gauges } });

  const { status, text } = await ask('GET', '/metrics', { as: 'viewer' });

  assert.equal(status, 200);
  assert.match(text, /^evenkeel_jobs_waiting 7$/m);
});
