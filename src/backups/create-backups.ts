import type { Jobs } from '../contracts/jobs.ts';
import { messageOf } from '../kernel/errors.ts';
import type { BackupNow, Backups } from './backups.ts';
import * as catalogue from './catalogue.ts';
import { backupEngines } from './engines/index.ts';
import { errors } from './errors.ts';
import { createFacts } from './facts.ts';
import { type BackupPlan, EMPTY_PLAN } from './plan.ts';
import { createLook } from './runs/look.ts';
import { requestRun, runNow } from './runs/request.ts';
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
    async find(id) {
      const found = await catalogue.find(db, environment, id);
      if (found === undefined) throw errors.BACKUP_UNKNOWN({ id });
      return backupNow(found);
    },
    request: (wanted) => requestRun(wanted, { db, clock, ids, environment, plan, wake: look.wake }),
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
}

function backupNow(backup: catalogue.CataloguedBackup): BackupNow {
  const { id, service, engine, takenAt, tookMs, bytes, plainBytes, vaults, level, proof } = backup;
  return { id, service, engine, takenAt, tookMs, bytes, plainBytes, vaults, level, provenAt: proof?.at ?? null };
}
