import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { Migration } from '../src/contracts/database.ts';
import type { Database } from '../src/platform/sql/database.ts';
import { createEventStream } from '../src/platform/sql/event-stream.ts';
import { migrateUp } from '../src/platform/sql/migrate.ts';
import { outboxMigration } from '../src/platform/sql/outbox.ts';
import { systemClock } from '../src/platform/system-clock.ts';
import { silentLog } from '../test/support/silent-log.ts';
import { type Benchmark, type Effort, runBenchmarks } from './benchmark.ts';
import { benchPostgres, benchSqlite } from './databases.ts';
import { type Figure, median } from './figure.ts';
import { createWitness, type Witness } from './outbox-witness.ts';
import { type Rate, rateOf, WRITERS } from './writers.ts';

const TX_PER_SECOND_MIN = 2_000;
const CATCH_UP_MAX_MS = 60_000;
const WARM_UP_S = 1;

/** `bench_event` is the outbox again, so that what is written past our code is not what our consumer reads. */
const benchMigration: Migration = {
  id: 'platform/9999-bench-outbox',
  up: {
    sqlite: [
      'create table bench_row (id integer primary key, name text not null)',
      `create table bench_event (
         seq integer primary key autoincrement, name text not null, payload text not null, at integer not null)`,
    ],
    postgres: [
      'create table bench_row (id bigint generated always as identity primary key, name text not null)',
      'create table bench_event (like outbox including all)',
    ],
  },
  down: ['drop table bench_event', 'drop table bench_row'],
};

interface RowTables {
  bench_row: { name: string };
}

interface Engine {
  readonly name: string;
  readonly db: Database;
  /** Commits one row past all of our code, with an event or without. */
  readonly bare: (name: string, payload?: string) => Promise<void>;
  /** Transactions a second that the design asks for. */
  readonly perSecondMin?: number;
}

interface Round {
  readonly announced: Rate;
  readonly catchUpMs: number;
  readonly quiet: Rate;
  readonly bareAnnounced: Rate;
  readonly bareQuiet: Rate;
}

export const outbox: Benchmark = {
  name: 'outbox',
  summary: `${WRITERS} writers each commit a row and its event, one durable consumer follows; fsync is on`,
  async measure(effort) {
    await using ending = new AsyncDisposableStack();
    const postgres = await benchPostgres(ending);
    const pool = ending.adopt(new pg.Pool({ connectionString: postgres.url, max: WRITERS }), (open) => open.end());
    const sqlite = benchSqlite(ending);
    const handle = ending.adopt(new DatabaseSync(sqlite.file), (open) => open.close());
    handle.exec('pragma synchronous = full');
    const engines: readonly Engine[] = [
      { name: 'PostgreSQL', db: postgres.db, bare: barePostgres(pool), perSecondMin: TX_PER_SECOND_MIN },
      { name: 'SQLite', db: sqlite.db, bare: bareSqlite(handle) },
    ];
    const figures: Figure[] = [];
    for (const engine of engines) figures.push(...(await compare(engine, effort)));
    return figures;
  },
};

function barePostgres(pool: pg.Pool): Engine['bare'] {
  return async (name, payload) => {
    const client = await pool.connect();
    await client.query('begin');
    await client.query('insert into bench_row (name) values ($1)', [name]);
    if (payload !== undefined) {
      const values = ['token.revoked', payload, systemClock.now()];
      await client.query('insert into bench_event (name, payload, at) values ($1, $2, $3)', values);
    }
    await client.query('commit');
    client.release();
  };
}

function bareSqlite(handle: DatabaseSync): Engine['bare'] {
  const statements = new Map<string, ReturnType<typeof handle.prepare>>();
  const run = (sql: string, ...values: readonly (string | number)[]) => {
    const statement = statements.getOrInsertComputed(sql, () => handle.prepare(sql));
    statement.run(...values);
  };
  return async (name, payload) => {
    handle.exec('begin immediate');
    run('insert into bench_row (name) values (?)', name);
    if (payload !== undefined) {
      run('insert into bench_event (name, payload, at) values (?, ?, ?)', 'token.revoked', payload, systemClock.now());
    }
    handle.exec('commit');
  };
}

async function compare(engine: Engine, { rounds, seconds }: Effort): Promise<readonly Figure[]> {
  await migrateUp(engine.db, [outboxMigration, benchMigration], systemClock.now());
  const witness = createWitness();
  const stream = createEventStream({ db: engine.db, clock: systemClock, log: silentLog });
  stream.consume({ name: 'bench', handle: async (event) => witness.see(event) });
  await measureRound(engine, witness, WARM_UP_S);
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round += 1) measured.push(await measureRound(engine, witness, seconds));
  await stream.stop();
  return figuresOf(engine, measured, witness);
}

async function measureRound({ db, bare }: Engine, witness: Witness, seconds: number): Promise<Round> {
  const announced = await rateOf(seconds, (writer) => {
    const name = witness.nextName(writer);
    return db.tx(async (tx) => {
      await tx.of<RowTables>().insertInto('bench_row').values({ name }).execute();
      await tx.emit('token.revoked', { tokenId: 'tok_1', name, by: 'benchmark', at: systemClock.now() });
    });
  });
  const catchUpMs = await witness.caughtUp(CATCH_UP_MAX_MS);
  const quiet = await rateOf(seconds, (writer) =>
    db.quiet('the row alone is measured', (tx) =>
      tx
        .of<RowTables>()
        .insertInto('bench_row')
        .values({ name: `${writer}/quiet` })
        .execute(),
    ),
  );
  const bareAnnounced = await rateOf(seconds, (writer) => {
    const name = `${writer}/bare`;
    return bare(name, JSON.stringify({ tokenId: 'tok_1', name, by: 'benchmark', at: systemClock.now() }));
  });
  const bareQuiet = await rateOf(seconds, (writer) => bare(`${writer}/bare`));
  return { announced, catchUpMs, quiet, bareAnnounced, bareQuiet };
}

function figuresOf({ name, perSecondMin }: Engine, rounds: readonly Round[], witness: Witness): readonly Figure[] {
  const of = (pick: (round: Round) => number) => median(rounds.map(pick));
  const target = perSecondMin === undefined ? {} : { target: { atLeast: perSecondMin } };
  const figures: readonly Figure[] = [
    { name: 'row and event', value: of((round) => round.announced.perSecond), unit: 'tx/s', ...target },
    { name: 'row alone', value: of((round) => round.quiet.perSecond), unit: 'tx/s' },
    { name: 'bare driver, row and event', value: of((round) => round.bareAnnounced.perSecond), unit: 'tx/s' },
    { name: 'bare driver, row alone', value: of((round) => round.bareQuiet.perSecond), unit: 'tx/s' },
    {
      name: 'row and event / bare driver',
      value: of((round) => round.announced.perSecond / round.bareAnnounced.perSecond),
      unit: 'ratio',
    },
    {
      name: 'row and event / row alone',
      value: of((round) => round.announced.perSecond / round.quiet.perSecond),
      unit: 'ratio',
    },
    { name: 'CPU of 1,000 rows and events', value: of((round) => round.announced.cpuMsPerThousand), unit: 'ms' },
    { name: 'CPU of the same, bare driver', value: of((round) => round.bareAnnounced.cpuMsPerThousand), unit: 'ms' },
    { name: 'until the consumer had caught up', value: of((round) => round.catchUpMs), unit: 'ms' },
    { name: 'events seen', value: witness.seen(), unit: 'events' },
    { name: 'events skipped', value: witness.skipped(), unit: 'events', target: { atMost: 0 } },
    { name: 'events repeated or out of order', value: witness.repeated(), unit: 'events', target: { atMost: 0 } },
  ];
  return figures.map((figure) => ({ ...figure, name: `${name}: ${figure.name}` }));
}

if (import.meta.main) await runBenchmarks([outbox]);
