import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aSelfView } from '../../../../test/support/api-answers.ts';
import { runFakeCli } from '../../../../test/support/fake-cli.ts';
import type { ManifestView } from '../../http/contract.ts';

const MANIFEST: ManifestView = {
  isLoaded: true,
  app: 'shop',
  environment: 'live',
  digest: 'abc',
  appliedAt: '2026-11-20T11:00:00.000Z',
  files: ['evenkeel.yaml'],
  services: 14,
  monitors: 3,
  warnings: [],
  rejected: null,
};
const DOWN = {
  planMigration: async () => ({ database: 'evenkeel.db', direction: 'down', steps: ['status/b', 'status/a'] }) as const,
};

test('status tells what is running and what it works on', async () => {
  const answers = { 'GET /api/v1/self': aSelfView(), 'GET /api/v1/manifest': MANIFEST };

  const run = await runFakeCli(['self', 'status'], { answers });

  assert.match(run.out, /running {6}for 1h, since 2026-11-20 11:00:00Z, process 4711/);
  assert.match(run.out, /memory {7}98 MB[^]*manifest {5}✓ 14 services, 3 monitors/);
});

test('status says when the newest manifest was refused', async () => {
  const rejected = { at: '2026-11-20T11:30:00.000Z', problems: [] };
  const answers = { 'GET /api/v1/self': aSelfView(), 'GET /api/v1/manifest': { ...MANIFEST, rejected } };

  const run = await runFakeCli(['self', 'status'], { answers });

  assert.match(run.out, /✗ the newest was refused .* `evenkeel check`/);
});

test('migrate takes nothing back without the name of the database', async () => {
  const run = await runFakeCli(['self', 'migrate', '--down-to', 'status/0'], { offline: DOWN });

  assert.equal(run.code, 2);
  assert.deepEqual(run.used, []);
  assert.match(run.err, /takes back 2 steps in evenkeel\.db[^]*--confirm evenkeel\.db/);
});

test('migrate takes back what was confirmed', async () => {
  const run = await runFakeCli(['self', 'migrate', '--down-to', 'status/0', '--confirm', 'evenkeel.db'], {
    offline: DOWN,
  });

  assert.deepEqual([run.code, run.used], [0, [['migrate', 'status/0']]]);
});

test('migrate --dry-run lists the steps and changes nothing', async () => {
  const run = await runFakeCli(['self', 'migrate', '--down-to', 'status/0', '--dry-run'], { offline: DOWN });

  assert.deepEqual([run.code, run.used], [0, []]);
  assert.equal(run.out, '  - status/b\n  - status/a\nWould take back 2 steps in evenkeel.db.\n');
});
