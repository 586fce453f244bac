import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { ErrorView, ExportLine } from '../../src/faces/http/answers.ts';
import { routes } from '../../src/faces/http/index.ts';
import { openHttpFace, PING_KEY } from '../support/http-face.ts';

const WINDOW = { title: 'Move', reason: 'OPS-12' };

test('every JSON answer is exactly what the contract promises', async (t) => {
  const { ask, identity } = await openHttpFace(t);
  const { token } = await identity.createToken({ name: 'test', role: 'owner' }, { name: 'old', role: 'viewer' });
  const opened = await ask('POST', '/api/v1/maintenance', { as: 'owner', body: WINDOW });
  const bodies: Readonly<Record<string, object>> = {
    'POST /api/v1/tokens': { name: 'ci', role: 'viewer', expiresIn: '90d' },
    'POST /api/v1/monitors': { name: 'mail', entry: { tcp: 'mail.shop.example:25' } },
    'POST /api/v1/maintenance': WINDOW,
    'POST /api/v1/monitors/:name/past': { origin: 'Uptime Kuma', spans: [] },
    'POST /api/v1/monitors/:name/state': { state: 'down', because: 'The line is dead.' },
    'POST /api/v1/backups': { service: 'db' },
    'POST /api/v1/probe/results': { location: 'fra', version: '1', spool: 's', now: 1, gaps: [], results: [] },
    'POST /api/v1/backups/:id/restore': { name: 'shop_yesterday' },
  };
  const subjects = new Map([
    ['/api/v1/objectives/:name', 'api%20availability'],
    ['/api/push/:key', PING_KEY],
    ['/api/v1/backups/runs/:id', 'run_1'],
    ['/api/v1/tokens/:id', token.id],
    ['/api/v1/maintenance/:id/end', opened.json.window.id],
  ]);
  const checked: string[] = [];

  for (const route of routes) {
    if (route.type !== undefined && !/^application\/(?:health\+)?json/.test(route.type)) continue;
    const subject = subjects.get(route.path) ?? (route.path.includes(':id') ? 'bak_1' : 'nightly');
    const query = route.path === '/api/v1/probe/assignment' ? '?version=1' : '';
    const target = route.path.replace(/:\w+/, subject) + query;
    const body = bodies[`${route.method} ${route.path}`];
    const as = route.isForProbes === true ? 'probe' : 'owner';
    const { status, json } = await ask(route.method, target, { as, ...(body && { body }) });

    assert.ok(status < 300, `${route.method} ${target}: ${status} ${JSON.stringify(json)}`);
    const { error } = route.answer.safeParse(json);
    assert.equal(error, undefined, `${route.method} ${target}: ${error && z.prettifyError(error)}`);
    checked.push(route.path);
  }

  assert.ok(checked.length >= 25);
});

test('the status counts states and is as bad as the worst monitor', async (t) => {
  const { ask } = await openHttpFace(t);

  const { json } = await ask('GET', '/api/v1/status', { as: 'viewer' });

  assert.equal(json.app, 'shop');
  assert.equal(json.state, 'up');
  assert.deepEqual(json.counts, { up: 2, degraded: 0, down: 0, maintenance: 0, unknown: 0 });
  assert.deepEqual(json.platform.health, 'pass');
});

test('a monitor comes with as many days of history as are asked for', async (t) => {
  const { ask } = await openHttpFace(t);

  const { json } = await ask('GET', '/api/v1/monitors/web?days=7', { as: 'viewer' });

  assert.equal(json.history.days.length, 7);
  assert.match(json.history.days[0].date, /^\d{4}-\d\d-\d\d$/);
});

test('the address a job reports to is shown to operators, and to nobody below', async (t) => {
  const { ask } = await openHttpFace(t);

  const operator = await ask('GET', '/api/v1/monitors/nightly', { as: 'operator' });
  const viewer = await ask('GET', '/api/v1/monitors/nightly', { as: 'responder' });
  const pull = await ask('GET', '/api/v1/monitors/web', { as: 'owner' });

  assert.equal(operator.json.pingUrl, `https://status.shop.example/ping/${PING_KEY}`);
  assert.equal(viewer.json.pingUrl, null);
  assert.equal(pull.json.pingUrl, null);
});

for (const [method, target, code] of [
  ['GET', '/api/v1/monitors/none', 'HTTP_MONITOR_UNKNOWN'],
  ['GET', '/api/v1/monitors/none/results', 'HTTP_MONITOR_UNKNOWN'],
  ['POST', '/api/v1/monitors/none/run', 'HTTP_MONITOR_UNKNOWN'],
  ['DELETE', '/api/v1/tokens/tok_none', 'TOKEN_UNKNOWN'],
  ['GET', '/api/v1/nothing', 'HTTP_ROUTE_UNKNOWN'],
  ['PUT', '/api/v1/monitors', 'HTTP_ROUTE_UNKNOWN'],
] as const) {
  test(`${method} ${target} is not found, with ${code}`, async (t) => {
    const { ask } = await openHttpFace(t);

    const { status, json } = await ask(method, target, { as: 'owner' });

    assert.equal(status, 404);
    assert.equal(ErrorView.parse(json).error.code, code);
  });
}

test('a monitor that is misspelt is answered with the nearest name', async (t) => {
  const { ask } = await openHttpFace(t);

  const { json } = await ask('POST', '/api/v1/monitors/wbe/run', { as: 'operator' });

  assert.match(json.error.hint, /^Did you mean "web"\? List them with/);
});

for (const [what, method, target, body] of [
  ['days beyond the history', 'GET', '/api/v1/monitors/web?days=91'],
  ['a number that is none', 'GET', '/api/v1/monitors/web?days=many'],
  ['a misspelt parameter', 'GET', '/api/v1/monitors/web?day=7'],
  ['a parameter given twice', 'GET', '/api/v1/monitors/web?days=7&days=8'],
  ['a parameter where none is taken', 'GET', '/api/v1/status?x=1'],
  ['an instant that is none', 'GET', '/api/v1/monitors/web/results?since=yesterday'],
  ['too many results', 'GET', '/api/v1/monitors/web/results?limit=100000'],
  ['nothing to export', 'GET', '/api/v1/export'],
  ['something else to export', 'GET', '/api/v1/export?what=secrets'],
  ['an id that is none', 'DELETE', '/api/v1/tokens/1%20or%201'],
  ['a token without a name', 'POST', '/api/v1/tokens', { role: 'viewer' }],
  ['a token with an invented role', 'POST', '/api/v1/tokens', { name: 'x', role: 'god' }],
  ['a token for the public', 'POST', '/api/v1/tokens', { name: 'x', role: 'public' }],
  ['a token name with control characters', 'POST', '/api/v1/tokens', { name: 'x\u0007\n', role: 'viewer' }],
  ['an expiry that is no duration', 'POST', '/api/v1/tokens', { name: 'x', role: 'viewer', expiresIn: 'soon' }],
  ['an unknown field', 'POST', '/api/v1/tokens', { name: 'x', role: 'viewer', admin: true }],
  ['a polluted prototype', 'POST', '/api/v1/tokens', '{"name":"x","role":"viewer","__proto__":{"dryRun":true}}'],
  ['a list for a body', 'POST', '/api/v1/tokens', []],
  ['half a body', 'POST', '/api/v1/tokens', '{"name":'],
  ['a body of another type', 'POST', '/api/v1/manifest/reload', 'dryRun=yes'],
] as const) {
  test(`${what} is refused with 400 and nothing happens`, async (t) => {
    const { ask, identity, reloads } = await openHttpFace(t);
    const headers = typeof body === 'string' && body.startsWith('{') ? { 'content-type': 'application/json' } : {};

    const { status, json } = await ask(method, target, {
      as: 'owner',
      headers,
      ...(body === undefined ? {} : { body }),
    });

    assert.equal(status, 400, JSON.stringify(json));
    assert.match(ErrorView.parse(json).error.code, /^HTTP_(?:INPUT_INVALID|BODY_NOT_JSON)$/);
    assert.equal((await identity.tokens()).length, 1);
    assert.deepEqual(reloads, []);
  });
}

test('a path that cannot be decoded is refused', async (t) => {
  const { ask } = await openHttpFace(t);

  const { status, json } = await ask('GET', '/api/v1/monitors/%E0%A4%A', { as: 'owner' });

  assert.equal(status, 400);
  assert.equal(json.error.code, 'HTTP_REQUEST_INVALID');
});

test('a token is made, shown once, and works at once', async (t) => {
  const { ask } = await openHttpFace(t);

  const made = await ask('POST', '/api/v1/tokens', {
    as: 'owner',
    body: { name: 'ci', role: 'viewer', expiresIn: '1h' },
  });
  const headers = { authorization: `Bearer ${made.json.secret}` };
  const used = await ask('GET', '/api/v1/self', { headers });
  const listed = await ask('GET', '/api/v1/tokens', { as: 'owner' });

  assert.equal(made.status, 201);
  assert.equal(used.status, 200);
  assert.ok(!listed.text.includes(made.json.secret));
  assert.ok(
    listed.json.tokens.some(({ name, expiresAt }: Record<string, string>) => name === 'ci' && expiresAt !== null),
  );
});

test('a dry run makes, revokes and applies nothing', async (t) => {
  const { ask, identity, reloads } = await openHttpFace(t);
  const { token } = await identity.createToken({ name: 'test', role: 'owner' }, { name: 'old', role: 'viewer' });

  const made = await ask('POST', '/api/v1/tokens', { as: 'owner', body: { name: 'x', role: 'viewer', dryRun: true } });
  const revoked = await ask('DELETE', `/api/v1/tokens/${token.id}?dryRun=true`, { as: 'owner' });
  const reloaded = await ask('POST', '/api/v1/manifest/reload', { as: 'operator', body: { dryRun: true } });

  assert.deepEqual([made.status, made.json.isDryRun, made.json.secret], [200, true, null]);
  assert.deepEqual([revoked.status, revoked.json.isDryRun], [200, true]);
  assert.deepEqual([reloaded.status, reloaded.json.isDryRun], [200, true]);
  assert.deepEqual(reloads, [true]);
  const left = (await identity.tokens()).filter(({ revokedAt }) => revokedAt === null);
  assert.deepEqual(left.map(({ name }) => name).toSorted(), ['old', 'operator', 'owner']);
});

test('a job reports by any method and with any body', async (t) => {
  const { ask, pings } = await openHttpFace(t);

  await ask('GET', `/ping/${PING_KEY}/start`);
  await ask('POST', `/ping/${PING_KEY}`, { body: 'any text', headers: { 'content-type': 'text/weird' } });
  const { status, text } = await ask('POST', `/ping/${PING_KEY}/fail`, {
    body: '{',
    headers: { 'content-type': 'application/json' },
  });
  await ask('HEAD', `/ping/${PING_KEY}`);

  assert.deepEqual([status, text], [200, 'OK']);
  assert.deepEqual(pings, ['started', 'success', 'failure', 'success']);
});

for (const [what, lines] of [
  ['monitors', 2],
  ['changes', 1],
  ['results', 1_000],
] as const) {
  test(`an export of ${what} is one JSON object a line`, async (t) => {
    const { ask } = await openHttpFace(t);

    const { headers, text } = await ask('GET', `/api/v1/export?what=${what}`, { as: 'viewer' });

    assert.equal(headers['content-type'], 'application/x-ndjson');
    const parsed = text
      .trimEnd()
      .split('\n')
      .map((line) => ExportLine.parse(JSON.parse(line)));
    assert.equal(parsed.length, lines);
  });
}

test('a check that was not made is refused, and what was found before is not shown as if it were new', async (t) => {
  const { ask } = await openHttpFace(t, { checkNow: async () => null });

  const { status, json } = await ask('POST', '/api/v1/monitors/web/run', { as: 'operator' });

  assert.equal(status, 409);
  assert.equal(json.error.code, 'HTTP_MONITOR_NOT_ASKED');
});

test('a defect is logged with its cause, and the caller learns only where to look', async (t) => {
  const checkNow = async () => {
    throw new Error('password hunter2 was refused');
  };
  const { ask, log } = await openHttpFace(t, { checkNow });

  const { status, json, text, headers } = await ask('POST', '/api/v1/monitors/web/run', { as: 'owner' });

  assert.equal(status, 500);
  assert.equal(json.error.code, 'HTTP_DEFECT');
  assert.ok(!text.includes('hunter2'));
  const logged = log.lines.find(({ level }) => level === 'error');
  assert.match(String(logged?.data['error']), /hunter2/);
  assert.equal(logged?.data['request'], headers['x-request-id']);
});

test('answers forbid being kept, framed or guessed at, and never name Host', async (t) => {
  const { ask } = await openHttpFace(t);

  const { headers, text } = await ask('GET', '/health', { headers: { host: 'evil.example' } });

  assert.equal(headers['cache-control'], 'no-store');
  assert.match(String(headers['content-security-policy']), /default-src 'none'/);
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['strict-transport-security'], undefined);
  assert.ok(!`${JSON.stringify(headers)}${text}`.includes('evil.example'));
});

test('behind https, browsers are to insist on it here, and nowhere else', async (t) => {
  const { ask } = await openHttpFace(t, { options: { isHttps: true } });

  const { headers } = await ask('GET', '/health');

  assert.equal(headers['strict-transport-security'], 'max-age=31536000');
});

test('a token is for an environment that exists, by any of its names', async (t) => {
  const { ask } = await openHttpFace(t);
  const create = (environment: string) =>
    ask('POST', '/api/v1/tokens', {
      as: 'owner',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'ci', role: 'viewer', environment, dryRun: true }),
    });

  const [alias, unknown] = [await create('production'), await create('x\u{1b}[31m')];

  assert.equal(alias.json.token.environment, 'live');
  assert.equal(unknown.status, 400);
  assert.match(unknown.json.error.message, /environment/);
});

test('the interface describes itself', async (t) => {
  const { ask } = await openHttpFace(t);

  const { json } = await ask('GET', '/api/v1/openapi.json');

  assert.equal(json.openapi, '3.1.0');
  assert.equal(json.paths['/api/v1/monitors/{name}'].get['x-role'], 'viewer');
});
