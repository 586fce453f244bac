import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFakeCli } from '../../../../test/support/fake-cli.ts';

const FOUND = {
  proposeManifest: async () => ({
    text: '# What was found\napp: shop\n',
    findings: [
      { what: 'service db', why: 'compose.yaml runs postgres:16' },
      { what: 'app', why: 'the name in package.json' },
    ],
  }),
};

test('writes what it proposes and says what it found and why', async () => {
  const run = await runFakeCli(['init'], { offline: FOUND });

  assert.equal(run.code, 0);
  assert.equal(run.files.get('/project/evenkeel.yaml'), '# What was found\napp: shop\n');
  assert.match(run.err, /service db {2}compose\.yaml runs postgres:16\n {2}app {9}the name/);
  assert.match(run.err, /evenkeel check[^]*evenkeel serve/);
});

test('never overwrites a file', async () => {
  const run = await runFakeCli(['init'], { offline: FOUND, files: { '/project/evenkeel.yaml': 'mine' } });

  assert.equal(run.code, 5);
  assert.equal(run.files.get('/project/evenkeel.yaml'), 'mine');
  assert.match(run.err, /CLI_FILE_EXISTS/);
});

test('--dry-run prints the file and writes none', async () => {
  const run = await runFakeCli(['init', '--dry-run'], { offline: FOUND });

  assert.equal(run.out, '# What was found\napp: shop\n');
  assert.equal(run.files.size, 0);
});

test('--output chooses the place', async () => {
  const run = await runFakeCli(['init', '--output', 'ops/evenkeel.yaml'], { offline: FOUND });

  assert.deepEqual([...run.files.keys()], ['/project/ops/evenkeel.yaml']);
});
