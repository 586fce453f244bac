import type { Db } from '../contracts/database.ts';
import type { BackupFacts, BackupSourceNow } from '../contracts/facts.ts';
import type { Clock } from '../kernel/clock.ts';
import * as catalogue from './catalogue.ts';
import type { BackupPlan, PlannedSource } from './plan.ts';
import type { StoredRun } from './runs/run-store.ts';
import * as runStore from './runs/run-store.ts';
import { nextDueAt } from './schedule.ts';

export interface FactsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly environment: string;
  readonly plan: () => BackupPlan;
}

/** Answers from the database alone, so every process gives the same answer. */
export function createFacts({ db, clock, environment, plan }: FactsDeps): BackupFacts {
  return { sources: () => Promise.all(plan().sources.map(sourceNow)) };

  async function sourceNow({ service, engine, holds, schedule }: PlannedSource): Promise<BackupSourceNow> {
    const filter = { environment, service };
    const newest = await catalogue.newest(db, filter);
    const proven = await catalogue.newest(db, { ...filter, isProven: true });
    const running = await runStore.findRunning(db, environment, service);
    const attempt = await runStore.newestAttempt(db, environment, service);
    return {
      service,
      engine,
      holds,
      lastBackup: newest ? { id: newest.id, takenAt: newest.takenAt, bytes: newest.bytes } : null,
      lastProof: proven?.proof ? { backup: proven.id, takenAt: proven.takenAt, ...proven.proof } : null,
      level: newest?.level ?? 'none',
      nextAt: nextDueAt(schedule, clock.now()),
      lastFailure: failureOf(attempt),
      underWay: underWay(running),
    };
  }
}

function failureOf(attempt: StoredRun | undefined): BackupSourceNow['lastFailure'] {
  if (attempt?.state !== 'failed' || attempt.error === null || attempt.endedAt === null) return null;
  return { at: attempt.endedAt, code: attempt.error.code, reason: attempt.error.message };
}

function underWay(run: StoredRun | undefined): BackupSourceNow['underWay'] {
  if (run === undefined) return null;
  const { id, kind, phase, bytes, startedAt, queuedAt } = run;
  return { run: id, kind, phase, bytes, startedAt: startedAt ?? queuedAt };
}
