import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { completed, type Lockfile, missingFrom } from './complete.ts';

const LOCK: Lockfile = {
  packages: {
    '': {},
    'node_modules/linter': {
      version: '1.2.0',
      dev: true,
      optionalDependencies: {
        '@linter/linux-x64-gnu': '1.2.0',
        '@linter/linux-x64-musl': '1.2.0',
        '@linter/win32-x64': '1.2.0',
      },
    },
    'node_modules/@linter/linux-x64-gnu': { version: '1.2.0', dev: true, optional: true },
  },
};

test('package-lock.json knows every platform, so that npm ci works on each; otherwise: node tools/lockfile.ts', () => {
  const lock: Lockfile = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../package-lock.json'), 'utf8'));

  assert.deepEqual(Object.keys(missingFrom(lock)), []);
});

test('what a mirror did not have is added with its version and its platform', () => {
  assert.deepEqual(missingFrom(LOCK), {
    'node_modules/@linter/linux-x64-musl': {
      version: '1.2.0',
      cpu: ['x64'],
      dev: true,
      libc: ['musl'],
      optional: true,
      os: ['linux'],
    },
    'node_modules/@linter/win32-x64': { version: '1.2.0', cpu: ['x64'], dev: true, optional: true, os: ['win32'] },
  });
});

test('what is there stays as it is, and a whole file stays whole', () => {
  const whole = completed(LOCK);

  assert.equal(whole.packages['node_modules/linter'], LOCK.packages['node_modules/linter']);
  assert.deepEqual(missingFrom(whole), {});
  assert.deepEqual(completed(whole), whole);
});

test('a package that does not say for which platform it is cannot be guessed', () => {
  const lock = { packages: { 'node_modules/a': { optionalDependencies: { sharp: '1.0.0' } } } };

  assert.throws(() => missingFrom(lock), /For which platform is sharp/);
});
