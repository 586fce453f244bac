import type { Clock } from '../kernel/clock.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { JobRunner } from '../platform/jobs/job-runner.ts';
import { createPostgresJobs } from '../platform/jobs/postgres-jobs.ts';
import { createSqliteJobs } from '../platform/jobs/sqlite-jobs.ts';
import type { Database } from '../platform/sql/database.ts';
import type { Config } from './config.ts';

export interface OpenJobsDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** The job engine that belongs to the database engine. */
export async function openJobs({ databaseUrl }: Config, deps: OpenJobsDeps): Promise<JobRunner> {
  return databaseUrl === null ? createSqliteJobs(deps) : createPostgresJobs({ ...deps, url: databaseUrl });
}
