import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFakeCli } from '../../../../test/support/fake-cli.ts';
import { monitorTypes } from '../../../monitoring/index.ts';

test('monitor types lists every type with what it does', async () => {
  const { code, out } = await runFakeCli(['monitor', 'types']);

  assert.equal(code, 0);
  for (const { type, summary } of await monitorTypes.loadAll())
    assert.ok(out.includes(`${type} `) && out.includes(summary), type);
});

test('monitor types TYPE shows its keys, each with its meaning, and an example that can be copied', async () => {
  const { out } = await runFakeCli(['monitor', 'types', 'redis']);

  assert.match(out, /^redis: Logs in/);
  assert.match(out, /^ {2}verify_tls +Whether the certificate must be valid/m);
  assert.match(out, /^monitors:\n {2}cache: \{ redis: /m);
});

test('monitor types answers programs as well', async () => {
  const { out } = await runFakeCli(['monitor', 'types', 'tcp', '--json']);

  const { types } = JSON.parse(out);
  assert.deepEqual([types.length, types[0].type, Object.keys(types[0].keys)[0]], [1, 'tcp', 'tcp']);
});

test('a type that does not exist is refused with the nearest one', async () => {
  const { code, err } = await runFakeCli(['monitor', 'types', 'postgre']);

  assert.notEqual(code, 0);
  assert.match(err, /postgres/);
});
