import type { Migration, Tx } from '../../contracts/database.ts';
import type { JobDefinition } from '../../contracts/jobs.ts';
import { SECOND_MS } from '../../kernel/clock.ts';

/** Jobs on SQLite. PostgreSQL has pg-boss, in a schema of its own. */
export const jobMigration: Migration = {
  id: 'platform/2026-11-20-job',
  up: {
    sqlite: [
      `create table job (
         id text primary key, name text not null, payload text not null, job_key text not null,
         status text not null, attempt integer not null, run_at integer not null, lease_until integer,
         error text, finished_at integer)`,
      `create unique index job_key on job (name, job_key) where status in ('waiting', 'running')`,
      `create index job_due on job (run_at) where status = 'waiting'`,
    ],
    postgres: [],
  },
  down: { sqlite: ['drop table job'], postgres: [] },
};

interface JobTables {
  job: {
    id: string;
    name: string;
    payload: string;
    job_key: string;
    status: 'waiting' | 'running' | 'done' | 'failed';
    attempt: number;
    run_at: number;
    lease_until: number | null;
    error: string | null;
    finished_at: number | null;
  };
}

export interface StoredJob {
  readonly id: string;
  readonly name: string;
  readonly payload: string;
  readonly attempt: number;
  readonly runAt: number;
}

/** False when a job of this name and key is waiting or running. */
export async function insert(
  tx: Tx,
  job: {
    readonly id: string;
    readonly name: string;
    readonly payload: string;
    readonly key: string;
    readonly runAt: number;
  },
): Promise<boolean> {
  const { id, name, payload, key, runAt } = job;
  const row = { id, name, payload, job_key: key, run_at: runAt, status: 'waiting', attempt: 0 } as const;
  const query = tx
    .of<JobTables>()
    .insertInto('job')
    .values({ ...row, lease_until: null, error: null, finished_at: null });
  const { numInsertedOrUpdatedRows } = await query.onConflict((conflict) => conflict.doNothing()).executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** A lease outlives the job's own deadline a little, so that nobody takes over from one that is just ending. */
const LEASE_GRACE_MS = 30 * SECOND_MS;

export interface Claimant {
  readonly kinds: readonly Pick<JobDefinition, 'name' | 'timeoutMs' | 'attemptsMax'>[];
  /** Jobs it is working on: one that does not heed its deadline must not run beside itself. */
  readonly busyWith: readonly string[];
  readonly now: number;
}

/** Takes the job that has been due the longest, or one whose holder let its lease run out. */
export async function claim(tx: Tx, { kinds, busyWith, now }: Claimant): Promise<StoredJob | undefined> {
  const names = kinds.map(({ name }) => name);
  const query = tx.of<JobTables>().selectFrom('job').select(['id', 'name', 'payload', 'attempt', 'run_at']);
  const job = await query
    .where('name', 'in', names)
    .where('id', 'not in', busyWith)
    .where(({ and, eb, or }) =>
      or([
        and([eb('status', '=', 'waiting'), eb('run_at', '<=', now)]),
        and([eb('status', '=', 'running'), eb('lease_until', '<', now)]),
      ]),
    )
    .orderBy('run_at')
    .limit(1)
    .executeTakeFirst();
  const kind = kinds.find(({ name }) => name === job?.name);
  if (job === undefined || kind === undefined) return undefined;
  const attempt = job.attempt + 1;
  if (attempt > kind.attemptsMax) {
    // It took the process with it, every time: once more would be once too often.
    await finish(tx, job, { status: 'failed', error: 'It never came to an end.', at: now });
    return undefined;
  }
  const claimed = { status: 'running', attempt, lease_until: now + kind.timeoutMs + LEASE_GRACE_MS } as const;
  await tx.of<JobTables>().updateTable('job').set(claimed).where('id', '=', job.id).execute();
  return { id: job.id, name: job.name, payload: job.payload, attempt, runAt: job.run_at };
}

/** Only the attempt that was claimed may end the job: a later one has taken over by then. */
export async function finish(
  tx: Tx,
  { id, attempt }: Pick<StoredJob, 'id' | 'attempt'>,
  end: { readonly status: 'done' | 'failed'; readonly error: string | null; readonly at: number },
): Promise<void> {
  const changes = { status: end.status, error: end.error, finished_at: end.at, lease_until: null };
  await tx
    .of<JobTables>()
    .updateTable('job')
    .set(changes)
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .execute();
}

/** `attempt` is how many count so far: one that we broke off ourselves does not. */
export async function retryAt(
  tx: Tx,
  stored: StoredJob,
  again: { readonly runAt: number; readonly attempt: number; readonly error: string },
): Promise<void> {
  const { runAt, attempt, error } = again;
  const changes = { status: 'waiting', run_at: runAt, attempt, lease_until: null, error } as const;
  await tx
    .of<JobTables>()
    .updateTable('job')
    .set(changes)
    .where('id', '=', stored.id)
    .where('attempt', '=', stored.attempt)
    .execute();
}

/** After a crash: the only process there is knows that nobody holds a lease any more. */
export async function releaseAll(tx: Tx): Promise<void> {
  const changes = { status: 'waiting', lease_until: null } as const;
  await tx.of<JobTables>().updateTable('job').set(changes).where('status', '=', 'running').execute();
}

export async function deleteFinishedBefore(tx: Tx, before: number): Promise<void> {
  await tx.of<JobTables>().deleteFrom('job').where('finished_at', '<', before).execute();
}
