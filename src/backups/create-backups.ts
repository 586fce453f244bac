import type { Tx } from '../contracts/database.ts';
import type { Jobs } from '../contracts/jobs.ts';
import { messageOf } from '../kernel/errors.ts';
import type { BackupNow, BackupRun, Backups, BackupWork } from './backups.ts';
import * as catalogue from './catalogue.ts';
import { backupEngines } from './engines/index.ts';
import { errors } from './errors.ts';
import { createFacts } from './facts.ts';
import { type BackupPlan, EMPTY_PLAN } from './plan.ts';
import { createLook } from './runs/look.ts';
import * as runLife from './runs/run-life.ts';
import type { StoredRun } from './runs/run-store.ts';
import * as runStore from './runs/run-store.ts';
import type { WorkDeps } from './runs/run-work.ts';
import { vaultTypes } from './vaults/index.ts';

/** The plug-ins are those there are, unless others are given. */
export type BackupsDeps = Omit<WorkDeps, Plugins> & Partial<Pick<WorkDeps, Plugins>> & { readonly jobs: Jobs };

type Plugins = 'engineOf' | 'openVault';

export function createBackups({ jobs, ...deps }: BackupsDeps): Backups {
  const { db, clock, ids, log, environment } = deps;
  const state: { plan: BackupPlan; hasStarted: boolean } = { plan: EMPTY_PLAN, hasStarted: false };
  const plan = () => state.plan;
  const work: WorkDeps = {
    engineOf: (type) => backupEngines.get(type),
    openVault: ({ name, type, settings }) => vaultTypes.get(type).open(name, settings, { ids }),
    ...deps,
  };
  const look = createLook({ work, jobs, plan });

  return {
    facts: createFacts({ db, clock, environment, plan }),
    jobs: look.jobs,
    async apply(next) {
      state.plan = next;
      if (state.hasStarted) await lookNow();
    },
    async start() {
      state.hasStarted = true;
      await look.buryPredecessor();
      await lookNow();
    },
    async list(filter) {
      return (await catalogue.list(db, { environment, ...filter })).map(backupNow);
    },
    async request(wanted) {
      const asked = await workAsked(wanted);
      return db.quiet('a run announces how it ends', (tx) => requestOnce(tx, asked));
    },
    async run(id) {
      const found = await runStore.find(db, environment, id);
      if (found === undefined) throw errors.BACKUP_RUN_UNKNOWN({ id });
      return runNow(found);
    },
  };

  async function lookNow(): Promise<void> {
    try {
      await look.look();
    } catch (error) {
      log.warn('What is due could not be asked for; trying again within a minute.', { reason: messageOf(error) });
    }
  }

  async function workAsked(wanted: BackupWork): Promise<Asked> {
    if (wanted.kind === 'backup') {
      const { kind, service } = wanted;
      if (!plan().sources.some((source) => source.service === service)) throw errors.BACKUP_SOURCE_UNKNOWN({ service });
      return { environment, kind, service, backup: null, name: null };
    }
    const { kind, backup } = wanted;
    const entry = await catalogue.find(db, environment, backup);
    if (entry === undefined) throw errors.BACKUP_UNKNOWN({ id: backup });
    return { environment, kind, service: entry.service, backup, name: kind === 'restore' ? wanted.name : null };
  }

  async function requestOnce(tx: Tx, asked: Asked): Promise<BackupRun> {
    await runLife.takeTurn(tx, asked);
    const open = await runStore.findOpen(tx, asked);
    const now = clock.now();
    const id = open?.id ?? ids.next('run');
    if (open === undefined) await runStore.insert(tx, { ...asked, id, attempt: 1, queuedAt: now, runAt: now });
    else await runStore.hurry(tx, id, now);
    await look.wake(tx, asked.service);
    const run = await runStore.find(tx, environment, id);
    if (run === undefined) throw new Error('A run that was just written cannot be read.');
    return runNow(run);
  }
}

type Asked = Pick<runStore.NewRun, 'environment' | 'kind' | 'service' | 'backup' | 'name'>;

function runNow({ name: _name, attempt: _attempt, ...run }: StoredRun): BackupRun {
  return run;
}

function backupNow(backup: catalogue.CataloguedBackup): BackupNow {
  const { id, service, engine, takenAt, tookMs, bytes, plainBytes, vaults, level, proof } = backup;
  return { id, service, engine, takenAt, tookMs, bytes, plainBytes, vaults, level, provenAt: proof?.at ?? null };
}
