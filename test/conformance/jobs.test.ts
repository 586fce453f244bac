import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { sql } from 'kysely';
import * as z from 'zod';
import { migrations } from '../../src/app/migrations.ts';
import type { JobDefinition, JobRun } from '../../src/contracts/jobs.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { createPostgresJobs } from '../../src/platform/jobs/postgres-jobs.ts';
import { createSqliteJobs } from '../../src/platform/jobs/sqlite-jobs.ts';
import { migrateUp } from '../../src/platform/sql/migrate.ts';
import { openPostgres } from '../../src/platform/sql/postgres.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { fileDatabase } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase, sharedPostgres } from '../support/servers/postgres.ts';
import { silentLog } from '../support/silent-log.ts';

const base = { clock: systemClock, ids: createSystemIds(systemClock), log: silentLog };

const RUNNERS = [
  { engine: 'SQLite', open: openOnSqlite },
  { engine: 'PostgreSQL', open: openOnPostgres },
];

for (const { engine, open } of RUNNERS) {
  describe(`jobs on ${engine}`, () => {
    test('runs what was enqueued, with its payload', async (t) => {
      const { db, runner } = await open(t);
      const { job, payloads } = recorded();
      await runner.start([job]);

      await db.quiet('test', (tx) => runner.enqueue(tx, job, { text: 'hello' }));

      await eventually(() => assert.deepEqual(payloads, [{ text: 'hello' }]));
    });

    test('forgets a job whose transaction failed', async (t) => {
      const { db, runner } = await open(t);
      const { job, payloads } = recorded();
      await runner.start([job]);

      await assert.rejects(
        db.quiet('test', async (tx) => {
          await runner.enqueue(tx, job, { text: 'lost' });
          throw new Error('power cut');
        }),
      );
      await db.quiet('test', (tx) => runner.enqueue(tx, job, { text: 'kept' }));

      await eventually(() => assert.deepEqual(payloads, [{ text: 'kept' }]));
    });

    test('refuses a payload of the wrong shape at once', async (t) => {
      const { db, runner } = await open(t);
      const { job } = recorded();
      await runner.start([job]);

      await assert.rejects(db.quiet('test', async (tx) => runner.enqueue(tx, job, { text: 7 } as never)));
    });

    test('adds a second job with the same key only once the first has ended', async (t) => {
      const { db, runner } = await open(t);
      const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
      const { job, payloads } = recorded(() => gate);
      await runner.start([job]);
      const add = (text: string) => db.quiet('test', (tx) => runner.enqueue(tx, job, { text }, { key: 'nightly' }));

      assert.equal(await add('first'), true);
      assert.equal(await add('while waiting'), false);
      await eventually(() => assert.equal(payloads.length, 1));
      assert.equal(await add('while running'), false);
      openGate();

      await eventually(async () => assert.equal(await add('afterwards'), true));
      await eventually(() => assert.deepEqual(payloads, [{ text: 'first' }, { text: 'afterwards' }]));
    });

    test('waits until a job may run', async (t) => {
      const { db, runner } = await open(t);
      const { job, payloads } = recorded();
      await runner.start([job]);

      await db.quiet('test', async (tx) => {
        await runner.enqueue(tx, job, { text: 'later' }, { runAt: Date.now() + 3_600_000 });
        await runner.enqueue(tx, job, { text: 'now' });
      });

      await eventually(() => assert.deepEqual(payloads, [{ text: 'now' }]));
    });

    test('tries again after a failure, as often as the job says', async (t) => {
      const { db, runner } = await open(t);
      const attempts: number[] = [];
      const { job } = recorded(async ({ attempt }) => {
        attempts.push(attempt);
        throw new Error('not yet');
      });
      await runner.start([job]);

      await db.quiet('test', (tx) => runner.enqueue(tx, job, { text: 'stubborn' }));

      await eventually(() => assert.deepEqual(attempts, [1, 2]));
    });

    test('tells a job that takes too long to stop', async (t) => {
      const { db, runner } = await open(t);
      const reasons: string[] = [];
      const { job } = recorded(async ({ signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        reasons.push(signal.reason.name);
        throw signal.reason;
      });
      await runner.start([{ ...job, timeoutMs: 50 }]);

      await db.quiet('test', (tx) => runner.enqueue(tx, job, { text: 'endless' }));

      await eventually(() => assert.equal(reasons[0], 'TimeoutError'));
    });

    test('runs a recurring job again and again', async (t) => {
      const { runner } = await open(t);
      const turns: string[] = [];
      const { job } = recorded(async ({ id }) => void turns.push(id));

      await runner.start([{ ...job, name: 'ticking', payload: z.object({}), cron: '* * * * * *' }]);

      await eventually(() => assert.ok(new Set(turns).size >= 2));
    });

    test('plans the next turn of a recurring job, once', async (t) => {
      const { db, runner, waiting } = await open(t);
      const { job } = recorded();
      const nightly = { ...job, name: 'nightly', payload: z.object({}), cron: '0 3 * * *' };

      await runner.start([nightly]);
      await runner.start([nightly]);

      assert.equal(await waiting(db, 'nightly'), 1);
    });
  });
}

function recorded(work: (run: JobRun) => Promise<void> = async () => undefined) {
  const payloads: unknown[] = [];
  const job = {
    name: 'greeting',
    payload: z.object({ text: z.string() }),
    timeoutMs: 30_000,
    attemptsMax: 2,
    retryDelayMs: 10,
    async handle(payload: { text: string }, run: JobRun) {
      payloads.push(payload);
      await work(run);
    },
  } satisfies JobDefinition<z.ZodObject<{ text: z.ZodString }>>;
  return { job, payloads };
}

async function openOnSqlite(t: TestContext) {
  // Hooks run in the order of their registration, and the database must outlive its runner.
  t.after(() => runner.stop());
  const db = await fileDatabase(t);
  const runner = createSqliteJobs({ ...base, db });
  const waiting = async (source: typeof db, name: string) =>
    (await sql`select 1 from job where name = ${name} and status = 'waiting'`.execute(source.of())).rows.length;
  return { db, runner, waiting };
}

async function openOnPostgres(t: TestContext) {
  const url = new Secret(await freshDatabase(await sharedPostgres()), 'test database');
  const db = await openPostgres({ url, log: silentLog, now: () => Date.now() });
  await migrateUp(db, migrations, 1);
  const runner = await createPostgresJobs({ ...base, url, db });
  t.after(async () => {
    await runner.stop();
    await db.close();
  });
  const waiting = async (source: typeof db, name: string) =>
    (await sql`select 1 from evenkeel_jobs.job where name = ${name} and state = 'created'`.execute(source.of())).rows
      .length;
  return { db, runner, waiting };
}
