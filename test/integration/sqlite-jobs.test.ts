import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import * as z from 'zod';
import type { JobDefinition, JobRun } from '../../src/contracts/jobs.ts';
import { createSqliteJobs } from '../../src/platform/jobs/sqlite-jobs.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { fileDatabase } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { silentLog } from '../support/silent-log.ts';

// What pg-boss does for PostgreSQL, our own runner has to do on SQLite.

test('runs again what a crash has broken off', async (t) => {
  const { open, enqueue } = await place(t);
  const { job, runs } = endless();
  const first = await open([job]);
  await enqueue(first, job);
  await eventually(() => assert.equal(runs.length, 1));

  // The first one is never told to stop: it is dead, as far as the second can know.
  await open([job]);

  await eventually(() => assert.deepEqual(attemptsOf(runs), [1, 2]));
});

test('gives up a job that takes the process with it every time', async (t) => {
  const { db, open, enqueue } = await place(t);
  const { job, runs } = endless();
  await enqueue(await open([job]), job);
  for (let life = 1; life <= 4; life += 1) {
    await eventually(() => assert.equal(runs.length, Math.min(life, job.attemptsMax)));
    await open([job]);
  }

  await eventually(async () => assert.deepEqual(await statuses(db), ['failed']));
  assert.deepEqual(attemptsOf(runs), [1, 2]);
});

test('does not count an attempt that it broke off itself', async (t) => {
  const { open, enqueue } = await place(t);
  const { job, runs } = endless();
  const first = await open([job]);
  await enqueue(first, job);
  await eventually(() => assert.equal(runs.length, 1));

  await first.stop();
  await open([job]);

  await eventually(() => assert.deepEqual(attemptsOf(runs), [1, 1]));
});

test('never runs a job beside itself, also when it does not heed its deadline', async (t) => {
  const clock = new FakeClock();
  const { open, enqueue } = await place(t, clock);
  const { job, runs, release } = endless({ isDeaf: true });
  await enqueue(await open([job]), job);
  await passUntil(clock, () => runs.length === 1);

  for (let minute = 0; minute < 5; minute += 1) {
    await clock.advance(60_000);
    await delay(5);
  }

  assert.equal(runs.length, 1);
  release();
});

async function place(t: TestContext, clock: FakeClock | typeof systemClock = systemClock) {
  const runners: ReturnType<typeof createSqliteJobs>[] = [];
  t.after(() => Promise.all(runners.map((runner) => runner.stop())));
  const db = await fileDatabase(t);
  const open = async (jobs: readonly JobDefinition[]) => {
    const runner = createSqliteJobs({ db, clock, ids: createSystemIds(clock), log: silentLog });
    runners.push(runner);
    await runner.start(jobs);
    return runner;
  };
  const enqueue = (runner: (typeof runners)[number], job: JobDefinition) =>
    db.quiet('test', (tx) => runner.enqueue(tx, job, {}));
  return { db, open, enqueue };
}

/** A job that only its signal, or nothing but the end of the test, brings to an end. */
function endless({ isDeaf = false } = {}) {
  const runs: JobRun[] = [];
  const { promise: end, resolve: release } = Promise.withResolvers<void>();
  const job: JobDefinition = {
    name: 'endless',
    payload: z.object({}),
    timeoutMs: 60_000,
    attemptsMax: 2,
    retryDelayMs: 1,
    async handle(_payload, run) {
      runs.push(run);
      if (!isDeaf) run.signal.addEventListener('abort', () => release(), { once: true });
      await end;
      run.signal.throwIfAborted();
    },
  };
  return { job, runs, release };
}

function attemptsOf(runs: readonly JobRun[]): number[] {
  return runs.map(({ attempt }) => attempt);
}

async function statuses(db: Awaited<ReturnType<typeof fileDatabase>>): Promise<unknown[]> {
  const { rows } = await sql<{ status: string }>`select status from job`.execute(db.of());
  return rows.map(({ status }) => status);
}

async function passUntil(clock: FakeClock, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await clock.advance(1_000);
    await delay(1);
  }
}
