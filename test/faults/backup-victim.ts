/**
 * The victim of the kill test: backs a SQLite file up again and again, proves each backup, and says which ones it was
 * told to be taken. It is started again and again on the same folder, and killed each time in the middle of it.
 */
import path from 'node:path';
import { argv, stdout } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { migrations } from '../../src/app/migrations.ts';
import { readIdentities } from '../../src/backups/format/age/keys.ts';
import { readSigningKey } from '../../src/backups/format/signing.ts';
import { createBackups } from '../../src/backups/index.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { createExec } from '../../src/platform/exec/exec.ts';
import { createSqliteJobs } from '../../src/platform/jobs/sqlite-jobs.ts';
import { migrateUp } from '../../src/platform/sql/migrate.ts';
import { openSqlite } from '../../src/platform/sql/sqlite.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { silentLog } from '../support/silent-log.ts';
import { readVictimKeys, victimPlan } from './backup-victim-plan.ts';

const [, , folder = ''] = argv;
const db = openSqlite({ path: path.join(folder, 'evenkeel.db'), now: () => Date.now() });
await migrateUp(db, migrations, Date.now());
const ids = createSystemIds(systemClock);
const base = { db, clock: systemClock, ids, log: silentLog };
const jobs = createSqliteJobs(base);
const { identity, pem, recipients, signer } = readVictimKeys(folder);
const [opened] = await readIdentities(new Secret(identity, 'key'));
const backups = createBackups({
  ...base,
  exec: createExec({ scratch: path.join(folder, 'scratch') }),
  jobs,
  environment: 'live',
  version: '1.2.3',
  keys: {
    identities: async () => (opened === undefined ? [] : [opened.identity]),
    signingKey: async () => readSigningKey(new Secret(pem, 'key')),
  },
});
await backups.apply(victimPlan(folder, { recipients, signer }));
// What the last life was at is given up after two minutes of silence; here time is short.
await db.quiet('test', async (tx) => {
  await tx.of<{ backup_run: { seen_at: number } }>().updateTable('backup_run').set({ seen_at: 0 }).execute();
});
await jobs.start(backups.jobs);
await backups.start();
stdout.write('ready\n');

for (;;) {
  const { id } = await backups.request({ kind: 'backup', service: 'db' });
  let run = await backups.run(id);
  while (run.state === 'waiting' || run.state === 'running') {
    await delay(10);
    run = await backups.run(id);
  }
  if (run.state === 'done') stdout.write(`${run.backup}\n`);
}
