import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts';
import { announcedBackups, aPlan, backupArea, dayLater } from '../support/backup-area.ts';
import { ENGINES } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';

for (const { engine, open } of ENGINES) {
  describe(`runs on backups on ${engine}`, () => {
    test('a person who asks gets a run to look at, and the one under way when there is one', async (t) => {
      const area = backupArea({ db: await open(t) });
      await area.begin();
      await area.clock.advance(MINUTE_MS);

      const run = await area.backups.request({ kind: 'backup', service: 'db' });
      const again = await area.backups.request({ kind: 'backup', service: 'db' });
      await area.jobs.run();
      const ended = await area.backups.run(run.id);

      assert.deepEqual([run.state, again.id], ['waiting', run.id]);
      assert.equal(ended.state, 'done');
      assert.ok(ended.bytes > 200_000);
      assert.equal(ended.backup, (await area.backups.list({ limit: 1 }))[0]?.id);
    });

    test('two people who ask at the same moment get one run', async (t) => {
      const db = await open(t);
      const one = backupArea({ db });
      const other = backupArea({ db, shares: one });
      await one.begin();
      await other.backups.apply(aPlan());
      const [backup] = await one.backups.list({ limit: 1 });
      const asked = [
        { kind: 'backup', service: 'db' },
        { kind: 'prove', backup: backup?.id ?? '' },
      ] as const;

      for (const work of asked) {
        const runs = await Promise.all([one, other, one, other].map(({ backups }) => backups.request(work)));

        assert.equal(new Set(runs.map(({ id }) => id)).size, 1, work.kind);
      }
    });

    test('asking for what there is not says so', async (t) => {
      const { backups } = backupArea({ db: await open(t) });
      await backups.apply(aPlan());

      await assert.rejects(backups.request({ kind: 'backup', service: 'cache' }), { code: 'BACKUP_SOURCE_UNKNOWN' });
      await assert.rejects(backups.request({ kind: 'prove', backup: 'bak_0' }), { code: 'BACKUP_UNKNOWN' });
      await assert.rejects(backups.find('bak_0'), { code: 'BACKUP_UNKNOWN' });
      await assert.rejects(backups.run('run_0'), { code: 'BACKUP_RUN_UNKNOWN' });
    });

    test('one backup is found by its id', async (t) => {
      const area = backupArea({ db: await open(t) });
      await area.begin();
      await dayLater(area);
      const kept = await area.backups.list({ limit: 10 });

      assert.equal(kept.length, 2);
      for (const backup of kept) assert.deepEqual(await area.backups.find(backup.id), backup);
    });

    test('two processes that look at the same moment ask for one backup', async (t) => {
      const db = await open(t);
      const one = backupArea({ db });
      const other = backupArea({ db, shares: one });
      await Promise.all([one, other].map(({ backups }) => backups.apply(aPlan())));

      await Promise.all([one, other].map(({ backups }) => backups.start()));
      await Promise.all([one, other].map(({ jobs }) => jobs.run()));

      assert.equal((await one.backups.list({ limit: 10 })).length, 1);
    });

    test('a service has one run at a time, whatever many processes work', async (t) => {
      const db = await open(t);
      const one = backupArea({ db });
      const other = backupArea({ db, shares: one });
      await one.begin();
      await other.backups.apply(aPlan());
      const gate = Promise.withResolvers<void>();
      let dumps = 0;
      one.database.onDump = async () => ((dumps += 1), gate.promise);

      const run = await one.backups.request({ kind: 'backup', service: 'db' });
      const working = one.jobs.run();
      await eventually(() => assert.equal(dumps, 1));
      const [backup] = await one.backups.list({ limit: 1 });
      const verify = await other.backups.request({ kind: 'verify', backup: backup?.id ?? '' });
      await other.jobs.run();
      const meanwhile = await other.backups.run(verify.id);
      gate.resolve();
      await working;

      assert.equal(meanwhile.state, 'waiting');
      assert.equal((await one.backups.run(run.id)).state, 'done');
      assert.equal((await one.backups.run(verify.id)).state, 'done');
    });

    test('a person does not wait for the next attempt', async (t) => {
      const area = backupArea({ db: await open(t) });
      area.database.dumpDies = true;
      await area.begin();
      area.database.dumpDies = false;

      const run = await area.backups.request({ kind: 'backup', service: 'db' });
      await area.jobs.run();

      assert.equal((await area.backups.run(run.id)).state, 'done');
    });

    test('a run whose process has died fails after two minutes, and another one takes its place', async (t) => {
      const db = await open(t);
      const dead = backupArea({ db });
      const heir = backupArea({ db, shares: dead, clock: new FakeClock('2026-11-21T12:00:00Z') });
      const gate = Promise.withResolvers<void>();
      let dumps = 0;
      dead.database.onDump = async () => ((dumps += 1), gate.promise);
      await dead.backups.apply(aPlan());
      await heir.backups.apply(aPlan());
      await dead.backups.start();
      const first = dead.jobs.run();
      await eventually(() => assert.equal(dumps, 1));
      const run = await heir.backups.request({ kind: 'backup', service: 'db' });
      dead.database.onDump = async () => undefined;

      // For the dead one time stands still.
      await heir.minutes(1, 6);
      const buried = await heir.backups.run(run.id);
      gate.resolve();
      await first;

      assert.deepEqual([buried.state, buried.error?.code], ['failed', 'BACKUP_RUN_DIED']);
      const backups = await heir.backups.list({ limit: 10 });
      assert.equal(backups.length, 1, 'who was declared dead has nothing more to say');
      const stored = [...heir.vault().entries.keys()].filter((file) => file.endsWith('manifest.json'));
      assert.equal(stored.length, 1, 'what the dead one made was taken back');
    });

    test('a run of a dead process ends when the next one starts, where there can be no other', async (t) => {
      const db = await open(t);
      const dead = backupArea({ db });
      const heir = backupArea({ db, shares: dead });
      const gate = Promise.withResolvers<void>();
      let dumps = 0;
      dead.database.onDump = async () => ((dumps += 1), gate.promise);
      await dead.backups.apply(aPlan());
      await dead.backups.start();
      const first = dead.jobs.run();
      await eventually(() => assert.equal(dumps, 1));
      const run = await dead.backups.request({ kind: 'backup', service: 'db' });
      dead.database.onDump = async () => undefined;

      await heir.backups.apply(aPlan());
      await heir.backups.start();
      const left = await heir.backups.run(run.id);
      const again = await heir.backups.request({ kind: 'backup', service: 'db' });
      await heir.jobs.run();
      const ended = await heir.backups.run(again.id);
      // It ran all the while only because the test cannot kill it.
      gate.resolve();
      await first;

      if (engine === 'PostgreSQL') assert.deepEqual([left.state, again.id], ['running', run.id]);
      else assert.deepEqual([left.error?.code, again.id === run.id, ended.state], ['BACKUP_RUN_DIED', false, 'done']);
    });

    test('a process that starts twice does not take its own run for that of a dead one', async (t) => {
      const area = backupArea({ db: await open(t) });
      let starts = 0;
      area.database.onDump = async () => ((starts += 1), area.backups.start());

      await area.begin();

      assert.equal(starts, 1);
      assert.equal((await area.backups.facts.sources())[0]?.lastFailure, null);
    });

    test('a backup that waits for its next attempt is the one that is due meanwhile', async (t) => {
      const area = backupArea({ db: await open(t), clock: new FakeClock('2026-11-22T01:57:00Z') });
      await area.begin();
      await area.minutes(2);
      area.database.dumpDies = true;
      await area.backups.request({ kind: 'backup', service: 'db' });
      await area.jobs.run();
      area.database.dumpDies = false;

      await area.minutes(1, 5);

      assert.equal((await area.backups.list({ limit: 10 })).length, 2);
    });

    test('a process that is asked to stop puts its run back', async (t) => {
      const db = await open(t);
      const area = backupArea({ db });
      const stop = new AbortController();
      area.database.onDump = async (signal) => {
        stop.abort();
        signal.throwIfAborted();
      };
      await area.backups.apply(aPlan());
      await area.backups.start();

      await area.jobs.run(stop.signal);
      const run = await area.backups.request({ kind: 'backup', service: 'db' });
      area.database.onDump = async () => undefined;
      await area.minutes(1);

      assert.equal(run.state, 'waiting');
      assert.equal((await area.backups.run(run.id)).state, 'done');
      assert.equal((await area.backups.list({ limit: 10 })).length, 1);
      assert.deepEqual(
        (await announcedBackups(db)).map(([name]) => name),
        ['backup.taken', 'backup.proven'],
      );
    });

    test('a database that never ends is given up after six hours', async (t) => {
      const area = backupArea({ db: await open(t) });
      area.database.onDump = async (signal) => {
        signal.throwIfAborted();
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      };
      // Nobody looks how far it is meanwhile, which would be ten thousand times.
      area.clock.sleep = () => new Promise(() => undefined);
      await area.backups.apply(aPlan());
      await area.backups.start();

      const working = area.jobs.run();
      const run = await area.backups.request({ kind: 'backup', service: 'db' });
      await eventually(async () => assert.equal((await area.backups.run(run.id)).state, 'running'));
      await area.clock.advance(6 * HOUR_MS);
      await working;

      assert.equal((await area.backups.run(run.id)).error?.code, 'BACKUP_RUN_TOO_LONG');
    });
  });
}
