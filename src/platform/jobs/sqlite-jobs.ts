import type { Db } from '../../contracts/database.ts';
import type { JobDefinition } from '../../contracts/jobs.ts';
import { type Clock, DAY_MS, SECOND_MS } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import { type JobRunner, planNextTurn } from './job-runner.ts';
import * as jobStore from './job-store.ts';
import { runStoredJob } from './stored-job.ts';

export interface SqliteJobsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

const AT_ONCE_MAX = 2;
/** One indexed query a second is cheaper than any way of being told. */
const LOOK_EVERY_MS = SECOND_MS;
const KEPT_MS = 7 * DAY_MS;

/** Jobs of the one process there is on SQLite, over a table with leases. */
export function createSqliteJobs({ db, clock, ids, log }: SqliteJobsDeps): JobRunner {
  const definitions = new Map<string, JobDefinition>();
  const stopping = new AbortController();
  const running = new Map<string, Promise<void>>();
  let looping: Promise<void> | undefined;

  const runner: JobRunner = {
    enqueue(tx, job, payload, { runAt = clock.now(), key } = {}) {
      const id = ids.next('job');
      const text = JSON.stringify(job.payload.parse(payload));
      return jobStore.insert(tx, { id, name: job.name, payload: text, key: key ?? id, runAt });
    },
    async start(jobs) {
      for (const job of jobs) definitions.set(job.name, job);
      await db.quiet('takes back what a crash left behind', async (tx) => {
        await jobStore.releaseAll(tx);
        for (const job of jobs) await planNextTurn(tx, job, { jobs: runner, after: clock.now() });
      });
      looping = loop();
    },
    async stop() {
      stopping.abort();
      await looping;
      await Promise.all(running.values());
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
    try {
      return await db.quiet('a claim is nobody else’s business', async (tx) => {
        await jobStore.deleteFinishedBefore(tx, clock.now() - KEPT_MS);
        const claimant = { kinds: [...definitions.values()], busyWith: [...running.keys()], now: clock.now() };
        const stored = await jobStore.claim(tx, claimant);
        const job = definitions.get(stored?.name ?? '');
        if (stored === undefined || job === undefined) return undefined;
        await planNextTurn(tx, job, { jobs: runner, after: Math.max(clock.now(), stored.runAt) });
        return stored;
      });
    } catch (error) {
      log.error('The queue of jobs could not be read; trying again.', { error });
      return undefined;
    }
  }

  function launch(stored: jobStore.StoredJob): void {
    const job = definitions.get(stored.name);
    if (job === undefined) return;
    const work = runStoredJob(job, stored, { db, clock, log, stopping: stopping.signal })
      .catch((error: unknown) => log.error('The end of a job could not be stored.', { job: stored.name, error }))
      .finally(() => running.delete(stored.id));
    running.set(stored.id, work);
  }
}
