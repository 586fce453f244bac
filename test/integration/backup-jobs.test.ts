import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { migrations } from '../../src/app/migrations.ts';
import { createBackups } from '../../src/backups/index.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { createExec } from '../../src/platform/exec/exec.ts';
import type { JobRunner } from '../../src/platform/jobs/job-runner.ts';
import { createPostgresJobs } from '../../src/platform/jobs/postgres-jobs.ts';
import { createSqliteJobs } from '../../src/platform/jobs/sqlite-jobs.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { migrateUp } from '../../src/platform/sql/migrate.ts';
import { openPostgres } from '../../src/platform/sql/postgres.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { aPlan, aSource, testKeys } from '../support/backup-area.ts';
import { fileDatabase } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';
import { fakeDatabase, fakeEngine } from '../support/fake-engine.ts';
import { freshDatabase, sharedPostgres } from '../support/servers/postgres.ts';
import { silentLog } from '../support/silent-log.ts';

const ids = createSystemIds(systemClock);
const base = { clock: systemClock, ids, log: silentLog };

for (const { engine, open } of [
  { engine: 'SQLite', open: onSqlite },
  { engine: 'PostgreSQL', open: onPostgres },
]) {
  test(`the jobs of ${engine} take a backup as soon as there is something to back up, and one more when somebody asks [BAK-01/R]`, async (t) => {
    const { db, jobs } = await open(t);
    const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-jobs-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const database = fakeDatabase();
    const backups = createBackups({
      ...base,
      db,
      exec: createExec(),
      jobs,
      environment: 'live',
      version: '1.2.3',
      keys: { identities: async () => [testKeys.platform], signingKey: async () => testKeys.signingKey },
      engineOf: () => fakeEngine(database),
    });
    const vaults = [{ name: 'local', type: 'directory', settings: { folder: path.join(folder, 'vault') } }];
    await backups.apply(aPlan({ sources: [], vaults }));
    await jobs.start(backups.jobs);
    await backups.start();

    await backups.apply(aPlan({ sources: [aSource()], vaults }));
    await eventually(async () => assert.equal((await backups.facts.sources())[0]?.level, 'restored'));
    const { id } = await backups.request({ kind: 'backup', service: 'db' });
    await eventually(async () => assert.equal((await backups.run(id)).state, 'done'));

    assert.equal((await backups.list({ service: 'db', limit: 10 })).length, 2);
    await jobs.stop();
  });
}

interface Opened {
  readonly db: Database;
  readonly jobs: JobRunner;
}

async function onSqlite(t: TestContext): Promise<Opened> {
  const db = await fileDatabase(t);
  return { db, jobs: createSqliteJobs({ ...base, db }) };
}

async function onPostgres(t: TestContext): Promise<Opened> {
  const url = new Secret(await freshDatabase(await sharedPostgres()), 'test database');
  const db = await openPostgres({ url, log: silentLog, now: () => Date.now() });
  t.after(() => db.close());
  await migrateUp(db, migrations, Date.now());
  return { db, jobs: await createPostgresJobs({ ...base, db, url }) };
}
