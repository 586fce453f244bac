import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROLES } from '../../src/contracts/roles.ts';
import { routes } from '../../src/faces/http/index.ts';
import { type Caller, openHttpFace, PING_KEY } from '../support/http-face.ts';

const CALLERS: readonly (Caller | 'public')[] = [...ROLES, 'probe', 'wrong', 'expired', 'revoked'];

test('every route lets in exactly the roles it names, and no wrong, expired or revoked token', async (t) => {
  const { ask } = await openHttpFace(t, { options: { limits: { api: 10_000, health: 10_000, ping: 10_000 } } });
  const wrong: string[] = [];

  for (const route of routes) {
    for (const caller of CALLERS) {
      const target = route.path
        .replace(':key', PING_KEY)
        .replace(':word', 'start')
        .replace(':slug', 'nightly')
        .replace(':name', 'web')
        .replace(':id', 'tok_none');
      const { status } = await ask(route.method, target, caller === 'public' ? {} : { as: caller });

      const expected = expectedOf(route, caller);
      const isLetIn = status !== 401 && status !== 403;
      if (expected === 'in' ? !isLetIn : status !== expected)
        wrong.push(`${route.method} ${target} as ${caller}: ${status}`);
    }
  }

  assert.deepEqual(wrong, []);
  assert.ok(routes.length >= 25);
});

function expectedOf(route: (typeof routes)[number], caller: Caller | 'public'): 'in' | 401 | 403 {
  if (caller === 'wrong' || caller === 'expired' || caller === 'revoked') return 401;
  if (caller === 'probe') return route.role === 'public' ? 'in' : 403;
  const isEnough = route.isForProbes !== true && ROLES.indexOf(caller) >= ROLES.indexOf(route.role);
  if (isEnough) return 'in';
  return caller === 'public' ? 401 : 403;
}

test('a refusal says what is missing and how to get it', async (t) => {
  const { ask } = await openHttpFace(t);

  const without = await ask('GET', '/api/v1/monitors');
  const tooLow = await ask('GET', '/api/v1/tokens', { as: 'operator' });

  assert.equal(without.json.error.code, 'HTTP_TOKEN_MISSING');
  assert.equal(without.headers['www-authenticate'], 'Bearer');
  assert.match(without.json.error.hint, /evenkeel token create/);
  assert.equal(tooLow.json.error.code, 'HTTP_ROLE_MISSING');
  assert.match(tooLow.json.error.message, /"owner".*"operator"/);
});

test('a token in the address is not a token: it would end up in logs', async (t) => {
  const { ask, secretOf } = await openHttpFace(t);

  const { status } = await ask('GET', `/metrics?token=${await secretOf('owner')}`);

  assert.equal(status, 401);
});

test('a revoked token stops working with the next request', async (t) => {
  const { ask, identity } = await openHttpFace(t);
  assert.equal((await ask('GET', '/api/v1/self', { as: 'viewer' })).status, 200);
  const token = (await identity.tokens()).find(({ name }) => name === 'viewer');

  const revoked = await ask('DELETE', `/api/v1/tokens/${token?.id}`, { as: 'owner' });

  assert.equal(revoked.status, 200);
  assert.equal((await ask('GET', '/api/v1/self', { as: 'viewer' })).status, 401);
});

test('every change and every refusal is in the audit trail, and reading is not', async (t) => {
  const { ask } = await openHttpFace(t);
  await ask('GET', '/api/v1/self', { as: 'viewer' });
  await ask('POST', '/api/v1/monitors/web/run', { as: 'viewer' });
  await ask('POST', '/api/v1/monitors/web/run', { as: 'operator' });
  await ask('POST', '/api/v1/monitors/none/run', { as: 'operator' });
  await ask('GET', '/api/v1/tokens');
  await ask('POST', `/ping/${PING_KEY}`, { as: 'wrong' });

  const { json, text } = await ask('GET', '/api/v1/audit', { as: 'owner' });

  const lines: string[] = json.entries.map((entry: Record<string, string>) =>
    [entry['actor'], entry['action'], entry['subject'], entry['outcome'], entry['detail']].join(' | '),
  );
  assert.deepEqual(lines.toSorted(), [
    'anybody | GET /api/v1/tokens |  | refused | HTTP_TOKEN_MISSING',
    'anybody | POST /ping/:key |  | refused | TOKEN_INVALID',
    'token operator | POST /api/v1/monitors/:name/run | none | failed | HTTP_MONITOR_UNKNOWN',
    'token operator | POST /api/v1/monitors/:name/run | web | done | ',
    'token viewer | POST /api/v1/monitors/:name/run | web | refused | HTTP_ROLE_MISSING',
  ]);
  assert.ok(!text.includes(PING_KEY));
});

test('a flood of refused strangers is cut off in the audit trail', async (t) => {
  const { ask, identity } = await openHttpFace(t);

  await Promise.all(Array.from({ length: 130 }, () => ask('GET', '/api/v1/tokens')));

  // Two minutes may meet in this test, each with its own allowance of 60.
  assert.ok((await identity.audit.list({ limit: 500 })).length <= 120);
});
