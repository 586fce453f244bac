import type { Db, Tx } from '../../contracts/database.ts';
import { type Clock, DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts';
import * as resultStore from './result-store.ts';
import type { Due } from './rollup-queue.ts';
import * as queue from './rollup-queue.ts';
import type { Rollup, Tier } from './rollup-store.ts';
import * as rollupStore from './rollup-store.ts';
import { startOf } from './rollup-store.ts';
import { checksIn, tallyOf, together } from './tally.ts';

export interface RollerDeps {
  readonly db: Db;
  readonly clock: Clock;
}

/** Most results of an hour are stored by then; a later one only costs a second roll-up. */
const SETTLED_MS = MINUTE_MS;
/** SQLite works while we wait for it: transactions of some milliseconds, and pauses for everything else. */
const RESULTS_AT_ONCE = 2_000;
const DUES_AT_ONCE = 12;
const HOURS_AT_ONCE = 6;
const PAUSE_MS = 2;
/** From so many results on, an hour takes less space as minutes. */
const MINUTES_FROM = 4 * 60;

/**
 * Rolls up every hour and day that is over, of all environments: what comes late is put right. Each piece is one
 * transaction that can be repeated, so a crash at any instant changes nothing.
 */
export async function rollUp({ db, clock }: RollerDeps, signal: AbortSignal): Promise<void> {
  const steps = [() => advance(db, clock.now()), () => rollHours(db), () => rollDays(db)];
  for (const step of steps) {
    while (await step()) await clock.sleep(PAUSE_MS, signal);
  }
}

/** Each answers whether there may be more to do. */
function advance(db: Db, now: number): Promise<boolean> {
  return db.quiet('roll-ups are read, not announced', async (tx) => {
    const until = await queue.hold(tx, 'alone');
    const over = startOf(now - SETTLED_MS, 'hour');
    const first = until === 0 ? await queue.firstResultAt(tx) : until;
    if (first === undefined) return false;
    const from = startOf(first, 'hour');
    const next = Math.min(over, from + HOURS_AT_ONCE * HOUR_MS);
    if (next <= from) return false;
    await queue.advance(tx, from, next);
    return next < over;
  });
}

function rollHours(db: Db): Promise<boolean> {
  return db.quiet('roll-ups are read, not announced', async (tx) => {
    const before = await queue.hold(tx, 'alone');
    const dues = await queue.listDue(tx, 'hour', { before, limit: DUES_AT_ONCE });
    let read = 0;
    for (const due of dues) {
      read += await rollHour(tx, due);
      if (read >= RESULTS_AT_ONCE) return true;
    }
    return dues.length === DUES_AT_ONCE;
  });
}

async function rollHour(tx: Tx, due: Due): Promise<number> {
  const { monitorId, at } = due;
  const hour = { from: at, to: at + HOUR_MS };
  await queue.settle(tx, 'hour', due);
  const { resultsBefore, hoursBefore } = await queue.floorOf(tx, monitorId);
  const results = await resultStore.listIn(tx, monitorId, hour);
  if (at < resultsBefore) {
    // The results it was made of are gone, so what came late is added once, and goes the same way.
    await resultStore.deleteIn(tx, monitorId, hour);
    if (at >= hoursBefore) await addLate(tx, due, results);
  } else {
    await write(tx, due, 'hour', rollupsOf(results, 'hour'));
    if (results.length > MINUTES_FROM) await write(tx, due, 'minute', rollupsOf(results, 'minute'));
    await queue.mark(tx, 'day', [due]);
  }
  return results.length;
}

async function addLate(tx: Tx, due: Due, results: readonly resultStore.StoredResult[]): Promise<void> {
  const { monitorId, at } = due;
  for (const tier of ['minute', 'hour'] as const) {
    const before = await rollupStore.list(tx, { monitorId, tier }, { from: at, to: at + HOUR_MS });
    const isKept = tier === 'hour' || before.length > 0;
    if (isKept) await write(tx, due, tier, joined([...before, ...rollupsOf(results, tier)], tier));
  }
  await queue.mark(tx, 'day', [due]);
}

function rollDays(db: Db): Promise<boolean> {
  return db.quiet('roll-ups are read, not announced', async (tx) => {
    const before = startOf(await queue.hold(tx, 'alone'), 'day');
    const dues = await queue.listDue(tx, 'day', { before, limit: DUES_AT_ONCE });
    for (const due of dues) {
      const { monitorId, at } = due;
      await queue.settle(tx, 'day', due);
      const hours = await rollupStore.list(tx, { monitorId, tier: 'hour' }, { from: at, to: at + DAY_MS });
      const day = { monitorId, tier: 'day', window: { from: at, to: at + DAY_MS } } as const;
      await rollupStore.replace(tx, day, joined(hours, 'day'));
    }
    return dues.length === DUES_AT_ONCE;
  });
}

function write(tx: Tx, { monitorId, at }: Due, tier: Tier, rollups: readonly Rollup[]): Promise<void> {
  return rollupStore.replace(tx, { monitorId, tier, window: { from: at, to: at + HOUR_MS } }, rollups);
}

function rollupsOf(results: readonly resultStore.StoredResult[], tier: Tier): readonly Rollup[] {
  const parts = Map.groupBy(results, ({ at, location }) => `${startOf(at, tier)} ${location}`);
  return [...parts.values()].flatMap((part) => {
    const [first] = part;
    return first === undefined ? [] : [{ at: startOf(first.at, tier), location: first.location, tally: tallyOf(part) }];
  });
}

function joined(rollups: readonly Rollup[], tier: Tier): readonly Rollup[] {
  const parts = Map.groupBy(rollups, ({ at, location }) => `${startOf(at, tier)} ${location}`);
  return [...parts.values()].flatMap((part) => {
    const [first] = part;
    if (first === undefined) return [];
    const tally = together(part.map((each) => each.tally));
    return checksIn(tally) === 0 ? [] : [{ at: startOf(first.at, tier), location: first.location, tally }];
  });
}
