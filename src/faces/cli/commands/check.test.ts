import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFakeCli, VALID_MANIFEST } from '../../../../test/support/fake-cli.ts';

const PROBLEM = {
  file: 'evenkeel.yaml',
  line: 3,
  column: 5,
  message: 'Unknown key "evry".',
  hint: 'Did you mean "every"?',
};
const WRITTEN = { ...PROBLEM, excerpt: '    evry: s3cret' };
const INVALID = { checkManifest: async () => ({ ...VALID_MANIFEST, problems: [WRITTEN] }) };

test('a good manifest is summed up in one line', async () => {
  const run = await runFakeCli(['check']);

  assert.deepEqual([run.code, run.out], [0, '✓ 14 services, 3 monitors, 5 variables; all good.\n']);
  assert.deepEqual(run.used, [['checkManifest', undefined]]);
});

test('a problem is shown where it stands, with what to do', async () => {
  const run = await runFakeCli(['check', '--no-color'], { offline: INVALID, columns: 80 });

  assert.equal(run.code, 2);
  assert.equal(
    run.out,
    `evenkeel.yaml:3:5  error: Unknown key "evry".
    3 │     evry: s3cret
      │     ^
  Did you mean "every"?

✗ 1 problem in evenkeel.yaml
`,
  );
});

test('without a file there is none to name in the last line', async () => {
  const checkManifest = async () => ({ ...VALID_MANIFEST, files: [], problems: [PROBLEM] });

  const run = await runFakeCli(['check'], { offline: { checkManifest } });

  assert.match(run.out, /\n✗ 1 problem\n$/);
});

test('the line itself stays out of pipes, which often end in a log: it may hold a secret', async () => {
  const run = await runFakeCli(['check'], { offline: INVALID });

  assert.match(run.out, /evenkeel\.yaml:3:5 {2}error: Unknown key "evry"\./);
  assert.doesNotMatch(run.out, /s3cret/);
});

test('warnings do not fail the check', async () => {
  const checkManifest = async () => ({ ...VALID_MANIFEST, warnings: [{ ...PROBLEM, line: null, column: null }] });

  const run = await runFakeCli(['check'], { offline: { checkManifest } });

  assert.equal(run.code, 0);
  assert.match(run.out, /^evenkeel\.yaml {2}warning: [^]*1 warning; it may be applied\.\n$/);
});

test('--json says whether it is valid and why not, as the API would', async () => {
  const run = await runFakeCli(['check', 'other.yaml', '--json'], { offline: INVALID });

  assert.equal(run.code, 2);
  assert.deepEqual(JSON.parse(run.out), { isValid: false, ...VALID_MANIFEST, problems: [PROBLEM] });
});
