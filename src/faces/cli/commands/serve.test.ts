import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFakeCli } from '../../../../test/support/fake-cli.ts';

test('serve hands over what was typed and leaves the rest to the settings', async () => {
  const run = await runFakeCli(['serve', '--port', '8080', '--data-dir', 'data', '--roles', 'web, checks, delivery']);

  assert.equal(run.code, 0);
  assert.deepEqual(run.used, [
    [
      'serve',
      { manifest: undefined, port: 8080, host: undefined, dataDir: 'data', roles: ['web', 'checks', 'delivery'] },
    ],
  ]);
});

test('demo takes an address of its own', async () => {
  const run = await runFakeCli(['demo', '--port', '0']);

  assert.deepEqual(run.used, [['demo', { port: 0, host: undefined, dataDir: undefined, skipRehearsal: false }]]);
});
