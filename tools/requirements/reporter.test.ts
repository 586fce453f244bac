import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const SAMPLE = `
import { suite, test } from 'node:test';
suite('inside', () => test('passes [HLT-01/R] [HLT-02/R]', () => {}));
test('fails [HLT-03/R]', () => { throw new Error('no'); });
test('is skipped [HLT-04/R]', { skip: true }, () => {});
test('is still to do [HLT-05/R]', { todo: true }, () => {});
test('claims nothing', () => {});
`;

test('the reporter writes down each claim and whether its test passed', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-reporter-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'sample.test.mjs'), SAMPLE);

  const reporter = path.join(import.meta.dirname, 'reporter.ts');
  const { NODE_TEST_CONTEXT: _ofThisRun, ...env } = process.env;
  const run = spawnSync(process.execPath, ['--test', `--test-reporter=${reporter}`], { cwd: folder, env });

  const proofs = String(run.stdout)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    proofs.map(({ claim, passed, file }) => [claim, passed, file]),
    [
      ['HLT-01/R', true, 'sample.test.mjs'],
      ['HLT-02/R', true, 'sample.test.mjs'],
      ['HLT-03/R', false, 'sample.test.mjs'],
      ['HLT-04/R', false, 'sample.test.mjs'],
      ['HLT-05/R', false, 'sample.test.mjs'],
    ],
  );
});
