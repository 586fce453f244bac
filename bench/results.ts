import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { type ResultRecord, resultLocationMigration, resultMigration } from '../src/monitoring/history/result-store.ts';
import { createResultWriter } from '../src/monitoring/history/result-writer.ts';
import { rollupMigration } from '../src/monitoring/history/rollup-store.ts';
import type { Database } from '../src/platform/sql/database.ts';
import { migrateUp } from '../src/platform/sql/migrate.ts';
import { systemClock } from '../src/platform/system-clock.ts';
import { silentLog } from '../test/support/silent-log.ts';
import { type Benchmark, type Effort, runBenchmarks } from './benchmark.ts';
import { benchPostgres, benchSqlite } from './databases.ts';
import { type Figure, median } from './figure.ts';

const ROWS_PER_SECOND_MIN = 100_000;
const MONITORS = 1_000;
const CHECKS_OF_EACH = 100;
const ROWS = MONITORS * CHECKS_OF_EACH;
const EVERY_MS = 60_000;
const LATENCY_MS = 12.345;

/** Stores the checks of one round past all of our code, as fast as the engine can. */
type Bare = (firstAt: number) => Promise<void>;

interface Engine {
  readonly name: string;
  readonly db: Database;
  readonly bare: Bare;
  readonly bareName: string;
  /** Of everything the writer has stored. */
  readonly bytesOnDisk: () => Promise<number>;
  /** Rows a second that the design asks for. */
  readonly perSecondMin?: number;
}

interface Round {
  readonly writer: number;
  readonly bare: number;
  readonly writerCpuMs: number;
}

export const results: Benchmark = {
  name: 'results',
  summary: `${ROWS.toLocaleString('en')} check results of ${MONITORS.toLocaleString('en')} monitors through the result writer`,
  async measure(effort) {
    await using ending = new AsyncDisposableStack();
    const figures: Figure[] = [];
    for (const engine of [onSqlite(ending), await onPostgres(ending)]) figures.push(...(await compare(engine, effort)));
    return figures;
  },
};

function onSqlite(ending: AsyncDisposableStack): Engine {
  const { db, file } = benchSqlite(ending);
  const handle = ending.adopt(new DatabaseSync(`${file}.bare`), (open) => open.close());
  handle.exec('pragma journal_mode = wal; pragma synchronous = full');
  return {
    name: 'SQLite',
    db,
    bareName: 'bare node:sqlite, one transaction',
    perSecondMin: ROWS_PER_SECOND_MIN,
    async bare(firstAt) {
      for (const statement of statementsOf('sqlite')) handle.exec(statement.replace('table ', 'table if not exists '));
      const insert = handle.prepare('insert into check_result values (?, ?, ?, ?, ?)');
      handle.exec('begin immediate');
      for (const [monitor, at] of checksFrom(firstAt)) insert.run(monitor, at, 0, LATENCY_MS * 1_000, null);
      handle.exec('commit');
    },
    async bytesOnDisk() {
      const checkpoint = new DatabaseSync(file);
      checkpoint.exec('pragma wal_checkpoint(truncate)');
      checkpoint.close();
      return statSync(file).size;
    },
  };
}

async function onPostgres(ending: AsyncDisposableStack): Promise<Engine> {
  const { db } = await benchPostgres(ending);
  return {
    name: 'PostgreSQL',
    db,
    bareName: 'the server by itself, one statement',
    async bare(firstAt) {
      await db.quiet('a peer', async (tx) => {
        await sql`create table if not exists bare_result (like check_result including all)`.execute(tx.of());
        await sql`
          insert into bare_result select monitor, ${firstAt} + turn * ${EVERY_MS}::bigint, 0, 12345, null
          from generate_series(1, ${CHECKS_OF_EACH}::int) turn, generate_series(1, ${MONITORS}::int) monitor`.execute(
          tx.of(),
        );
      });
    },
    async bytesOnDisk() {
      const query = sql<{ size: number }>`select pg_total_relation_size('check_result') as size`;
      return (await query.execute(db.of())).rows[0]?.size ?? Number.NaN;
    },
  };
}

async function compare(engine: Engine, { rounds }: Effort): Promise<readonly Figure[]> {
  await migrateUp(engine.db, [resultMigration, resultLocationMigration, rollupMigration], systemClock.now());
  const emptyBytes = await engine.bytesOnDisk();
  const measured: Round[] = [];
  // The first round only warms up.
  for (let round = 0; round <= rounds; round += 1) measured.push(await measureRound(engine, round));
  const bytes = (await engine.bytesOnDisk()) - emptyBytes;
  return figuresOf(engine, measured.slice(1), bytes / (ROWS * measured.length));
}

async function measureRound({ db, bare }: Engine, round: number): Promise<Round> {
  const firstAt = systemClock.now() + round * CHECKS_OF_EACH * EVERY_MS;
  const writer = createResultWriter({ db, clock: systemClock, log: silentLog });
  const cpuBefore = process.cpuUsage();
  const writerMs = await msOf(async () => {
    const result: Omit<ResultRecord, 'at'> = { outcome: 'up', latencyMs: LATENCY_MS, reason: null };
    for (const [monitor, at] of checksFrom(firstAt)) writer.write(monitor, { ...result, at });
    await writer.flush();
  });
  const cpu = process.cpuUsage(cpuBefore);
  const bareMs = await msOf(() => bare(firstAt));
  const perSecond = (ms: number) => (ROWS * 1_000) / ms;
  return { writer: perSecond(writerMs), bare: perSecond(bareMs), writerCpuMs: (cpu.user + cpu.system) / ROWS };
}

/** In the order in which they come about: every monitor, then every monitor again. */
function* checksFrom(firstAt: number): Generator<readonly [monitor: number, at: number]> {
  for (let turn = 1; turn <= CHECKS_OF_EACH; turn += 1) {
    for (let monitor = 1; monitor <= MONITORS; monitor += 1) yield [monitor, firstAt + turn * EVERY_MS];
  }
}

async function msOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function figuresOf(engine: Engine, rounds: readonly Round[], bytesPerRow: number): readonly Figure[] {
  const of = (pick: (round: Round) => number) => median(rounds.map(pick));
  const target = engine.perSecondMin === undefined ? {} : { target: { atLeast: engine.perSecondMin } };
  const figures: readonly Figure[] = [
    { name: 'result writer', value: of((round) => round.writer), unit: 'rows/s', ...target },
    { name: engine.bareName, value: of((round) => round.bare), unit: 'rows/s' },
    { name: 'writer / bare', value: of((round) => round.writer / round.bare), unit: 'ratio' },
    { name: 'CPU of 1,000 rows', value: of((round) => round.writerCpuMs), unit: 'ms' },
    { name: 'on disk', value: bytesPerRow, unit: 'bytes/row' },
  ];
  return figures.map((figure) => ({ ...figure, name: `${engine.name}: ${figure.name}` }));
}

function statementsOf(engine: 'sqlite'): readonly string[] {
  return 'sqlite' in resultMigration.up ? resultMigration.up[engine] : resultMigration.up;
}

if (import.meta.main) await runBenchmarks([results]);
