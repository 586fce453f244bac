import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aTokenView } from '../../../../test/support/api-answers.ts';
import { runFakeCli } from '../../../../test/support/fake-cli.ts';

const SECRET = 'ek_api_1_abc';
const CREATED = {
  'POST /api/v1/tokens': {
    isDryRun: false,
    token: aTokenView({ expiresAt: '2026-12-20T12:00:00.000Z' }),
    secret: SECRET,
  },
};

test('create prints nothing but the secret on standard output', async () => {
  const run = await runFakeCli(['token', 'create', '--name', 'ci', '--role', 'operator', '--expires', '30d'], {
    answers: CREATED,
  });

  assert.equal(run.out, `${SECRET}\n`);
  assert.match(run.err, /Token ci \(tok_1\), role operator, valid until 2026-12-20/);
  assert.doesNotMatch(run.err, new RegExp(SECRET));
  assert.deepEqual(run.calls[0]?.[1], { name: 'ci', role: 'operator', expiresIn: '30d' });
});

test('create gives the least role unless told otherwise', async () => {
  const run = await runFakeCli(['token', 'create', '--name', 'grafana'], { answers: CREATED });

  assert.deepEqual(run.calls[0]?.[1], { name: 'grafana', role: 'viewer' });
});

test('create --dry-run asks the server to make none', async () => {
  const answers = { 'POST /api/v1/tokens': { isDryRun: true, token: aTokenView(), secret: null } };

  const run = await runFakeCli(['token', 'create', '--name', 'ci', '--dry-run'], { answers });

  assert.deepEqual([run.code, run.out], [0, '']);
  assert.deepEqual(run.calls[0]?.[1], { name: 'ci', role: 'viewer', dryRun: true });
  assert.match(run.err, /Would make the token ci/);
});

test('create makes the token of a probe for its location, and asks for none without one', async () => {
  const token = aTokenView({ name: 'fra', kind: 'probe', role: 'public', location: 'fra' });
  const answers = { 'POST /api/v1/tokens': { isDryRun: false, token, secret: SECRET } };

  const run = await runFakeCli(['token', 'create', '--name', 'fra', '--kind', 'probe', '--location', 'fra'], {
    answers,
  });
  const without = await runFakeCli(['token', 'create', '--name', 'fra', '--kind', 'probe'], { answers });

  assert.deepEqual(run.calls[0]?.[1], { name: 'fra', location: 'fra' });
  assert.match(run.err, /Token fra \(tok_1\), for the probe in fra, valid until it is revoked/);
  assert.deepEqual([without.code, without.calls.length], [2, 0]);
});

const TOKENS = {
  'GET /api/v1/tokens': {
    tokens: [
      aTokenView({ lastUsedAt: '2026-11-20T11:50:00.000Z' }),
      aTokenView({ id: 'tok_2', name: 'old', expiresAt: '2026-11-20T12:00:00.000Z' }),
      aTokenView({ id: 'tok_3', name: 'gone', revokedAt: '2026-11-02T00:00:00.000Z' }),
    ],
  },
};

test('list leaves out what works no longer', async () => {
  const run = await runFakeCli(['token', 'list'], { answers: TOKENS });

  assert.match(run.out, /tok_1 {2}ci {4}operator {2}every {8}✓ no end {4}10m ago {2}admin socket/);
  assert.doesNotMatch(run.out, /tok_2|tok_3/);
});

test('list --all says why the others work no longer', async () => {
  const run = await runFakeCli(['token', 'list', '--all'], { answers: TOKENS });

  assert.match(run.out, /tok_2.*✗ expired[^]*tok_3.*✗ revoked/);
});

test('revoke --dry-run asks for nothing to be changed', async () => {
  const answers = { 'DELETE /api/v1/tokens/:id': { isDryRun: true, token: aTokenView() } };

  const run = await runFakeCli(['token', 'revoke', 'tok_1', '--dry-run'], { answers });

  assert.deepEqual(run.calls[0]?.[1], { id: 'tok_1', dryRun: true });
  assert.equal(run.out, 'Would revoke ci (tok_1), role operator.\n');
});
