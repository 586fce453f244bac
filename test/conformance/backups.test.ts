import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { errors } from '../../src/backups/errors.ts';
import { DAY_MS, MINUTE_MS } from '../../src/kernel/clock.ts';
import {
  announcedBackups,
  aPlan,
  aSource,
  type BackupArea,
  backupArea,
  dayLater,
  flipByte,
} from '../support/backup-area.ts';
import { ENGINES } from '../support/databases.ts';

for (const { engine, open } of ENGINES) {
  describe(`backups on ${engine}`, () => {
    test('a new source is backed up and proven as soon as it is known [BAK-01/R] [BAK-15/R]', async (t) => {
      const area = backupArea({ db: await open(t) });

      await area.begin();

      const [source] = await area.backups.facts.sources();
      const [backup] = await area.backups.list({ limit: 10 });
      assert.equal(source?.level, 'restored');
      assert.equal(source.lastBackup?.id, backup?.id);
      assert.deepEqual(
        [source.lastProof?.backup, source.lastProof?.tables, source.lastProof?.rows, source.lastProof?.assertions],
        [backup?.id, 2, 48_102, 0],
      );
      assert.equal(source.nextAt, Date.parse('2026-11-22T02:00:00Z'));
      assert.equal(source.lastFailure, null);
      assert.deepEqual(backup?.vaults, ['local']);
    });

    test('what is in the vault is a folder with a manifest, and nothing else', async (t) => {
      const area = backupArea({ db: await open(t) });

      await area.begin();

      const [backup] = await area.backups.list({ limit: 10 });
      const folder = `shop/live/db/2026/11/21/20261121T120000Z-${backup?.id}`;
      assert.deepEqual(
        [...area.vault().entries.keys()].toSorted(),
        ['RESTORE.md', 'SHA256SUMS', 'dump.zst.age', 'manifest.json', 'manifest.json.sig'].map((n) => `${folder}/${n}`),
      );
    });

    test('what is stored is encrypted: nothing of the data can be read [BAK-07/R]', async (t) => {
      const area = backupArea({ db: await open(t) });

      await area.begin();

      const all = Buffer.concat([...area.vault().entries.values()]);
      assert.ok(!all.includes('row of data'));
    });

    test('a backup is taken every night [BAK-02/R]', async (t) => {
      const area = backupArea({ db: await open(t) });
      await area.begin();

      await area.minutes(30, 3 * 48);

      const taken = (await area.backups.list({ limit: 10 })).map(({ takenAt }) => new Date(takenAt).toISOString());
      assert.deepEqual(
        taken.map((at) => at.slice(0, 16)),
        ['2026-11-24T02:00', '2026-11-23T02:00', '2026-11-22T02:00', '2026-11-21T12:00'],
      );
    });

    test('however many nights were missed, one backup makes up for them', async (t) => {
      const area = backupArea({ db: await open(t) });
      await area.begin();

      await area.clock.advance(5 * DAY_MS);
      await area.minutes(1, 3);

      assert.equal((await area.backups.list({ limit: 10 })).length, 2);
    });

    test('several vaults each get a copy that was read back [BAK-04/R]', async (t) => {
      const area = backupArea({ db: await open(t) });

      await area.begin(aPlan({ sources: [aSource({ vaults: ['local', 'attic'] })] }));

      const [backup] = await area.backups.list({ limit: 10 });
      assert.deepEqual(backup?.vaults, ['local', 'attic']);
      assert.deepEqual(area.vault('attic').entries, area.vault('local').entries);
    });

    test('everybody hears of a backup and of its proof, in this order', async (t) => {
      const db = await open(t);
      const area = backupArea({ db });

      await area.begin();

      const [backup] = await area.backups.list({ limit: 1 });
      const about = { environment: 'live', service: 'db', backup: backup?.id };
      assert.deepEqual(await announcedBackups(db), [
        ['backup.taken', { ...about, bytes: backup?.bytes, at: backup?.takenAt }],
        ['backup.proven', { ...about, tookMs: 1_000, at: area.clock.now() }],
      ]);
    });

    test('a dump that dies is told of, tried twice more, minutes apart, and then left until the next night', async (t) => {
      const db = await open(t);
      const area = backupArea({ db });
      area.database.dumpDies = true;

      await area.begin();
      await area.minutes(1);
      const soon = (await announcedBackups(db)).length;
      await area.minutes(1, 30);

      assert.equal(soon, 1);
      const events = await announcedBackups(db);
      assert.deepEqual(
        events.map(([name, { step, code }]) => [name, step, code]),
        Array.from({ length: 3 }, () => ['backup.failed', 'backup', 'BACKUP_DUMP_FAILED']),
      );
      const minutes = events.map(([, { at }]) => (Number(at) - Number(events[0]?.[1]['at'])) / MINUTE_MS);
      assert.deepEqual(minutes, [0, 2, 10]);
      assert.deepEqual([...area.vault().entries.keys()], []);
      assert.deepEqual(await area.backups.list({ limit: 10 }), []);
      const [source] = await area.backups.facts.sources();
      assert.deepEqual([source?.level, source?.lastBackup], ['none', null]);
      assert.equal(source?.lastFailure?.code, 'BACKUP_DUMP_FAILED');

      area.database.dumpDies = false;
      await area.minutes(60, 14);
      assert.equal((await area.backups.facts.sources())[0]?.level, 'restored');
    });

    test('an empty dump is no backup', async (t) => {
      const area = backupArea({ db: await open(t) });
      area.database.dumpIsEmpty = true;

      await area.begin();

      assert.equal((await area.backups.facts.sources())[0]?.lastFailure?.code, 'BACKUP_DUMP_EMPTY');
      assert.deepEqual([...area.vault().entries.keys()], []);
    });

    for (const name of ['local', 'attic']) {
      test(`a dump that is stored wrongly in the vault ${name} is read back there, and is no backup anywhere`, async (t) => {
        const area = backupArea({ db: await open(t) });
        storeWrongly(area, { vault: name, file: 'dump.zst.age' });

        await area.begin(aPlan({ sources: [aSource({ vaults: ['local', 'attic'] })] }));

        assert.equal((await area.backups.facts.sources())[0]?.lastFailure?.code, 'BACKUP_NOT_READABLE');
        assert.deepEqual([...area.vault('local').entries.keys(), ...area.vault('attic').entries.keys()], []);
      });
    }

    for (const file of ['RESTORE.md', 'SHA256SUMS', 'manifest.json', 'manifest.json.sig']) {
      test(`a vault that stores another ${file} than it was given has no backup`, async (t) => {
        const area = backupArea({ db: await open(t) });
        storeWrongly(area, { vault: 'local', file });

        await area.begin();

        assert.equal((await area.backups.facts.sources())[0]?.lastFailure?.code, 'BACKUP_NOT_READABLE');
        assert.deepEqual([...area.vault().entries.keys()], []);
      });
    }

    test('without a signing key there is no backup, and a word on what to set', async (t) => {
      const db = await open(t);
      const area = backupArea({ db });
      area.keys.hasSigningKey = false;

      await area.begin();
      await area.minutes(10, 3);

      const [source] = await area.backups.facts.sources();
      assert.equal(source?.lastFailure?.code, 'BACKUP_SIGNING_KEY_MISSING');
      assert.equal((await announcedBackups(db)).length, 1, 'trying again would not help');
      assert.deepEqual([...area.vault().entries.keys()], []);
    });

    test('a signing key that nobody would believe later makes no backup', async (t) => {
      const area = backupArea({ db: await open(t) });
      const stranger = 'ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';

      await area.begin(aPlan({ signers: [stranger] }));

      assert.equal((await area.backups.facts.sources())[0]?.lastFailure?.code, 'BACKUP_SIGNER_NOT_PINNED');
      assert.deepEqual([...area.vault().entries.keys()], []);
    });

    test('where nobody is pinned, what this server signed is believed', async (t) => {
      const area = backupArea({ db: await open(t) });

      await area.begin(aPlan({ signers: [] }));

      assert.equal((await area.backups.facts.sources())[0]?.level, 'restored');
    });

    test('old backups go as the rule says, from the vault too, and the newest proven one stays [BAK-14/R]', async (t) => {
      const area = backupArea({ db: await open(t) });
      const keep = { daily: 4, weekly: 0, monthly: 0, yearly: 0 };
      await area.begin(aPlan({ sources: [aSource({ keep, prove: 'monthly' })] }));
      const proven = (await area.backups.list({ limit: 1 }))[0]?.id ?? '';

      for (let day = 0; day < 10; day += 1) await dayLater(area);

      const kept = (await area.backups.list({ limit: 20 })).map(({ id }) => id);
      const stored = [...area.vault().entries.keys()].filter((file) => file.endsWith('manifest.json'));
      assert.equal(kept.length, 5);
      assert.equal(kept.at(-1), proven);
      assert.deepEqual(new Set(stored.map((file) => /bak_\w+/.exec(file)?.[0])), new Set(kept));
    });

    test('what is in a vault that the manifest has no more is not forgotten', async (t) => {
      const area = backupArea({ db: await open(t) });
      const keep = { daily: 1, weekly: 0, monthly: 0, yearly: 0 };
      await area.begin(aPlan({ sources: [aSource({ keep, prove: 'monthly', vaults: ['local', 'attic'] })] }));
      await dayLater(area);
      await area.backups.apply(aPlan({ sources: [aSource({ keep, prove: 'always' })] }));

      for (let day = 0; day < 6; day += 1) await dayLater(area);

      const kept = await area.backups.list({ limit: 20 });
      assert.deepEqual(
        kept.map(({ vaults }) => vaults.length),
        [1, 1, 1, 2, 2],
      );
    });

    test('a vault from which nothing can be removed keeps no other from being tidied up', async (t) => {
      const area = backupArea({ db: await open(t) });
      const keep = { daily: 1, weekly: 0, monthly: 0, yearly: 0 };
      await area.begin(aPlan({ sources: [aSource({ keep, prove: 'always', vaults: ['local', 'attic'] })] }));
      area.vault().before = (operation) => {
        if (operation === 'remove') throw errors.VAULT_UNUSABLE({ vault: 'local', where: 'memory', cause: 'EROFS' });
      };

      for (let day = 0; day < 8; day += 1) await dayLater(area);

      assert.deepEqual([manifestsIn(area, 'local'), manifestsIn(area, 'attic')], [9, 3]);
      area.vault().before = () => undefined;
      await dayLater(area);
      assert.deepEqual([manifestsIn(area, 'local'), manifestsIn(area, 'attic')], [3, 3]);
      assert.equal((await area.backups.list({ limit: 20 })).length, 3);
    });

    test('a damaged backup takes the place of no good one', async (t) => {
      const area = backupArea({ db: await open(t) });
      const keep = { daily: 1, weekly: 0, monthly: 0, yearly: 0 };
      await area.begin(aPlan({ sources: [aSource({ keep })] }));
      for (let day = 0; day < 3; day += 1) await dayLater(area);
      flipByte(area, 'local');
      const damaged = await area.backups.list({ limit: 20 });
      for (const { id } of damaged) await area.backups.request({ kind: 'verify', backup: id });
      await area.jobs.run();

      for (let day = 0; day < 6; day += 1) await dayLater(area);

      const levels = (await area.backups.list({ limit: 20 })).map(({ level }) => level);
      assert.deepEqual(levels.slice(0, 3).includes('none'), false);
      assert.equal(levels.filter((level) => level === 'none').length, damaged.length);
    });

    test('while backups fail nothing old is removed', async (t) => {
      const area = backupArea({ db: await open(t) });
      const keep = { daily: 1, weekly: 0, monthly: 0, yearly: 0 };
      await area.begin(aPlan({ sources: [aSource({ keep })] }));
      for (let day = 0; day < 4; day += 1) await dayLater(area);
      const before = await area.backups.list({ limit: 20 });
      area.database.dumpDies = true;

      for (let day = 0; day < 10; day += 1) await dayLater(area);

      assert.deepEqual(await area.backups.list({ limit: 20 }), before);
    });
  });
}

function manifestsIn(area: BackupArea, name: string): number {
  return [...area.vault(name).entries.keys()].filter((file) => file.endsWith('manifest.json')).length;
}

/** As a disk does that changes what it is given. */
function storeWrongly(area: BackupArea, { vault, file }: { readonly vault: string; readonly file: string }): void {
  const { entries } = area.vault(vault);
  const { set } = entries;
  entries.set = (entry, content) => {
    const stored = entry.endsWith(`/${file}`) ? Buffer.from(content.map((byte) => byte ^ 1)) : content;
    return set.call(entries, entry, stored);
  };
}
