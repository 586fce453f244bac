import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causesOf, fingerprintsOf, isDescribed } from './names.ts';

const described = {
  monitors: [
    { name: 'backend', was: ['api', 'web'] },
    { name: 'web', was: [] },
  ],
  backups: [{ name: 'db', was: ['postgres'] }],
};

test('what was renamed is known by its earlier names too, unless one of them means something else by now', () => {
  assert.deepEqual(fingerprintsOf('monitor:backend', described), ['monitor:backend', 'monitor:api']);
  assert.deepEqual(fingerprintsOf('proof:db', described), ['proof:db', 'proof:postgres']);
  assert.deepEqual(fingerprintsOf('monitor:gone', described), ['monitor:gone']);
  assert.deepEqual(causesOf('backend', described), ['backend', 'api']);
  assert.deepEqual(causesOf('backup of db', described), ['backup of db']);
});

test('what neither has nor had a name in the manifest is not described', () => {
  const known = ['monitor:web', 'monitor:api', 'monitor:db', 'backup:db', 'backup:postgres', 'backup:web'] as const;

  assert.deepEqual(
    known.filter((fingerprint) => isDescribed(fingerprint, described)),
    ['monitor:web', 'monitor:api', 'backup:db', 'backup:postgres'],
  );
});
