import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { BackupRun, Backups, BackupWork } from '../../src/backups/index.ts';
import { createBackups, vaultTypes } from '../../src/backups/index.ts';
import type { PlannedSource } from '../../src/backups/plan.ts';
import type { Vault } from '../../src/backups/vault.ts';
import type { Log } from '../../src/kernel/log.ts';
import type { Secret } from '../../src/kernel/secret.ts';
import { monitorTypes } from '../../src/monitoring/index.ts';
import { createExec } from '../../src/platform/exec/exec.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { aPlan, aSource, testKeys } from './backup-area.ts';
import { memoryDatabase } from './databases.ts';
import { manualJobs } from './manual-jobs.ts';
import { silentLog } from './silent-log.ts';

// The manifest loads the types that it names; tests describe monitors without one.
await monitorTypes.loadAll();

export interface DrillArea {
  readonly db: Database;
  readonly backups: Backups;
  /** The folder that backups are kept in. */
  readonly folder: string;
  readonly vault: Vault;
  /** Takes the first backup, and proves it when it can. */
  begin(): Promise<void>;
  /** Has it done, and tells how it ended. */
  done(work: BackupWork): Promise<BackupRun>;
  /** Backs this up from now on. */
  back(source: Partial<PlannedSource>): Promise<void>;
}

export interface DrillOptions {
  readonly source: Partial<PlannedSource>;
  readonly folder?: string;
  readonly log?: Log;
  readonly identities?: () => readonly Secret[];
  readonly signers?: readonly string[];
}

/** The whole area as it is in earnest, but for its jobs: they run when a test says so. */
export async function drillArea(t: TestContext, options: DrillOptions): Promise<DrillArea> {
  const { log = silentLog, identities = () => [testKeys.platform], signers = [testKeys.signer] } = options;
  const scratch = mkdtempSync(path.join(tmpdir(), 'evenkeel-drill-'));
  const folder = options.folder ?? path.join(scratch, 'vault');
  t.after(() => rmSync(scratch, { recursive: true, force: true }));
  const db = await memoryDatabase(t);
  const jobs = manualJobs();
  const ids = createSystemIds(systemClock);
  const backups = createBackups({
    db,
    clock: systemClock,
    ids,
    log,
    exec: createExec(),
    jobs,
    environment: 'live',
    version: '1.2.3',
    keys: { identities: async () => identities(), signingKey: async () => testKeys.signingKey },
  });
  const planFor = (source: Partial<PlannedSource>) =>
    aPlan({
      sources: [aSource(source)],
      vaults: [{ name: 'local', type: 'directory', settings: { folder } }],
      signers,
    });
  await backups.apply(planFor(options.source));
  return {
    db,
    backups,
    folder,
    vault: vaultTypes.get('directory').open('local', { folder }, { ids }),
    async begin() {
      await backups.start();
      await jobs.run();
    },
    async done(work) {
      const run = await backups.request(work);
      await jobs.run();
      return backups.run(run.id);
    },
    back: (source) => backups.apply(planFor(source)),
  };
}
