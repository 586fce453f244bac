import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { errors } from '../../src/backups/errors.ts';
import { generateIdentity } from '../../src/backups/format/age/keys.ts';
import { generateSigningKey } from '../../src/backups/format/signing.ts';
import type { BackupRun } from '../../src/backups/index.ts';
import {
  announcedBackups,
  aPlan,
  aSource,
  type BackupArea,
  backupArea,
  dayLater,
  flipByte,
  testKeys,
} from '../support/backup-area.ts';
import { ENGINES } from '../support/databases.ts';
import { recordingLog } from '../support/silent-log.ts';

for (const { engine, open } of ENGINES) {
  describe(`proofs and restores on ${engine}`, () => {
    test('a server without a private key makes backups and proves none, until somebody asks or gives it one', async (t) => {
      const db = await open(t);
      const area = backupArea({ db });
      area.keys.identities = [];
      await area.begin();
      await dayLater(area);
      const [source] = await area.backups.facts.sources();
      const announced = (await announcedBackups(db)).map(([name]) => name);

      const asked = await done(area, { kind: 'prove' });
      area.keys.identities = [testKeys.platform];
      await dayLater(area);

      assert.deepEqual(announced, ['backup.taken', 'backup.taken']);
      assert.deepEqual([source?.level, source?.lastProof, source?.lastFailure], ['readable', null, null]);
      assert.deepEqual([asked.state, asked.error?.code], ['failed', 'BACKUP_IDENTITY_MISSING']);
      assert.equal((await area.backups.facts.sources())[0]?.level, 'restored');
    });

    test('a private key that cannot be read fails the proof, and not the backup', async (t) => {
      const area = backupArea({ db: await open(t) });
      area.keys.fails = true;

      await area.begin();

      const [source] = await area.backups.facts.sources();
      assert.deepEqual([source?.level, source?.lastFailure?.code], ['readable', 'BACKUP_IDENTITY_INVALID']);
    });

    test('a restore that lost a row proves nothing, and everybody hears of it', async (t) => {
      const db = await open(t);
      const area = backupArea({ db });
      area.database.restoreLoses = 'orders';

      await area.begin();

      const [source] = await area.backups.facts.sources();
      assert.deepEqual([source?.level, source?.lastProof], ['readable', null]);
      assert.match(source?.lastFailure?.reason ?? '', /orders has 47,999 rows and had 48,000/);
      const [, failure] = await announcedBackups(db);
      assert.deepEqual([failure?.[0], failure?.[1]['step']], ['backup.failed', 'proof']);
    });

    test('a question that is not answered with yes proves nothing either', async (t) => {
      const area = backupArea({ db: await open(t) });
      area.database.answers = { 'select false': 'f' };

      await area.begin(aPlan({ sources: [aSource({ assertions: ['select true', 'select false'] })] }));

      const [source] = await area.backups.facts.sources();
      assert.equal(source?.level, 'readable');
      assert.match(source?.lastFailure?.reason ?? '', /"select false" answered f/);
    });

    test('a database without a table proves nothing, unless a question about it is answered', async (t) => {
      const area = backupArea({ db: await open(t) });
      area.database.tables = {};

      await area.begin();
      const [empty] = await area.backups.facts.sources();
      await area.backups.apply(aPlan({ sources: [aSource({ assertions: ['select true'] })] }));
      await done(area, { kind: 'prove' });

      assert.equal(empty?.level, 'readable');
      assert.match(empty.lastFailure?.reason ?? '', /it has no table/);
      assert.equal((await area.backups.facts.sources())[0]?.level, 'restored');
    });

    test('a backup is proven each week, or each time when the manifest says so', async (t) => {
      const db = await open(t);
      const weekly = backupArea({ db });
      await weekly.begin();
      for (let day = 0; day < 14; day += 1) await dayLater(weekly);
      const proofs = (await announcedBackups(db)).filter(([name]) => name === 'backup.proven').length;
      await weekly.backups.apply(aPlan({ sources: [aSource({ prove: 'always' })] }));
      for (let day = 0; day < 3; day += 1) await dayLater(weekly);

      assert.equal(proofs, 3);
      assert.equal((await announcedBackups(db)).filter(([name]) => name === 'backup.proven').length, 6);
    });

    test('a backup can be read to its end in each of its vaults, and a bad copy is told of', async (t) => {
      const area = backupArea({ db: await open(t) });
      await area.begin(aPlan({ sources: [aSource({ vaults: ['local', 'attic'] })] }));
      const good = await done(area, { kind: 'verify' });
      flipByte(area, 'attic');

      const bad = await done(area, { kind: 'verify' });

      assert.deepEqual([good.state, good.findings.length], ['done', 2]);
      assert.deepEqual([bad.state, bad.error?.code], ['failed', 'BACKUP_DAMAGED']);
      assert.deepEqual(bad.findings, ['In local it was read to its end, decrypted, unpacked and understood.']);
      assert.equal((await area.backups.list({ limit: 1 }))[0]?.level, 'restored');
    });

    test('a backup that is bad in all of its vaults counts as none', async (t) => {
      const area = backupArea({ db: await open(t) });
      await area.begin();
      flipByte(area, 'local');

      await done(area, { kind: 'verify' });

      assert.equal((await area.backups.facts.sources())[0]?.level, 'none');
    });

    test('what is damaged everywhere was proven once, and is no proof any more', async (t) => {
      const area = backupArea({ db: await open(t) });
      await area.begin();
      flipByte(area, 'local');

      const run = await done(area, { kind: 'prove' });

      const [source] = await area.backups.facts.sources();
      assert.deepEqual([run.state, run.error?.code], ['failed', 'BACKUP_DAMAGED']);
      assert.deepEqual([source?.level, source?.lastProof], ['none', null]);
      await dayLater(area);
      assert.equal((await area.backups.facts.sources())[0]?.level, 'restored');
    });

    test('a key that does not fit, or a vault that is away for now, says nothing against a backup', async (t) => {
      const area = backupArea({ db: await open(t) });
      await area.begin(aPlan({ sources: [aSource({ vaults: ['local', 'attic'] })] }));
      area.keys.identities = [(await generateIdentity()).identity];
      const locked = await done(area, { kind: 'verify' });
      area.keys.identities = [testKeys.platform];
      flipByte(area, 'attic');
      area.vault().before = () => {
        throw errors.VAULT_UNUSABLE({ vault: 'local', where: 'memory', cause: 'EIO' });
      };

      const away = [await done(area, { kind: 'verify' }), await done(area, { kind: 'prove' })];

      assert.equal(locked.error?.code, 'BACKUP_WRONG_KEY');
      assert.deepEqual(
        away.map(({ error }) => error?.code),
        ['VAULT_UNUSABLE', 'VAULT_UNUSABLE'],
      );
      const [source] = await area.backups.facts.sources();
      assert.deepEqual([source?.level, source?.lastProof === null], ['restored', false]);
    });

    test('a backup that could only be checked without a key counts for more once there is one', async (t) => {
      const area = backupArea({ db: await open(t) });
      await area.begin();
      const dumps = new Map(area.vault().entries);
      flipByte(area, 'local');
      const levels = [await levelAfter(area, { kind: 'verify' })];
      for (const [file, content] of dumps) area.vault().entries.set(file, content);
      area.keys.identities = [];
      levels.push(await levelAfter(area, { kind: 'verify' }));
      area.keys.identities = [testKeys.platform];
      levels.push(await levelAfter(area, { kind: 'verify' }));

      assert.deepEqual(levels, ['none', 'stored', 'readable']);
    });

    test('a restore takes the copy that is good', async (t) => {
      const area = backupArea({ db: await open(t) });
      await area.begin(aPlan({ sources: [aSource({ vaults: ['local', 'attic'] })] }));
      flipByte(area, 'local');
      let loads = 0;
      area.database.onRestore = async () => void (loads += 1);

      const run = await done(area, { kind: 'restore', name: 'shop_yesterday' });

      assert.equal(loads, 1, 'nothing of the bad copy reached the database');
      const proof = await done(area, { kind: 'prove' });
      const [told, ...findings] = run.findings;
      assert.match(told ?? '', /^The copy in local was passed over: The backup is damaged: /);
      assert.deepEqual(findings, ['Restored to memory/shop_yesterday.', '2 tables, 48,102 rows, all as they were.']);
      assert.deepEqual([proof.state, proof.findings[0]], ['done', told]);
    });

    test('what a restore finds beside it is told to whoever asked, and written into the log', async (t) => {
      const log = recordingLog();
      const area = backupArea({ db: await open(t), log });
      await area.begin();
      area.database.notes = ['db.example:5432 has evenkeel_restoring_1.'];

      const run = await done(area, { kind: 'restore', name: 'shop_yesterday' });

      assert.deepEqual(run.findings.at(-1), area.database.notes[0]);
      const warnings = log.lines.filter(({ level }) => level === 'warn');
      assert.deepEqual(
        warnings.map(({ data }) => [data['run'], data['note']]),
        [[run.id, area.database.notes[0]]],
      );
    });

    test('a backup that a stranger made in place of ours is not opened [DRR-06/R]', async (t) => {
      const area = backupArea({ db: await open(t) });
      await area.begin();
      const signature = [...area.vault().entries.keys()].find((file) => file.endsWith('.sig')) ?? '';
      area.vault().entries.set(signature, Buffer.alloc(64));
      area.database.restored.length = 0;

      const run = await done(area, { kind: 'restore', name: 'shop_yesterday' });

      assert.equal(run.error?.code, 'BACKUP_SIGNATURE_INVALID');
      assert.deepEqual(area.database.restored, []);
    });

    test('a backup by a signer who is pinned no longer is not opened, though it is this server itself', async (t) => {
      const area = backupArea({ db: await open(t) });
      await area.begin();
      await area.backups.apply(aPlan({ signers: [generateSigningKey().signer] }));
      area.database.restored.length = 0;

      const run = await done(area, { kind: 'restore', name: 'shop_yesterday' });

      assert.equal(run.error?.code, 'BACKUP_SIGNER_UNKNOWN');
      assert.deepEqual(area.database.restored, []);
    });

    test('a genuine backup of another moment, put into the place of this one, is not opened', async (t) => {
      const area = backupArea({ db: await open(t) });
      await area.begin();
      await dayLater(area);
      const folders = [...new Set([...area.vault().entries.keys()].map((file) => file.replace(/\/[^/]+$/, '')))];
      const [older = '', newer = ''] = folders;
      for (const [file, content] of area.vault().entries) {
        if (file.startsWith(older)) area.vault().entries.set(file.replace(older, newer), content);
      }

      const run = await done(area, { kind: 'restore', name: 'shop_yesterday' });

      assert.equal(run.error?.code, 'BACKUP_MISPLACED');
    });

    test('the offline key alone opens a backup as well', async (t) => {
      const area = backupArea({ db: await open(t) });
      area.keys.identities = [testKeys.offline];

      await area.begin();

      assert.equal((await area.backups.facts.sources())[0]?.level, 'restored');
    });
  });
}

async function levelAfter(area: BackupArea, work: Parameters<typeof done>[1]) {
  await done(area, work);
  return (await area.backups.list({ limit: 1 }))[0]?.level;
}

/** Asks for work on the newest backup, has it done, and tells how it ended. */
async function done(
  area: BackupArea,
  work: { readonly kind: 'verify' | 'prove' } | { readonly kind: 'restore'; readonly name: string },
): Promise<BackupRun> {
  const [newest] = await area.backups.list({ limit: 1 });
  const run = await area.backups.request({ ...work, backup: newest?.id ?? '' });
  await area.jobs.run();
  return area.backups.run(run.id);
}
