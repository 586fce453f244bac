import { Cron } from 'croner';
import type { Db } from '../../contracts/database.ts';
import type { JobDefinition, Jobs } from '../../contracts/jobs.ts';
import type { Clock } from '../../kernel/clock.ts';

/** The engine behind the `Jobs` command. Both engines pass one conformance suite. */
export interface JobRunner extends Jobs {
  /** Works on these jobs from now on, and sees to it that each recurring one is waiting for its next turn. */
  start(definitions: readonly JobDefinition[]): Promise<void>;
  /** Takes nothing new, tells what runs to stop, and waits for it. */
  stop(): Promise<void>;
}

export interface Recurrence {
  readonly jobs: Jobs;
  readonly db: Db;
  readonly clock: Clock;
}

/** The next turn of a recurring job waits under a key of its own, so that several processes plan it once. */
export async function planNextTurn(job: JobDefinition, { jobs, db, clock }: Recurrence): Promise<void> {
  if (job.cron === undefined) return;
  const next = new Cron(job.cron, { timezone: 'UTC' }).nextRun(new Date(clock.now()));
  if (next === null) return;
  await db.quiet('the turn is announced by what it does', (tx) =>
    jobs.enqueue(tx, job, {}, { runAt: next.getTime(), key: `turn ${next.toISOString()}` }),
  );
}
