import { CompiledQuery } from 'kysely';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { Db, Tx } from '../../contracts/database.ts';
import type { JobDefinition } from '../../contracts/jobs.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { Secret } from '../../kernel/secret.ts';
import { type JobRunner, planNextTurn } from './job-runner.ts';

export interface PostgresJobsDeps {
  readonly url: Secret;
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

type StoredJob = Pick<JobWithMetadata<unknown>, 'id' | 'data' | 'retryCount' | 'startAfter' | 'signal'>;

const SCHEMA = 'evenkeel_jobs';
const CONNECTIONS_MAX = 4;
/** A worker that says nothing for this long is taken for dead, and its job is given to another. */
const HEARTBEAT_S = 30;
/** New jobs are announced; retries and turns that have come due are found by looking. */
const LOOK_EVERY_S = 2;
const WORK = { includeMetadata: true, notifyPollingIntervalSeconds: LOOK_EVERY_S } as const;
const STOP_WITHIN_MS = 20 * SECOND_MS;
const RETENTION_S = 90 * 86_400;

/** Jobs shared by any number of processes, on pg-boss. A job is sent inside the caller's own transaction. */
export async function createPostgresJobs({ url, db, clock, ids, log }: PostgresJobsDeps): Promise<JobRunner> {
  const boss = await openBoss(url, log);
  const runner: JobRunner = {
    async enqueue(tx, job, payload, { runAt, key } = {}) {
      const data = Object(job.payload.parse(payload));
      const id = await boss.send(job.name, data, {
        db: databaseOf(tx),
        // Every job needs a key of its own here: pg-boss takes jobs without one for the same.
        singletonKey: key ?? ids.next('job'),
        ...(runAt !== undefined && { startAfter: new Date(runAt) }),
      });
      return id !== null;
    },
    async start(definitions) {
      for (const job of definitions) {
        await ensureQueue(boss, job);
        await boss.work(job.name, WORK, async ([stored]) => {
          if (stored !== undefined) await run(job, stored);
        });
        await plan(job, clock.now());
      }
    },
    stop: () => boss.stop({ graceful: true, timeout: STOP_WITHIN_MS }),
  };
  return runner;

  async function run(job: JobDefinition, stored: StoredJob): Promise<void> {
    const attempt = stored.retryCount + 1;
    const signal = AbortSignal.any([stored.signal, clock.timeout(job.timeoutMs)]);
    try {
      await plan(job, Math.max(clock.now(), stored.startAfter.getTime()));
      await job.handle(job.payload.parse(stored.data), { id: stored.id, attempt, signal });
    } catch (error) {
      const isLast = attempt >= job.attemptsMax;
      if (isLast) log.error('A job failed for good.', { job: job.name, id: stored.id, attempt, error });
      else
        log.warn('A job failed and will be tried again.', { job: job.name, id: stored.id, reason: messageOf(error) });
      throw error;
    }
  }

  function plan(job: JobDefinition, after: number): Promise<void> {
    return db.quiet('the turn is announced by what it does', (tx) => planNextTurn(tx, job, { jobs: runner, after }));
  }
}

async function openBoss(url: Secret, log: Log): Promise<PgBoss> {
  // SQLite users never load it.
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({
    connectionString: url.reveal(),
    schema: SCHEMA,
    max: CONNECTIONS_MAX,
    application_name: 'evenkeel jobs',
    useListenNotify: true,
    schedule: false,
  });
  boss.on('error', (error) => log.error('The job engine reports an error.', { error }));
  boss.on('warning', (warning) => log.warn('The job engine reports a warning.', { warning }));
  await boss.start();
  return boss;
}

async function ensureQueue(boss: PgBoss, job: JobDefinition): Promise<void> {
  const settings = {
    retryLimit: job.attemptsMax - 1,
    retryDelay: Math.ceil(job.retryDelayMs / SECOND_MS),
    retryBackoff: true,
    expireInSeconds: Math.ceil(job.timeoutMs / SECOND_MS) + HEARTBEAT_S,
    heartbeatSeconds: HEARTBEAT_S,
    retentionSeconds: RETENTION_S,
    notify: true,
  };
  const isNew = (await boss.getQueue(job.name)) === null;
  // `exclusive`: one waiting or running job for each key, which is what a key promises.
  if (isNew) await boss.createQueue(job.name, { policy: 'exclusive', ...settings });
  else await boss.updateQueue(job.name, settings);
}

/** pg-boss writes through the transaction of its caller, so the job commits with its cause. */
function databaseOf(tx: Tx) {
  return {
    executeSql: async (text: string, values: readonly unknown[] = []) => {
      const { rows } = await tx.of().executeQuery(CompiledQuery.raw(text, [...values]));
      return { rows };
    },
  };
}
