import type { Tx } from '../../contracts/database.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';
import { errors } from '../errors.ts';
import type { BackupPlan } from '../plan.ts';
import type { Phase } from '../progress.ts';
import { isWorthRetrying, runErrorOf } from './run-error.ts';
import * as runLife from './run-life.ts';
import type { StoredRun } from './run-store.ts';
import * as runStore from './run-store.ts';
import type { RunProgress, Work, WorkDeps, WorkResult } from './run-work.ts';
import { workOnBackup } from './work-backup.ts';
import { workOnProof } from './work-prove.ts';
import { workOnRestore } from './work-restore.ts';
import { workOnVerify } from './work-verify.ts';

/** No run may take longer. */
const RUN_HOURS_MAX = 6;
const BEAT_EVERY_MS = 2 * SECOND_MS;
const ATTEMPTS_MAX = 3;
const RETRY_AFTER_MS = 2 * MINUTE_MS;

const WORK: Readonly<Record<StoredRun['kind'], (work: Work, deps: WorkDeps) => Promise<WorkResult>>> = {
  backup: workOnBackup,
  verify: workOnVerify,
  prove: workOnProof,
  restore: workOnRestore,
};

export interface Shift {
  readonly deps: WorkDeps;
  readonly plan: () => BackupPlan;
  /** Ids of the runs that this process is at. */
  readonly ours: Set<string>;
  readonly signal: AbortSignal;
}

/** Does what waits for a service, one run after the other, until nothing does or another process is at it. */
export async function workThrough(service: string, { deps, plan, ours, signal }: Shift): Promise<void> {
  const { db, clock, environment } = deps;
  while (!signal.aborted) {
    const run = await runStore.nextWaiting(db, { environment, service, now: clock.now() });
    if (run === undefined) return;
    const begin = (tx: Tx) => runLife.begin(tx, { environment, service }, { id: run.id, at: clock.now() });
    ours.add(run.id);
    try {
      if (!(await db.quiet('a run announces how it ends', begin))) return;
      await attempt(run, { deps, plan: plan(), signal });
    } finally {
      ours.delete(run.id);
    }
  }
}

interface Circumstances {
  readonly deps: WorkDeps;
  readonly plan: BackupPlan;
  /** Of the process: it is to stop. */
  readonly signal: AbortSignal;
}

async function attempt(run: StoredRun, { deps, plan, signal: stopping }: Circumstances): Promise<void> {
  const { clock, log } = deps;
  const life = liveOn(run, deps);
  const tooLong = clock.timeout(RUN_HOURS_MAX * HOUR_MS);
  const signal = AbortSignal.any([stopping, life.lost, tooLong]);
  try {
    const result = await WORK[run.kind]({ run, plan, progress: life.progress, signal }, deps);
    await conclude({ ...run, ...life.reached() }, result, deps);
  } catch (error) {
    if (life.lost.aborted) log.warn('A run went on after it had been given up; it has ended now.', { run: run.id });
    else if (stopping.aborted) await deps.db.quiet('it waits again', (tx) => runLife.putBack(tx, run.id));
    else await fail(run, tooLong.aborted ? errors.BACKUP_RUN_TOO_LONG({ hours: RUN_HOURS_MAX }) : error, deps);
  } finally {
    life.end();
  }
}

async function conclude(run: StoredRun, result: WorkResult, deps: WorkDeps): Promise<void> {
  const { db, clock, log } = deps;
  const { findings, failure } = result;
  if (failure !== undefined) {
    await fail(run, failure, deps, result);
    return;
  }
  const at = clock.now();
  const isOurs = await db.quiet('each kind of work announces what it did', async (tx) => {
    const ended = await runLife.end(tx, run, { state: 'done', findings, error: null, at });
    if (ended) await result.commit(tx, at);
    return ended;
  });
  if (!isOurs) {
    await result.undo?.();
    return;
  }
  log.info('A run on backups is done.', { run: run.id, kind: run.kind, service: run.service, findings });
  await result
    .afterwards?.()
    .catch((error: unknown) =>
      log.warn('What follows a backup did not work.', { run: run.id, reason: messageOf(error) }),
    );
}

/** Writes down that it failed, tells everybody, and asks for another try where that may help. */
export async function fail(
  run: StoredRun,
  thrown: unknown,
  deps: WorkDeps,
  { findings, commit }: Pick<WorkResult, 'findings' | 'commit'> = NOTHING_FOUND,
): Promise<void> {
  const { db, clock, log } = deps;
  const error = runErrorOf(thrown, run.id);
  const at = clock.now();
  const report = { run: run.id, kind: run.kind, service: run.service, code: error.code };
  if (error.kind === 'defect')
    log.error('A run on backups failed for a reason of our own.', { ...report, error: thrown });
  else log.warn('A run on backups failed.', { ...report, reason: error.message });
  await db.tx(async (tx) => {
    if (!(await runLife.end(tx, run, { state: 'failed', findings, error, at }))) return;
    await commit(tx, at);
    const { environment } = deps;
    const step = STEPS[run.kind];
    const { code, message: reason } = error;
    if (step !== null) await tx.emit('backup.failed', { environment, service: run.service, step, code, reason, at });
    if (step === null || run.attempt >= ATTEMPTS_MAX || !isWorthRetrying(error)) return;
    await runStore.insert(tx, retryOf(run, deps, at));
  });
}

const NOTHING_FOUND: Pick<WorkResult, 'findings' | 'commit'> = { findings: [], commit: () => Promise.resolve() };

/** Of a restore only the person who asked needs to hear. */
const STEPS = { backup: 'backup', verify: 'proof', prove: 'proof', restore: null } as const;

function retryOf(run: StoredRun, { ids, environment }: WorkDeps, at: number): runStore.NewRun {
  const { kind, service, name, attempt: made } = run;
  return {
    id: ids.next('run'),
    environment,
    kind,
    service,
    name,
    // A new attempt makes a new backup.
    backup: kind === 'backup' ? null : run.backup,
    attempt: made + 1,
    queuedAt: at,
    runAt: at + RETRY_AFTER_MS * 4 ** (made - 1),
  };
}

interface Life {
  readonly progress: RunProgress;
  /** Aborts when somebody has declared the run dead. */
  readonly lost: AbortSignal;
  reached(): Pick<StoredRun, 'backup' | 'bytes'>;
  end(): void;
}

/** Tells again and again that the run lives, and how far it is. */
function liveOn(run: StoredRun, { db, clock, log }: WorkDeps): Life {
  const ended = new AbortController();
  const lost = new AbortController();
  const now: { phase: Phase | null; bytes: number; backup: string | null } = {
    phase: null,
    bytes: 0,
    backup: run.backup,
  };
  void beatOn();
  return {
    progress: {
      enter: (phase) => Object.assign(now, { phase, bytes: 0 }),
      add: (bytes) => (now.bytes += bytes),
      name: (backup) => (now.backup = backup),
    },
    lost: lost.signal,
    reached: () => ({ backup: now.backup, bytes: now.bytes }),
    end: () => ended.abort(),
  };

  async function beatOn(): Promise<void> {
    while (!ended.signal.aborted) {
      await clock.sleep(BEAT_EVERY_MS, ended.signal).catch(() => undefined);
      if (!ended.signal.aborted) await beat();
    }
  }

  async function beat(): Promise<void> {
    try {
      const beatOnce = (tx: Tx) => runLife.beat(tx, run.id, { ...now, at: clock.now() });
      const isAlive = await db.quiet('progress is looked at, not announced', beatOnce);
      if (!isAlive && !ended.signal.aborted) lost.abort();
    } catch (error) {
      log.warn('The progress of a run could not be written down.', { run: run.id, reason: messageOf(error) });
    }
  }
}
