import * as z from 'zod';
import type { Tx } from '../../contracts/database.ts';
import type { JobDefinition, Jobs } from '../../contracts/jobs.ts';
import { HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';
import { errors } from '../errors.ts';
import type { BackupPlan, PlannedSource } from '../plan.ts';
import { isDue, lastDueAt } from '../schedule.ts';
import * as runLife from './run-life.ts';
import type { StoredRun } from './run-store.ts';
import * as runStore from './run-store.ts';
import type { WorkDeps } from './run-work.ts';

export interface LookDeps {
  readonly work: WorkDeps;
  readonly jobs: Jobs;
  readonly plan: () => BackupPlan;
}

export interface Look {
  readonly jobs: readonly JobDefinition[];
  /** Asks for everything that is due and does not wait for the work. */
  look(): Promise<void>;
  /** Ends what another process has left under way, when that one must be dead. */
  buryPredecessor(): Promise<void>;
  /** What waits for this service is worked on soon; in the transaction that makes it wait. */
  wake(tx: Tx, service: string): Promise<void>;
}

/** A run whose process has not been heard of for so long has died with it. */
const SILENT_MS = 2 * MINUTE_MS;
/** Of several runs, each of which has a limit of its own. */
const WORK_MS_MAX = 12 * HOUR_MS;

const Work = z.object({ service: z.string() });

/** All that packs, encrypts, stores and restores: loaded when there is work, since on most days there is an hour of it. */
const loadWorker = () => import('./worker.ts');

/** Runs are rows, so that people can look at them; a job only says that a service has some. */
export function createLook({ work, jobs, plan }: LookDeps): Look {
  const { db, clock, environment } = work;
  const ours = new Set<string>();
  const worker: JobDefinition<typeof Work> = {
    name: `backup-work-${environment}`,
    payload: Work,
    timeoutMs: WORK_MS_MAX,
    // It fails only by taking its process with it, and how often a run may do that is written in its row.
    attemptsMax: 1_000,
    retryDelayMs: MINUTE_MS,
    handle: async ({ service }, { signal }) =>
      (await loadWorker()).workThrough(service, { deps: work, plan, ours, signal }),
  };
  const looker: JobDefinition = {
    name: `backup-look-${environment}`,
    payload: z.object({}),
    cron: '* * * * *',
    timeoutMs: 5 * MINUTE_MS,
    attemptsMax: 1,
    retryDelayMs: MINUTE_MS,
    handle: look,
  };
  return { jobs: [looker, worker], look, buryPredecessor, wake };

  async function look(): Promise<void> {
    await bury(await runStore.listRunning(db, environment, { silentSince: clock.now() - SILENT_MS }));
    for (const source of plan().sources) {
      await db.quiet('a backup announces itself when it is taken', (tx) => requestIfDue(tx, source));
    }
    for (const service of await runStore.servicesWaiting(db, environment, clock.now())) {
      await db.quiet('a run announces how it ends', (tx) => wake(tx, service));
    }
  }

  /** On SQLite there is one process at a time: what runs in its tables ran in one that died. */
  async function buryPredecessor(): Promise<void> {
    if (db.engine !== 'sqlite') return;
    try {
      const running = await runStore.listRunning(db, environment);
      await bury(running.filter(({ id }) => !ours.has(id)));
    } catch (error) {
      work.log.warn('Runs that a crash left behind end only in two minutes.', { reason: messageOf(error) });
    }
  }

  async function bury(dead: readonly StoredRun[]): Promise<void> {
    for (const run of dead) {
      const { fail } = await loadWorker();
      await fail({ ...run, backup: run.kind === 'backup' ? null : run.backup }, errors.BACKUP_RUN_DIED({}), work);
    }
  }

  async function requestIfDue(tx: Tx, source: PlannedSource): Promise<void> {
    const { service, schedule } = source;
    const key = { environment, service };
    const now = clock.now();
    const seen = await runLife.lastSlotOf(tx, key);
    if (seen !== null && !isDue(schedule, seen, now)) return;
    if (!(await runLife.takeSlot(tx, key, { seen, next: lastDueAt(schedule, now) }))) return;
    const run = { ...key, kind: 'backup', backup: null, name: null } as const;
    // One that waits or runs already is as good.
    if ((await runStore.findOpen(tx, run)) !== undefined) return;
    await runStore.insert(tx, { ...run, id: work.ids.next('run'), attempt: 1, queuedAt: now, runAt: now });
  }

  async function wake(tx: Tx, service: string): Promise<void> {
    await jobs.enqueue(tx, worker, { service }, { key: service });
  }
}
