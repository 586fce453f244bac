import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openHttpFace, PING_KEY } from '../support/http-face.ts';

const RUN = '0B5C1A9E-9d07-4bdb-8b36-3a2a1f8f1d11';

test('a job reports as to Healthchecks, by whatever method and with whatever body', async (t) => {
  const { ask, told } = await openHttpFace(t);
  const asked: readonly (readonly [method: string, address: string, body?: string])[] = [
    ['GET', `/ping/${PING_KEY}`],
    ['HEAD', `/ping/${PING_KEY}`],
    ['POST', `/ping/${PING_KEY}`, '{"outcome":"failure"}'],
    ['GET', `/ping/${PING_KEY}/start?rid=${RUN}`],
    ['POST', `/ping/${PING_KEY}/fail`, 'the output'],
    ['POST', `/ping/${PING_KEY}/log`, 'half of it'],
    ['GET', `/ping/${PING_KEY}/0`],
    ['GET', `/ping/${PING_KEY}/255?rid=${RUN}`],
    ['GET', `/ping/${PING_KEY}/nightly`],
    ['HEAD', `/ping/${PING_KEY}/nightly/start`],
    ['GET', `/ping/${PING_KEY}/nightly/3`],
  ];

  for (const [method, address, body] of asked) {
    const { status, text, headers } = await ask(method, address, {
      ...(body !== undefined && { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    });
    assert.deepEqual([status, text], [200, method === 'HEAD' ? '' : 'OK'], address);
    assert.match(headers['content-type'] ?? '', /^text\/plain/);
  }

  const run = RUN.toLowerCase();
  assert.deepEqual(JSON.parse(JSON.stringify(told)), [
    { outcome: 'success' },
    { outcome: 'success' },
    { outcome: 'success', body: '{"outcome":"failure"}' },
    { outcome: 'started', run },
    { outcome: 'failure', body: 'the output' },
    { outcome: 'log', body: 'half of it' },
    { outcome: 'success', exitStatus: 0 },
    { outcome: 'failure', exitStatus: 255, run },
    { outcome: 'success' },
    { outcome: 'started' },
    { outcome: 'failure', exitStatus: 3 },
  ]);
});

for (const address of ['wrong', `${PING_KEY}/256`, `${PING_KEY}/begin`, `${PING_KEY}/nightly/256`, 'wrong/start']) {
  test(`nobody waits at /ping/${address}`, async (t) => {
    const { ask, told } = await openHttpFace(t);

    const { status, text } = await ask('GET', `/ping/${address}`);

    assert.deepEqual([status, text, told.length], [404, 'not found', 0]);
  });
}

test('the id of a run is a UUID', async (t) => {
  const { ask, told } = await openHttpFace(t);

  const { status, text } = await ask('GET', `/ping/${PING_KEY}/start?rid=first`);

  assert.deepEqual([status, text, told.length], [400, 'invalid uuid format', 0]);
});

test('a script reports as to Uptime Kuma, and is answered as by it', async (t) => {
  const { ask, told } = await openHttpFace(t);

  for (const query of [
    '',
    '?status=',
    '?status=up&msg=OK&ping=',
    '?status=up&msg=OK&ping=12.5',
    '?status=down&msg=disk%20full',
  ]) {
    const { status, json } = await ask('GET', `/api/push/${PING_KEY}${query}`);
    assert.deepEqual([status, json], [200, { ok: true }]);
  }
  const posted = await ask('POST', `/api/push/${PING_KEY}?status=pending`, { body: 'x' });
  const wrong = await ask('GET', '/api/push/wrong?status=up');

  assert.equal(posted.status, 200);
  assert.deepEqual([wrong.status, wrong.json], [404, { ok: false, msg: 'Monitor not found or not active.' }]);
  assert.deepEqual(told, [
    { outcome: 'success' },
    { outcome: 'success' },
    { outcome: 'success', message: 'OK' },
    { outcome: 'success', message: 'OK', latencyMs: 12.5 },
    { outcome: 'failure', message: 'disk full' },
    { outcome: 'failure' },
  ]);
});

test('what a script writes behind the address that Kuma shows is heard, and is not refused', async (t) => {
  const { ask, told } = await openHttpFace(t);
  const shown = `/api/push/${PING_KEY}?status=up&msg=OK&ping=`;

  for (const more of ['&ping=12', '&msg=half', '&status=down']) {
    assert.equal((await ask('GET', shown + more)).status, 200, more);
  }

  assert.deepEqual(told, [
    { outcome: 'success', message: 'OK', latencyMs: 12 },
    { outcome: 'success', message: 'half' },
    { outcome: 'failure', message: 'OK' },
  ]);
});

test('what a job sent is shown to operators, and to nobody below', async (t) => {
  const { ask } = await openHttpFace(t);

  const operator = await ask('GET', '/api/v1/monitors/nightly', { as: 'operator' });
  const responder = await ask('GET', '/api/v1/monitors/nightly', { as: 'responder' });
  const pull = await ask('GET', '/api/v1/monitors/web', { as: 'owner' });

  assert.equal(operator.json.pings[0].body, 'df');
  assert.deepEqual([responder.json.pings, pull.json.pings], [null, null]);
  assert.ok(!responder.text.includes('disk full'));
});

test('the parts of a monitor are shown to viewers', async (t) => {
  const { ask } = await openHttpFace(t);

  const { json } = await ask('GET', '/api/v1/monitors/web', { as: 'viewer' });

  assert.deepEqual(json.parts, [{ name: 'db', state: 'down', detail: 'no connection' }]);
});

test('only an operator says how something is, in one line, and it is written down who did', async (t) => {
  const { ask } = await openHttpFace(t);
  const address = '/api/v1/monitors/web/state';

  const responder = await ask('POST', address, { as: 'responder', body: { state: 'down' } });
  const lines = await ask('POST', address, { as: 'operator', body: { state: 'down', because: 'a\nb' } });
  const said = await ask('POST', address, { as: 'operator', body: { state: 'down', because: 'It rains in.' } });
  const { text } = await ask('GET', '/api/v1/audit', { as: 'owner' });

  assert.deepEqual([responder.status, lines.status, said.status], [403, 400, 200]);
  assert.deepEqual([said.json.said.state, said.json.said.because], ['down', 'It rains in.']);
  assert.match(text, /"actor":"token operator".*POST \/api\/v1\/monitors\/:name\/state/);
});

test('no key of a job is logged, nor what it sent', async (t) => {
  const { ask, log } = await openHttpFace(t);

  for (const address of [
    `/ping/${PING_KEY}`,
    `/ping/${PING_KEY}/nope`,
    `/api/push/${PING_KEY}`,
    `/api/push/${PING_KEY}x`,
  ]) {
    await ask('POST', address, { body: 'hush' });
  }
  const { text } = await ask('GET', '/api/v1/audit', { as: 'owner' });

  assert.ok(!JSON.stringify([log.lines, text]).includes(PING_KEY));
  assert.doesNotMatch(JSON.stringify([log.lines, text]), /hush/);
});
