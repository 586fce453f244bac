import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFakeCli } from '../../../../test/support/fake-cli.ts';
import { errors } from '../errors.ts';

for (const { status, code } of [
  { status: 'pass', code: 0 },
  { status: 'warn', code: 0 },
  { status: 'fail', code: 1 },
] as const) {
  test(`${status} exits with ${code}`, async () => {
    const run = await runFakeCli(['health'], { health: { status, database: status } });

    assert.equal(run.code, code);
    assert.match(run.out, new RegExp(`evenkeel {2}. ${status}\n {2}database {2}. ${status}`));
  });
}

test('a server that does not answer is unhealthy, as Docker expects it', async () => {
  const unreachable = errors.CLI_SERVER_UNREACHABLE({ where: '/s', cause: 'ENOENT' });

  const run = await runFakeCli(['health', '--json'], { health: unreachable });

  assert.equal(run.code, 1);
  assert.deepEqual(JSON.parse(run.out), { status: 'fail', output: unreachable.message });
});

test('a wrong address is a mistake to mend, not a health', async () => {
  const run = await runFakeCli(['health'], { health: errors.CLI_URL_INVALID({ problem: 'it carries a query' }) });

  assert.equal(run.code, 2);
});

test('is about the server, unless the application is asked for', async () => {
  const own = await runFakeCli(['health']);
  const application = await runFakeCli(['health', '--application', '--detail']);

  assert.deepEqual(own.calls, [['GET /health', { isDetailed: false }]]);
  assert.deepEqual(application.calls, [['GET /api/health', { isDetailed: true }]]);
});

test('details are told one line each', async () => {
  const check = { componentId: 'api', componentType: 'http', status: 'fail', output: 'HTTP 503' };

  const run = await runFakeCli(['health', '--application', '--detail'], {
    health: {
      status: 'fail',
      external: { mail: 'pass' },
      notes: ['engine sqlite'],
      checks: { 'api:responseTime': [check] },
    },
  });

  assert.equal(run.out, 'application  ✗ fail\n  mail   ✓ pass\n  notes  engine sqlite\n  api    ✗ fail  HTTP 503\n');
});
