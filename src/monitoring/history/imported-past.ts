import type { Db, Tx } from '../../contracts/database.ts';
import { errors } from '../errors.ts';
import * as monitorStore from '../state/monitor-store.ts';
import * as changeStore from './change-store.ts';
import { thaw } from './frozen-month.ts';
import * as pastStore from './past-store.ts';
import { endOf, type PastSpan, timelineWith } from './past-timeline.ts';
import * as queue from './rollup-queue.ts';
import type { Rollup } from './rollup-store.ts';
import * as rollupStore from './rollup-store.ts';
import { startOf } from './rollup-store.ts';
import { sketchOf } from './sketch.ts';

export interface Past {
  /** Who counted, e.g. `Uptime Kuma`. */
  readonly origin: string;
  /** Ascending, without overlaps. */
  readonly spans: readonly PastSpan[];
}

export interface PastAdded {
  readonly added: number;
  /** There already, or of a time in which we watched by ourselves. */
  readonly known: number;
}

const US_PER_MS = 1_000;

/**
 * Adds what others measured before we watched: states, checks and latencies. An hour or a day that is known already
 * stays as it is, so it can be told again. Throws MONITOR_UNKNOWN.
 */
export async function addPast(
  { db, environment }: { readonly db: Db; readonly environment: string },
  name: string,
  { origin, spans }: Past,
): Promise<PastAdded> {
  return db.quiet('what was long ago is no news', async (tx) => {
    await queue.hold(tx, 'alone');
    const record = (await monitorStore.list(tx, environment)).find((each) => each.name === name);
    if (record === undefined) throw errors.MONITOR_UNKNOWN({ name });
    const { id, watchedSince } = record;
    const known = (await pastStore.untilOf(tx, id)) ?? (await changeStore.firstAt(tx, id)) ?? watchedSince;
    const until = Math.min(known, watchedSince);
    const fresh = await unknownOf(tx, id, { spans, until });
    const [first] = fresh;
    if (first !== undefined) {
      await addChecks(tx, id, { fresh, until });
      const before = await changeStore.listBefore(tx, id, until);
      await changeStore.replaceBefore(tx, id, until, timelineWith(before, { spans: fresh, until, origin }));
      await thaw(tx, id, { from: first.at, to: until });
      await pastStore.noteAddition(tx, id, until);
    }
    return { added: fresh.length, known: spans.length - fresh.length };
  });
}

interface Asked {
  readonly spans: readonly PastSpan[];
  readonly until: number;
}

async function unknownOf(tx: Tx, monitorId: number, { spans, until }: Asked): Promise<readonly PastSpan[]> {
  const window = { from: startOf(spans[0]?.at ?? 0, 'day'), to: until };
  const startsOf = async (tier: 'hour' | 'day') =>
    new Set((await rollupStore.list(tx, { monitorId, tier }, window)).map(({ at }) => at));
  const [hours, days] = [await startsOf('hour'), await startsOf('day')];
  const daysByHour = new Set([...hours].map((at) => startOf(at, 'day')));
  return spans.filter((span) => {
    const { at, length, up, down } = span;
    if (endOf(span) > until || up + down === 0) return false;
    const day = startOf(at, 'day');
    if (length === 'day') return !days.has(day) && !daysByHour.has(day);
    return !hours.has(at) && (!days.has(day) || daysByHour.has(day));
  });
}

/** What the floor says is true: of that time there are no results here, and of whole days no hours either. */
async function addChecks(
  tx: Tx,
  monitorId: number,
  { fresh, until }: { readonly fresh: readonly PastSpan[]; readonly until: number },
): Promise<void> {
  const ofLength = (length: PastSpan['length']) => fresh.filter((span) => span.length === length);
  const [hours, days] = [ofLength('hour'), ofLength('day')];
  await rollupStore.add(tx, { monitorId, tier: 'hour' }, hours.map(rollupOf));
  await rollupStore.add(tx, { monitorId, tier: 'day' }, days.map(rollupOf));
  // A day is made of its hours, also of those that are ours.
  await queue.mark(
    tx,
    'day',
    hours.map(({ at }) => ({ monitorId, at })),
  );
  const floor = await queue.floorOf(tx, monitorId);
  await queue.setFloor(tx, monitorId, {
    resultsBefore: Math.max(floor.resultsBefore, startOf(until, 'hour')),
    hoursBefore: Math.max(floor.hoursBefore, ...days.map(endOf)),
  });
}

function rollupOf({ at, up, down, latency }: PastSpan): Rollup {
  const none = { answers: 0, sumUs: 0, minUs: null, maxUs: null, latencies: new Map() };
  if (latency === null || up === 0) return { at, location: 0, tally: { up, degraded: 0, down, ...none } };
  // How they were spread is not known: all but the fastest and the slowest count as the average.
  const [bucket = 0] = sketchOf([us(latency.averageMs)]).keys();
  const spread = { sumUs: us(latency.averageMs) * up, minUs: us(latency.minMs), maxUs: us(latency.maxMs) };
  const latencies = new Map([[bucket, up]]);
  return { at, location: 0, tally: { up, degraded: 0, down, answers: up, ...spread, latencies } };
}

function us(ms: number): number {
  return Math.round(ms * US_PER_MS);
}
