import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackupSourceNow } from '../../src/contracts/facts.ts';
import { MINUTE_MS } from '../../src/kernel/clock.ts';
import { backupArea } from '../support/backup-area.ts';
import { ENGINES } from '../support/databases.ts';

for (const { engine, open } of ENGINES) {
  test(`while a backup is taken, and only then, its source says so, on ${engine}`, async (t) => {
    const area = backupArea({ db: await open(t) });
    await area.begin();
    await area.clock.advance(MINUTE_MS);
    const seen: BackupSourceNow['underWay'][] = [];
    const look = async () => {
      for (const { underWay } of await area.backups.facts.sources()) seen.push(underWay);
    };
    area.database.onDump = look;

    const run = await area.backups.request({ kind: 'backup', service: 'db' });
    await look();
    await area.jobs.run();
    await look();

    const [waiting, running, ended] = seen;
    assert.deepEqual([seen.length, waiting, ended], [3, null, null]);
    assert.deepEqual([running?.run, running?.kind, running?.startedAt], [run.id, 'backup', area.clock.now()]);
  });
}
