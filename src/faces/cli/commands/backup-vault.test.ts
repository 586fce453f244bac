import assert from 'node:assert/strict';
import { test } from 'node:test';
import { A_VAULT_BACKUP, runFakeCli } from '../../../../test/support/fake-cli.ts';
import { defineErrors } from '../../../kernel/errors.ts';
import type { VaultRestoreOptions, VaultVerifyOptions } from '../offline-vault.ts';

const VAULT = ['--vault', 'vault', '--identity', 'offline.agekey', '--signer', 'ed25519:a, ed25519:b'];
const SELECTION = {
  vault: '/project/vault',
  backup: { by: 'service', service: 'db' },
  identityFile: '/project/offline.agekey',
  signers: ['ed25519:a', 'ed25519:b'],
};

const errors = defineErrors({
  BACKUP_UNKNOWN: { kind: 'not_found', message: 'There is no backup {id}.', hint: 'List them.' },
});

test('list --vault looks into the folder and asks no server', async () => {
  const listVault = async () => ({
    where: '/project/vault',
    backups: [A_VAULT_BACKUP, { ...A_VAULT_BACKUP, id: 'bak_1', isSignatureTrusted: false }],
    incomplete: [{ folder: 'shop/live/db/2026/11/21/x', reason: 'manifest.json is missing' }],
  });

  const run = await runFakeCli(['backup', 'list', '--vault', 'vault'], { offline: { listVault } });

  assert.deepEqual([run.code, run.calls], [0, []]);
  assert.match(run.out, /^bak_2 {3}db {7}2026-11-20 02:00:00Z {2}10h ago {2}41 MB {2}✓ known/m);
  assert.match(run.out, /^bak_1 .*\? unknown/m);
  assert.equal(run.err, '✗ no complete backup  shop/live/db/2026/11/21/x: manifest.json is missing\n');
});

test('list --vault hands over the folder and the service, and prints JSON', async () => {
  const run = await runFakeCli(['backup', 'list', 'db', '--vault', '/mnt/vault', '--json']);

  assert.deepEqual(run.used, [['listVault', { vault: '/mnt/vault', service: 'db' }]]);
  assert.equal(JSON.parse(run.out).backups[0].id, 'bak_2');
});

test('list --vault --limit shows the newest only', async () => {
  const listVault = async () => ({ where: '/mnt', backups: [A_VAULT_BACKUP, A_VAULT_BACKUP], incomplete: [] });

  const run = await runFakeCli(['backup', 'list', '--vault', '/mnt', '--limit', '1', '--json'], {
    offline: { listVault },
  });

  assert.equal(JSON.parse(run.out).backups.length, 1);
});

test('list --vault of a folder without backups says so', async () => {
  const listVault = async () => ({ where: '/tmp', backups: [], incomplete: [] });

  const run = await runFakeCli(['backup', 'list', '--vault', '/tmp'], { offline: { listVault } });

  assert.match(run.err, /no complete backup in \/tmp/);
});

test('verify --vault reads the backup with the keys that were named', async () => {
  const run = await runFakeCli(['backup', 'verify', 'latest:db', '--prove', ...VAULT]);

  const [ability, { onProgress, ...options }] = run.used[0] as [string, VaultVerifyOptions];
  assert.equal(ability, 'verifyInVault');
  assert.deepEqual(options, { ...SELECTION, isProof: true, isDryRun: false });
  assert.equal(typeof onProgress, 'function');
  assert.deepEqual(run.calls, []);
  assert.equal(run.out, '✓ bak_2 of db: read to its end, took 14s\n  12 tables, 48,102 rows, all as they were.\n');
});

test('verify --vault without a key warns that nothing was opened, and does not exit with 0', async () => {
  const said = 'There was no private key to open it with.';
  const verifyInVault = async () =>
    ({ backup: A_VAULT_BACKUP, level: 'stored', findings: [said], tookMs: 1_000 }) as const;
  const argv = ['backup', 'verify', 'db', '--vault', 'vault'];

  const run = await runFakeCli(argv, { offline: { verifyInVault } });
  const dry = await runFakeCli([...argv, '--dry-run'], { offline: { verifyInVault } });
  const json = await runFakeCli([...argv, '--json'], { offline: { verifyInVault } });

  assert.deepEqual([run.code, dry.code, json.code], [1, 0, 1]);
  assert.match(run.out, /^! bak_2 of db: .*but not opened.*--identity/);
});

for (const argv of [
  ['backup', 'list', 'dbb'],
  ['backup', 'verify', 'latest:dbb'],
  ['backup', 'restore', 'dbb', '--to', 'x.db'],
]) {
  test(`${argv.join(' ')} --vault names the service that was probably meant`, async () => {
    const unknown = async () => {
      throw errors.BACKUP_UNKNOWN({ id: 'of dbb' });
    };
    const listVault = async ({ service }: { readonly service: string | undefined }) => ({
      where: '/mnt',
      backups: service === undefined ? [A_VAULT_BACKUP] : [],
      incomplete: [],
    });

    const run = await runFakeCli([...argv, '--vault', '/mnt'], {
      offline: { listVault, verifyInVault: unknown, restoreFromVault: unknown },
    });

    assert.equal(run.code, 4);
    assert.match(run.err, /There is no backup of dbb in \/mnt\.[^]*Did you mean "db"\?/);
  });
}

test('verify --vault --dry-run says what it would read', async () => {
  const run = await runFakeCli(['backup', 'verify', 'db', '--vault', 'vault', '--dry-run']);

  assert.partialDeepStrictEqual(run.used, [['verifyInVault', { isDryRun: true }]]);
  assert.equal(run.out, 'Would read bak_2 of db to its end.\n');
});

test('verify --vault shows how far it is', async () => {
  const verifyInVault = async ({ onProgress }: VaultVerifyOptions) => {
    onProgress({ phase: 'decrypting', bytes: 41_200_000 });
    return { backup: A_VAULT_BACKUP, level: 'readable', findings: [], tookMs: 1_000 } as const;
  };

  const run = await runFakeCli(['backup', 'verify', 'db', '--vault', 'vault'], {
    offline: { verifyInVault },
    columns: 80,
  });

  assert.equal(run.err, '\rdecrypting, 41 MB\u001b[K\r\u001b[K');
});

for (const { to, place } of [
  { to: 'postgres://shop@db.example/shop', place: 'database' },
  { to: 'uploads.db', place: 'file' },
]) {
  test(`restore --vault goes to a ${place}: ${to}`, async () => {
    const run = await runFakeCli(['backup', 'restore', 'bak_2', '--to', to, '--vault', 'vault']);

    const [ability, { onProgress: _onProgress, to: where, ...options }] = run.used[0] as [string, VaultRestoreOptions];
    assert.equal(ability, 'restoreFromVault');
    assert.equal(where.kind, place);
    assert.deepEqual(options, {
      vault: '/project/vault',
      backup: { by: 'id', id: 'bak_2' },
      identityFile: undefined,
      signers: undefined,
      isDryRun: false,
    });
    assert.match(run.out, /^✓ bak_2 of db: restored to db\.example\/shop, took 14s$/m);
  });
}

test('restore --vault --dry-run says where to', async () => {
  const run = await runFakeCli(['backup', 'restore', 'db', '--to', 'x.db', '--vault', 'vault', '--dry-run']);

  assert.partialDeepStrictEqual(run.used, [['restoreFromVault', { isDryRun: true }]]);
  assert.equal(run.out, 'Would restore bak_2 of db to db.example/shop.\n');
});

for (const stray of ['--identity', '--signer']) {
  test(`${stray} without --vault is a mistake, and nothing is asked for`, async () => {
    const run = await runFakeCli(['backup', 'verify', 'db', stray, 'x']);

    assert.deepEqual([run.code, run.calls, run.used], [2, [], []]);
    assert.match(run.err, new RegExp(`${stray} only goes with --vault`));
  });
}
