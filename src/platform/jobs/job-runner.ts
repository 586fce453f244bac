import { Cron } from 'croner';
import type { Tx } from '../../contracts/database.ts';
import type { JobDefinition, Jobs } from '../../contracts/jobs.ts';

/** The engine behind the `Jobs` command. Both engines pass one conformance suite. */
export interface JobRunner extends Jobs {
  /** Works on these jobs from now on, and sees to it that each recurring one is waiting for its next turn. */
  start(definitions: readonly JobDefinition[]): Promise<void>;
  /** Takes nothing new, tells what runs to stop, and waits for it. */
  stop(): Promise<void>;
}

/**
 * The next turn of a recurring job waits under a key of its own, so that several processes plan it once. It is planned
 * when the turn before it begins (`after`): whatever becomes of that one, the chain does not break.
 */
export async function planNextTurn(
  tx: Tx,
  job: JobDefinition,
  { jobs, after }: { readonly jobs: Jobs; readonly after: number },
): Promise<void> {
  if (job.cron === undefined) return;
  const next = new Cron(job.cron, { timezone: 'UTC' }).nextRun(new Date(after));
  if (next === null) return;
  await jobs.enqueue(tx, job, {}, { runAt: next.getTime(), key: `turn ${next.toISOString()}` });
}
