import type { Db } from '../../contracts/database.ts';
import type { JobDefinition } from '../../contracts/jobs.ts';
import type { Clock } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import * as jobStore from './job-store.ts';

export interface StoredJobDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the process shuts down: the job is told, and waits for the next start. */
  readonly stopping: AbortSignal;
}

/** Runs one attempt of a job and writes down how it ended. */
export async function runStoredJob(
  job: JobDefinition,
  stored: jobStore.StoredJob,
  { db, clock, log, stopping }: StoredJobDeps,
): Promise<void> {
  const { id, attempt } = stored;
  const signal = AbortSignal.any([stopping, clock.timeout(job.timeoutMs)]);
  try {
    await job.handle(job.payload.parse(JSON.parse(stored.payload)), { id, attempt, signal });
    await settle('done', null);
  } catch (error) {
    await fail(error);
  }

  async function fail(error: unknown): Promise<void> {
    const reason = messageOf(error);
    if (attempt >= job.attemptsMax && !stopping.aborted) {
      log.error('A job failed for good.', { job: job.name, id, attempt, error });
      await settle('failed', reason);
      return;
    }
    const delayMs = stopping.aborted ? 0 : job.retryDelayMs * 2 ** (attempt - 1);
    const again = { runAt: clock.now() + delayMs, attempt: stopping.aborted ? attempt - 1 : attempt, error: reason };
    log.warn('A job failed and will be tried again.', { job: job.name, id, delayMs, reason });
    await db.quiet('a retry is announced by what it does', (tx) => jobStore.retryAt(tx, stored, again));
  }

  async function settle(status: 'done' | 'failed', error: string | null): Promise<void> {
    const end = { status, error, at: clock.now() };
    await db.quiet('a job announces its results by itself', (tx) => jobStore.finish(tx, stored, end));
  }
}
