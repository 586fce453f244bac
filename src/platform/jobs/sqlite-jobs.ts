import type { Db } from '../../contracts/database.ts';
import type { JobDefinition } from '../../contracts/jobs.ts';
import { type Clock, DAY_MS, SECOND_MS } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import { type JobRunner, planNextTurn } from './job-runner.ts';
import * as jobStore from './job-store.ts';

export interface SqliteJobsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

const AT_ONCE_MAX = 2;
/** One indexed query a second is cheaper than any way of being told. */
const LOOK_EVERY_MS = SECOND_MS;
/** A lease outlives the job's own deadline a little, so that nobody takes over from one that is just ending. */
const LEASE_GRACE_MS = 30 * SECOND_MS;
const KEPT_MS = 7 * DAY_MS;

/** Jobs of the one process there is on SQLite, over a table with leases. */
export function createSqliteJobs({ db, clock, ids, log }: SqliteJobsDeps): JobRunner {
  const definitions = new Map<string, JobDefinition>();
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  let looping: Promise<void> | undefined;

  const runner: JobRunner = {
    enqueue(tx, job, payload, { runAt = clock.now(), key } = {}) {
      const id = ids.next('job');
      const text = JSON.stringify(job.payload.parse(payload));
      return jobStore.insert(tx, { id, name: job.name, payload: text, key: key ?? id, runAt });
    },
    async start(jobs) {
      for (const job of jobs) definitions.set(job.name, job);
      await db.quiet('takes back what a crash left behind', (tx) => jobStore.releaseAll(tx));
      for (const job of jobs) await planNextTurn(job, { jobs: runner, db, clock });
      looping = loop();
    },
    async stop() {
      stopping.abort();
      await looping;
      await Promise.all(running);
    },
  };
  return runner;

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      const job = running.size < AT_ONCE_MAX ? await claim() : undefined;
      if (job === undefined) await clock.sleep(LOOK_EVERY_MS, stopping.signal).catch(() => undefined);
      else launch(job);
    }
  }

  async function claim(): Promise<jobStore.StoredJob | undefined> {
    const leaseMs = (name: string) => (definitions.get(name)?.timeoutMs ?? 0) + LEASE_GRACE_MS;
    try {
      return await db.quiet('a claim is nobody else’s business', async (tx) => {
        await jobStore.deleteFinishedBefore(tx, clock.now() - KEPT_MS);
        return jobStore.claim(tx, [...definitions.keys()], { now: clock.now(), leaseMs });
      });
    } catch (error) {
      log.error('The queue of jobs could not be read; trying again.', { error });
      return undefined;
    }
  }

  function launch(stored: jobStore.StoredJob): void {
    const work = run(stored)
      .catch((error: unknown) => log.error('The end of a job could not be stored.', { job: stored.name, error }))
      .finally(() => running.delete(work));
    running.add(work);
  }

  async function run(stored: jobStore.StoredJob): Promise<void> {
    const job = definitions.get(stored.name);
    if (job === undefined) return;
    const signal = AbortSignal.any([stopping.signal, clock.timeout(job.timeoutMs)]);
    try {
      await job.handle(job.payload.parse(JSON.parse(stored.payload)), {
        id: stored.id,
        attempt: stored.attempt,
        signal,
      });
      await settle(stored, null);
    } catch (error) {
      await fail(job, stored, error);
    }
    await planNextTurn(job, { jobs: runner, db, clock });
  }

  async function fail(job: JobDefinition, stored: jobStore.StoredJob, error: unknown): Promise<void> {
    const reason = messageOf(error);
    if (stored.attempt >= job.attemptsMax && !stopping.signal.aborted) {
      log.error('A job failed for good.', { job: job.name, id: stored.id, attempt: stored.attempt, error });
      await settle(stored, reason);
      return;
    }
    const delayMs = stopping.signal.aborted ? 0 : job.retryDelayMs * 2 ** (stored.attempt - 1);
    log.warn('A job failed and will be tried again.', { job: job.name, id: stored.id, delayMs, reason });
    await db.quiet('a retry is announced by what it does', (tx) =>
      jobStore.retryAt(tx, stored, clock.now() + delayMs, reason),
    );
  }

  async function settle(stored: jobStore.StoredJob, error: string | null): Promise<void> {
    const end = { status: error === null ? 'done' : 'failed', error, at: clock.now() } as const;
    await db.quiet('a job announces its results by itself', (tx) => jobStore.finish(tx, stored, end));
  }
}
