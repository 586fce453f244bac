import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFakeCli } from '../../../../test/support/fake-cli.ts';
import { defineErrors } from '../../../kernel/errors.ts';

test('create prints on standard output only what belongs into evenkeel.yaml', async () => {
  const run = await runFakeCli(['key', 'create']);

  assert.deepEqual(run.used, [['createKeys', { folder: '/project/keys', isDryRun: false }]]);
  assert.equal(run.out, 'keys:\n  recipients: ["age1platform", "age1offline"]\n');
  assert.match(run.err, /Made 2 keys in \/project\/keys[^]*offline\.agekey {3}Opens backups when the server is lost\./);
});

test('create --dry-run writes nothing', async () => {
  const createKeys = async ({ folder, isDryRun }: { folder: string; isDryRun: boolean }) => {
    assert.ok(isDryRun);
    return { folder, keys: [{ file: 'signing.pem', use: 'Signs.', place: 'Here.', publicKey: null }], manifest: null };
  };

  const run = await runFakeCli(['key', 'create', '--folder', '/etc/keys', '--dry-run'], { offline: { createKeys } });

  assert.deepEqual([run.code, run.out], [0, '']);
  assert.match(run.err, /Would make 1 key in \/etc\/keys/);
});

test('create never overwrites: the refusal is the exit code', async () => {
  const errors = defineErrors({ KEYS_X: { kind: 'conflict', message: 'There are keys.', hint: 'Look.' } });
  const createKeys = async () => Promise.reject(errors.KEYS_X({}));

  const run = await runFakeCli(['key', 'create'], { offline: { createKeys } });

  assert.deepEqual([run.code, run.out], [5, '']);
});

test('show tells the public halves and what they are for', async () => {
  const run = await runFakeCli(['key', 'show', '--folder', 'k']);

  assert.deepEqual(run.used, [['showKeys', { folder: '/project/k' }]]);
  assert.match(run.out, /^offline\.agekey {3}Opens backups when the server is lost\. {6}age1offline$/m);
});

for (const verb of ['create', 'show']) {
  test(`${verb} --json is one document with the public keys`, async () => {
    const run = await runFakeCli(['key', verb, '--json']);

    assert.deepEqual(
      JSON.parse(run.out).keys.map(({ publicKey }: Record<string, string>) => publicKey),
      ['age1platform', 'age1offline'],
    );
    assert.equal(run.err, '');
  });
}
