import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aSelfView } from '../../../../test/support/api-answers.ts';
import { type FakeCliOptions, runFakeCli, VALID_MANIFEST } from '../../../../test/support/fake-cli.ts';
import type { BackupNeeds, HostNeeds } from '../context.ts';
import { errors } from '../errors.ts';

const WELL: FakeCliOptions = { answers: { 'GET /api/v1/self': aSelfView() } };
const UNREACHABLE = { 'GET /api/v1/self': errors.CLI_SERVER_UNREACHABLE({ where: '/s', cause: 'ENOENT' }) };
const SQLITE = { engine: 'sqlite', where: 'evenkeel.db', cause: null, pendingSteps: 0, now: null } as const;
const FOLDER = { path: '/data', freeBytes: 20e9, cause: null };
const PROBLEM = { file: 'evenkeel.yaml', line: 1, column: 1, message: 'No.', hint: null };

const DUMP = { version: '15.14', package: 'postgresql-client', isForProof: false };
const PROOF = { version: '15.14', package: 'postgresql', isForProof: true };
const BACKUPS: BackupNeeds = {
  signingKey: { state: 'known', file: '/keys/signing.pem', publicKey: 'ed25519:ours' },
  identity: { state: 'known', file: '/keys/platform.agekey', publicKey: 'age1ours' },
  vaults: [
    { name: 'local', where: '/backups', cause: null },
    { name: 'nas', where: '/mnt/nas', cause: null },
  ],
  programs: [
    { name: 'pg_dump', ...DUMP },
    { name: 'pg_restore', ...DUMP },
    { name: 'initdb', ...PROOF },
    { name: 'postgres', ...PROOF },
  ],
};
const NEEDS: HostNeeds = { mail: { usedBy: ['the channel dev'], isSet: true }, backups: BACKUPS };
const needing = (differences: Partial<BackupNeeds>): FakeCliOptions => ({
  host: { needs: async () => ({ ...NEEDS, backups: { ...BACKUPS, ...differences } }) },
});
const without = (name: string) =>
  BACKUPS.programs.map((program) => (program.name === name ? { ...program, version: null } : program));
const UNREADABLE = { state: 'unusable', says: 'It cannot be read.', fix: 'Check the path.' } as const;

test('a machine that has what alerts and backups take gets five more lines', async () => {
  const run = await runFakeCli(['doctor'], { ...WELL, host: { needs: async () => NEEDS } });

  assert.equal(run.code, 0);
  assert.equal(run.out.match(/^✓ fine {2}/gm)?.length, 14, run.out);
  assert.match(run.out, /mail server .* the channel dev/);
  assert.match(run.out, /programs .* pg_dump 15\.14, pg_restore 15\.14/);
});

test('without databases that need programs there is no word about programs', async () => {
  const run = await runFakeCli(['doctor'], { ...WELL, ...needing({ programs: [] }) });

  assert.doesNotMatch(run.out, /programs/);
});

test('a healthy machine gets a word and a sentence for each check', async () => {
  const run = await runFakeCli(['doctor'], WELL);

  assert.equal(run.code, 0);
  assert.equal(run.out.match(/^✓ fine {2}/gm)?.length, 9, run.out);
  assert.match(run.out, /✓ Nothing stands in the way\.\n$/);
});

const TROUBLES: readonly (FakeCliOptions & {
  readonly what: string;
  readonly verdict: string;
  readonly fix: RegExp;
})[] = [
  { what: 'node', verdict: 'fail', fix: /npm ci/, host: { nodeNeeded: '27.0.0' } },
  {
    what: 'data folder',
    verdict: 'fail',
    fix: /EVENKEEL_DATA_DIR/,
    host: { dataFolder: async () => ({ ...FOLDER, cause: 'EACCES' }) },
  },
  {
    what: 'data folder',
    verdict: 'fail',
    fix: /room/,
    host: { dataFolder: async () => ({ ...FOLDER, freeBytes: 5e6 }) },
  },
  {
    what: 'data folder',
    verdict: 'warn',
    fix: /room/,
    host: { dataFolder: async () => ({ ...FOLDER, freeBytes: 5e8 }) },
  },
  {
    what: 'database',
    verdict: 'fail',
    fix: /EVENKEEL_DATABASE_URL/,
    host: { database: async () => ({ ...SQLITE, cause: 'ECONNREFUSED' }) },
  },
  {
    what: 'database',
    verdict: 'warn',
    fix: /self migrate/,
    host: { database: async () => ({ ...SQLITE, pendingSteps: 2 }) },
  },
  {
    what: 'manifest',
    verdict: 'fail',
    fix: /evenkeel check/,
    offline: { checkManifest: async () => ({ ...VALID_MANIFEST, problems: [PROBLEM] }) },
  },
  {
    what: 'manifest',
    verdict: 'warn',
    fix: /evenkeel init/,
    offline: { checkManifest: async () => ({ ...VALID_MANIFEST, files: [] }) },
  },
  {
    what: 'port',
    verdict: 'fail',
    fix: /EVENKEEL_PORT/,
    host: { port: async () => ({ address: '127.0.0.1:7373', holder: 'another' }) },
  },
  { what: 'server', verdict: 'warn', fix: /evenkeel serve/, answers: UNREACHABLE },
  { what: 'server', verdict: 'fail', fix: /EVENKEEL_URL/, answers: UNREACHABLE, isRemote: true },
  {
    what: 'clock',
    verdict: 'fail',
    fix: /ntp/,
    host: { database: async () => ({ ...SQLITE, now: Date.parse('2026-11-20T11:55:00Z') }) },
  },
  { what: 'clock', verdict: 'warn', fix: /ntp/, answers: { 'GET /api/v1/self': aSelfView({ uptimeMs: 3_590_000 }) } },
  {
    what: 'mail server',
    verdict: 'fail',
    fix: /EVENKEEL_SMTP_URL=smtp:/,
    host: { needs: async () => ({ ...NEEDS, mail: { usedBy: ['the channel dev'], isSet: false } }) },
  },
  { what: 'signing key', verdict: 'fail', fix: /evenkeel key create/, ...needing({ signingKey: { state: 'unset' } }) },
  { what: 'signing key', verdict: 'fail', fix: /Check the path/, ...needing({ signingKey: UNREADABLE }) },
  {
    what: 'signing key',
    verdict: 'fail',
    fix: /ed25519:ours.*keys\.signers/,
    ...needing({ signingKey: { state: 'unknown', file: '/x.pem', publicKey: 'ed25519:ours' } }),
  },
  { what: 'identity', verdict: 'warn', fix: /evenkeel key create/, ...needing({ identity: { state: 'unset' } }) },
  { what: 'identity', verdict: 'fail', fix: /Check the path/, ...needing({ identity: UNREADABLE }) },
  {
    what: 'identity',
    verdict: 'fail',
    fix: /age1ours.*keys\.recipients/,
    ...needing({ identity: { state: 'unknown', file: '/x.agekey', publicKey: 'age1ours' } }),
  },
  {
    what: 'vaults',
    verdict: 'fail',
    fix: /\/mnt\/nas/,
    ...needing({ vaults: [...BACKUPS.vaults.slice(0, 1), { name: 'nas', where: '/mnt/nas', cause: 'EACCES' }] }),
  },
  {
    what: 'programs',
    verdict: 'fail',
    fix: /apt-get install postgresql-client/,
    ...needing({ programs: without('pg_dump') }),
  },
  {
    what: 'programs',
    verdict: 'warn',
    fix: /apt-get install postgresql`/,
    ...needing({ programs: without('initdb') }),
  },
  { what: 'public address', verdict: 'warn', fix: /EVENKEEL_PUBLIC_URL/, host: { publicUrl: undefined } },
];

for (const { what, verdict, fix, ...options } of TROUBLES) {
  test(`${what}: ${verdict} with a way out matching ${fix.source}`, async () => {
    const run = await runFakeCli(['doctor', '--json'], { ...WELL, ...options });

    const { isWell, findings } = JSON.parse(run.out);
    const finding = findings.find(({ name }: { name: string }) => name === what);
    assert.equal(finding.verdict, verdict);
    assert.match(finding.fix, fix);
    assert.deepEqual([run.code, isWell], verdict === 'fail' ? [1, false] : [0, true]);
  });
}
