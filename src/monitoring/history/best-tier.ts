import type { Db } from '../../contracts/database.ts';
import type { Window } from './availability.ts';
import * as resultStore from './result-store.ts';
import type { Floor } from './rollup-queue.ts';
import * as queue from './rollup-queue.ts';
import type { Rollup, Tier } from './rollup-store.ts';
import * as rollupStore from './rollup-store.ts';
import { startOf, TIERS } from './rollup-store.ts';

export interface Checked {
  readonly rollups: readonly Rollup[];
  /** Those that no roll-up here stands for. */
  readonly results: readonly resultStore.StoredResult[];
}

export interface CheckedAsked {
  readonly monitorId: number;
  readonly window: Window;
  /** The coarsest roll-up that is of use. */
  readonly tier: Tier;
}

type Kind = Tier | 'minute or hour' | 'results';

interface Span extends Window {
  readonly kind: Kind;
}

/**
 * Every check of the window exactly once, in as few rows as there are: days, hours and minutes that lie in it whole and
 * are rolled up, else the results. Where results are gone, an hour belongs to the window that it begins in.
 */
export async function checkedIn(db: Db, { monitorId, window, tier }: CheckedAsked): Promise<Checked> {
  const dueHours = new Set(await queue.dueOf(db, 'hour', monitorId));
  const known: Known = {
    tier,
    until: await queue.cursor(db),
    floor: await queue.floorOf(db, monitorId),
    dueHours,
    dueDays: new Set([...(await queue.dueOf(db, 'day', monitorId)), ...[...dueHours].map((at) => startOf(at, 'day'))]),
  };
  const parts: Checked[] = [];
  for (const span of spansOf(window, known)) parts.push(await read(db, monitorId, span));
  return { rollups: parts.flatMap(({ rollups }) => rollups), results: parts.flatMap(({ results }) => results) };
}

interface Known {
  readonly tier: Tier;
  readonly until: number;
  readonly floor: Floor;
  readonly dueHours: ReadonlySet<number>;
  readonly dueDays: ReadonlySet<number>;
}

function spansOf(window: Window, known: Known): readonly Span[] {
  const spans: Span[] = [];
  for (let at = window.from; at < window.to; ) {
    const next = spanFrom(at, window.to, known);
    const last = spans.at(-1);
    if (next.kind !== undefined && last?.kind === next.kind && last.to === at) {
      spans.splice(-1, 1, { ...last, to: next.to });
    } else if (next.kind !== undefined) spans.push({ kind: next.kind, from: at, to: next.to });
    // What came late for results that are gone waits to be added to their hour.
    if (at < known.floor.resultsBefore && known.dueHours.has(startOf(at, 'hour'))) {
      spans.push({ kind: 'results', from: at, to: next.to });
    }
    at = next.to;
  }
  return spans;
}

/** What stands for the time that begins at `at`; without a kind it belongs to an earlier window. */
function spanFrom(at: number, end: number, known: Known): Stands {
  const day = startOf(at, 'day');
  const dayEnd = day + TIERS.day;
  if (at < known.floor.hoursBefore) return at === day ? { to: dayEnd, kind: 'day' } : { to: dayEnd };
  const isWholeDay = at === day && dayEnd <= Math.min(end, known.until);
  if (known.tier === 'day' && isWholeDay && !known.dueDays.has(day)) return { to: dayEnd, kind: 'day' };
  return withinHour(at, end, known);
}

function withinHour(at: number, end: number, { tier, until, floor, dueHours }: Known): Stands {
  const hour = startOf(at, 'hour');
  const hourEnd = hour + TIERS.hour;
  if (at < floor.resultsBefore) {
    if (at > hour) return { to: hourEnd };
    return { to: hourEnd, kind: tier === 'minute' ? 'minute or hour' : 'hour' };
  }
  const isRolled = at === hour && hourEnd <= Math.min(end, until) && !dueHours.has(hour);
  if (!isRolled) return { to: Math.min(hourEnd, end), kind: 'results' };
  return { to: hourEnd, kind: tier === 'minute' ? 'minute' : 'hour' };
}

interface Stands {
  readonly to: number;
  readonly kind?: Kind;
}

async function read(db: Db, monitorId: number, { kind, ...window }: Span): Promise<Checked> {
  if (kind === 'results') return { rollups: [], results: await resultStore.listIn(db, monitorId, window) };
  if (kind === 'day' || kind === 'hour') {
    return { rollups: await rollupStore.list(db, { monitorId, tier: kind }, window), results: [] };
  }
  const minutes = await rollupStore.list(db, { monitorId, tier: 'minute' }, window);
  const hasMinutes = new Set(minutes.map(({ at }) => startOf(at, 'hour')));
  if (kind === 'minute or hour') {
    const hours = await rollupStore.list(db, { monitorId, tier: 'hour' }, window);
    return { rollups: [...minutes, ...hours.filter(({ at }) => !hasMinutes.has(at))], results: [] };
  }
  if (hasMinutes.size === 0) return { rollups: [], results: await resultStore.listIn(db, monitorId, window) };
  const others: resultStore.StoredResult[] = [];
  for (let from = window.from; from < window.to; from += TIERS.hour) {
    if (hasMinutes.has(from)) continue;
    others.push(...(await resultStore.listIn(db, monitorId, { from, to: from + TIERS.hour })));
  }
  return { rollups: minutes, results: others };
}
