import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFakeCli } from '../../../../test/support/fake-cli.ts';

test('probe runs in the folder it is told', async () => {
  const run = await runFakeCli(['probe', '--data-dir', '/var/lib/probe']);

  assert.equal(run.code, 0);
  assert.deepEqual(run.used, [['probe', { dataDir: '/var/lib/probe' }]]);
});
