import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { SqlRow } from '../src/contracts/database.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../src/kernel/clock.ts';
import { createFacts } from '../src/monitoring/facts.ts';
import { rollUp } from '../src/monitoring/history/roller.ts';
import { monitoringMigrations } from '../src/monitoring/index.ts';
import { createCalendar } from '../src/monitoring/maintenance/calendar.ts';
import * as monitorStore from '../src/monitoring/state/monitor-store.ts';
import type { Database } from '../src/platform/sql/database.ts';
import { migrateUp } from '../src/platform/sql/migrate.ts';
import { systemClock } from '../src/platform/system-clock.ts';
import { type Benchmark, runBenchmarks } from './benchmark.ts';
import { benchSqlite } from './databases.ts';
import type { Figure } from './figure.ts';

const MONITORS = 200;
const DAYS = 365;
const PAGE_DAYS = 90;
const EVERY_MS = MINUTE_MS;
/** One in ten changes its state eight times a day, the others once in four days. */
const CHANGES_OF = (monitor: number) => (monitor % 10 === 0 ? 8 * DAYS : Math.round(DAYS / 4));
const ENDS_AT = Date.parse('2026-11-20T14:34:10Z');
const BEGINS_AT = ENDS_AT - (ENDS_AT % DAY_MS) - DAYS * DAY_MS;
/** Defaults of the manifest; hours and days are kept for longer than the year. */
const RESULTS_KEPT_DAYS = 30;
const LOOKS = 60;
const CHECKS = MONITORS * ((DAYS * DAY_MS) / EVERY_MS);

export const history: Benchmark = {
  name: 'history',
  summary: `a year of ${MONITORS} monitors, a check each minute`,
  async measure() {
    await using ending = new AsyncDisposableStack();
    const { db, file } = benchSqlite(ending);
    await migrateUp(db, monitoringMigrations, systemClock.now());
    await makeMonitors(db);
    const raw = ending.adopt(new DatabaseSync(file), (open) => open.close());
    const sizeBefore = sizeOf(file, raw);
    const changes = storeChanges(raw);
    const sizeWithChanges = sizeOf(file, raw);
    const year = await liveThrough(db, raw, file);
    return [
      { name: 'raw tier', value: year.rawBytesPerCheck, unit: 'bytes/check' },
      { name: 'whole database after the year', value: (sizeOf(file, raw) - sizeBefore) / 2 ** 20, unit: 'MB' },
      { name: 'the same, for each check of the year', value: year.bytes / CHECKS, unit: 'bytes/check' },
      { name: 'state changes', value: changes, unit: 'changes' },
      { name: 'state change', value: (sizeWithChanges - sizeBefore) / changes, unit: 'bytes/change' },
      { name: 'rolling up', value: (year.rollMs * 1_000) / (CHECKS / DAYS), unit: 'µs/check' },
      { name: 'longest transaction of it', value: year.longestMs, unit: 'ms', target: { atMost: 20 } },
      ...(await look(db, raw)),
      { name: 'memory, resident', value: process.memoryUsage().rss / 2 ** 20, unit: 'MB' },
    ];
  },
};

async function makeMonitors(db: Database): Promise<void> {
  await db.quiet('a benchmark', async (tx) => {
    for (let monitor = 1; monitor <= MONITORS; monitor += 1) {
      const name = nameOf(monitor);
      await monitorStore.insert(tx, 'live', { name, pingKey: name, at: BEGINS_AT });
    }
  });
}

function storeChanges(raw: DatabaseSync): number {
  const insert = raw.prepare('insert into state_change values (?, ?, ?, ?, null, ?)');
  const update = raw.prepare('update monitor set state = ?, since = ?, reason = ? where id = ?');
  let stored = 0;
  raw.exec('begin');
  for (let monitor = 1; monitor <= MONITORS; monitor += 1) {
    const count = CHANGES_OF(monitor);
    const gapMs = (DAYS * DAY_MS) / count;
    for (let turn = 0; turn < count; turn += 1) {
      const at = Math.round(BEGINS_AT + turn * gapMs + (monitor * HOUR_MS) / MONITORS);
      const isUp = turn % 2 === 0;
      const state = isUp ? 'up' : turn % 8 === 1 ? 'degraded' : 'down';
      const reason = isUp ? null : 'Expected [STATUS] == 200, it was 503.';
      insert.run(monitor, at, state, reason, at + EVERY_MS);
      if (turn === count - 1) update.run(state, at, reason, monitor);
      stored += 1;
    }
  }
  raw.exec('commit');
  return stored;
}

/** One day as it is lived, with what housekeeping makes of it; the others are copies of it. */
async function liveThrough(db: Database, raw: DatabaseSync, file: string) {
  const sizeBefore = sizeOf(file, raw);
  storeDay(raw, BEGINS_AT);
  const rawBytesPerCheck = (sizeOf(file, raw) - sizeBefore) / (CHECKS / DAYS);
  let longestMs = 0;
  const timed: Database = {
    ...db,
    quiet: (reason, work) =>
      db.quiet(reason, async (tx) => {
        // Processor time: on a shared machine the clock on the wall counts others as well.
        const before = process.cpuUsage();
        const done = await work(tx);
        const { user, system } = process.cpuUsage(before);
        longestMs = Math.max(longestMs, (user + system) / 1_000);
        return done;
      }),
  };
  const clock = { ...systemClock, now: () => BEGINS_AT + DAY_MS + HOUR_MS, sleep: async () => undefined };
  const rollMs = await msOf(() => rollUp({ db: timed, clock }, new AbortController().signal));
  copyDay(raw);
  return { rawBytesPerCheck, rollMs, longestMs, bytes: sizeOf(file, raw) - sizeBefore };
}

/** Roll-ups for every other day, results for those that are kept. */
function copyDay(raw: DatabaseSync): void {
  const days = `with recursive day (number) as (select 1 union all select number + 1 from day where number < ${DAYS - 1})`;
  const later = `at + number * ${DAY_MS}`;
  raw.exec(`
    begin;
    insert into result_rollup ${days}
      select monitor_id, tier, ${later}, location, up, degraded, down, answers, sum_us, min_us, max_us, latencies
      from (select distinct monitor_id as id from result_rollup) join day join result_rollup on monitor_id = id
      where at < ${BEGINS_AT + DAY_MS};
    insert into check_result ${days}
      select monitor_id, ${later}, location, outcome, latency_us, reason
      from (select distinct monitor_id as id from result_rollup) join day join check_result on monitor_id = id
      where number >= ${DAYS - RESULTS_KEPT_DAYS} and at < ${BEGINS_AT + DAY_MS};
    delete from check_result where at < ${BEGINS_AT + DAY_MS};
    update rollup_cursor set until = ${BEGINS_AT + DAYS * DAY_MS};
    commit; vacuum`);
}

/** In the order in which they come about. A latency wanders around one of its own, as real ones do. */
function storeDay(raw: DatabaseSync, midnight: number): void {
  const insert = raw.prepare('insert into check_result values (?, ?, 0, ?, ?, ?)');
  raw.exec('begin');
  for (let at = midnight; at < midnight + DAY_MS; at += EVERY_MS) {
    for (let monitor = 1; monitor <= MONITORS; monitor += 1) {
      insert.run(...checkOf(monitor, at + monitor * (EVERY_MS / MONITORS)));
    }
  }
  raw.exec('commit');
}

let noise = 12_345;

function checkOf(monitor: number, at: number): SqlRow & [number, number, number, number | null, string | null] {
  // A linear congruential generator: the same year in every run.
  noise = (noise * 1_103_515_245 + 12_345) % 2 ** 31;
  const share = noise / 2 ** 31;
  if (share < 0.002) return [monitor, at, 2, null, 'connection refused'];
  const spread = 0.8 + 0.4 * share + (share > 0.99 ? 3 : 0);
  return [monitor, at, 0, Math.round((20 + monitor) * 1_000 * spread), null];
}

async function look(db: Database, raw: DatabaseSync): Promise<readonly Figure[]> {
  const clock = { ...systemClock, now: () => ENDS_AT };
  const names = Array.from({ length: MONITORS }, (_, index) => nameOf(index + 1));
  const facts = createFacts({
    db,
    clock,
    environment: 'live',
    monitors: () => [],
    readings: () => ({}),
    calendar: () => createCalendar([], [], []),
  });
  const first = await msOf(() => facts.history(names, PAGE_DAYS));
  const bare = raw.prepare('select monitor_id, at, state, reason from state_change where at >= ? order by 1, 2');
  const ours: number[] = [];
  const peers: number[] = [];
  for (let turn = 0; turn < LOOKS; turn += 1) {
    ours.push(await msOf(() => facts.history(names, PAGE_DAYS)));
    peers.push(await msOf(async () => bare.all(ENDS_AT - PAGE_DAYS * DAY_MS)));
  }
  return [
    { name: '90 days of all, the first look', value: first, unit: 'ms' },
    { name: '90 days of all, p50', value: percentile(ours, 0.5), unit: 'ms' },
    { name: '90 days of all, p99', value: percentile(ours, 0.99), unit: 'ms', target: { atMost: 10 } },
    { name: 'bare node:sqlite reading the rows, p50', value: percentile(peers, 0.5), unit: 'ms' },
    { name: 'bare node:sqlite reading the rows, p99', value: percentile(peers, 0.99), unit: 'ms' },
  ];
}

function nameOf(monitor: number): string {
  return `monitor-${monitor}`;
}

function sizeOf(file: string, raw: DatabaseSync): number {
  raw.exec('pragma wal_checkpoint(truncate)');
  return statSync(file).size;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

if (import.meta.main) await runBenchmarks([history]);
