import { availabilityIn, type Change, type Window } from '../history/availability.ts';
import { type Budget, badShare, budgetOf, burnRate, goneAt, type Tally } from './budget.ts';
import type { Rates } from './burning.ts';
import type { CheckTallies } from './check-tallies.ts';
import type { BurnPair, Objective } from './objective.ts';
import { isRolling, nominalMs, periodAt } from './period.ts';
import { sum, timeTally, withoutMaintenance } from './tallies.ts';

/** What is known of the monitor of an objective. */
export interface MonitorPast {
  readonly monitorId: number;
  /** Ascending; the first one is in force at the beginning of everything that is measured. */
  readonly changes: readonly Change[];
}

export interface Measurement extends Window {
  readonly reached: number | null;
  readonly coverage: number;
  readonly budget: Budget | null;
  /** One for each pair. */
  readonly rates: readonly Rates[];
  /** How fast the budget is spent now, over the shortest of the long windows. */
  readonly rate: number | null;
  readonly goneAt: number | null;
}

/** So much of a window must be known before its speed is told. */
const KNOWN_MIN = 0.5;

/** What the objective has reached, what is left of its budget and how fast it goes. Nothing known is null throughout. */
export async function measure(
  objective: Objective,
  past: MonitorPast | undefined,
  checks: CheckTallies,
  now: number,
): Promise<Measurement> {
  const whole = periodAt(objective.period, objective.zone, now);
  if (past === undefined) return nothing(objective, whole);
  const { target, pairs } = objective;
  const look = reader(objective, past, checks, now);

  const soFar = { from: whole.from, to: Math.min(now, whole.to) };
  const { tally, coverage } = await look(soFar);
  const budget = budgetOf(tally, target, wholeOf(objective, past, { whole, soFar, tally }));
  const speeds = new Map<number, Speed>();
  for (const ms of new Set(pairs.flatMap(({ longMs, shortMs }) => [longMs, shortMs]))) {
    speeds.set(ms, speedOf(objective, ms, await look({ from: now - ms, to: now })));
  }
  const rate = speeds.get(Math.min(...pairs.map(({ longMs }) => longMs)))?.long ?? null;
  const lengthMs = whole.to - whole.from;
  const endsAt = isRolling(objective.period) ? null : whole.to;
  return {
    ...whole,
    reached: reachedOf(tally),
    coverage,
    budget,
    rates: pairs.map((pair) => ratesOf(pair, speeds)),
    rate,
    goneAt: budget === null ? null : goneAt({ ratio: budget.ratio, rate: rate ?? 0, lengthMs, endsAt }, now),
  };
}

/** How far back the record must reach. */
export function measuredFrom({ period, zone, pairs }: Objective, now: number): number {
  const longest = Math.max(nominalMs(period), ...pairs.map(({ longMs }) => longMs));
  return Math.min(periodAt(period, zone, now).from, now - longest);
}

interface Look {
  readonly tally: Tally;
  /** Share of the window that counts and is known. */
  readonly coverage: number;
}

/** Counts are asked for between announced work and elsewhere apart, because only states know when it was. */
function reader(objective: Objective, { monitorId, changes }: MonitorPast, checks: CheckTallies, now: number) {
  return async (window: Window): Promise<Look> => {
    const inside = since(changes, window.from);
    const time = availabilityIn(inside, window);
    if (objective.kind === 'time') return { tally: timeTally(time.ms, objective), coverage: time.coverage };
    const all = await checks.read(objective, monitorId, window, now);
    const during: Tally[] = [];
    for (const rest of maintenanceIn(inside, window)) {
      during.push(await checks.read(objective, monitorId, rest, now));
    }
    return { tally: withoutMaintenance(all, sum(during), objective), coverage: time.coverage };
  };
}

/** The changes that a window needs: looking at all of a quarter for the last five minutes takes its time. */
function since(changes: readonly Change[], from: number): readonly Change[] {
  return changes.slice(
    Math.max(
      0,
      changes.findLastIndex(({ at }) => at <= from),
    ),
  );
}

function maintenanceIn(changes: readonly Change[], window: Window): readonly Window[] {
  return changes
    .flatMap(({ at, state }, index) =>
      state === 'maintenance' ? [{ from: Math.max(at, window.from), to: changes[index + 1]?.at ?? window.to }] : [],
    )
    .map(({ from, to }) => ({ from, to: Math.min(to, window.to) }))
    .filter(({ from, to }) => from < to);
}

interface Counted {
  readonly whole: Window;
  readonly soFar: Window;
  readonly tally: Tally;
}

/**
 * How much the window will have held: its time without announced work; or as many checks as it holds when they go on
 * as they did since the first of them.
 */
function wholeOf(objective: Objective, { changes }: MonitorPast, { whole, soFar, tally }: Counted): number {
  const lengthMs = whole.to - whole.from;
  if (objective.kind === 'time') {
    const excluded = objective.maintenance === 'excluded' ? availabilityIn(changes, soFar).ms.maintenance : 0;
    return lengthMs - excluded;
  }
  const known = changes.find(({ state }, index) => state !== 'unknown' && endOf(changes, index, soFar) > soFar.from);
  const sinceMs = soFar.to - Math.max(soFar.from, known?.at ?? soFar.to);
  return ((tally.good + tally.bad) * lengthMs) / Math.max(sinceMs, objective.intervalMs);
}

function endOf(changes: readonly Change[], index: number, { to }: Window): number {
  return changes[index + 1]?.at ?? to;
}

/** The speed of a window in either part it may play. */
interface Speed {
  readonly long: number | null;
  readonly short: number | null;
  readonly isMoreThanOne: boolean;
}

function speedOf({ kind, target, minChecks }: Objective, ms: number, { tally, coverage }: Look): Speed {
  const rate = burnRate(tally, target);
  const all = tally.good + tally.bad;
  if (kind === 'time') {
    const known = all >= ms * KNOWN_MIN ? rate : null;
    return { long: known, short: known, isMoreThanOne: true };
  }
  const isEnough = all >= minChecks && coverage >= KNOWN_MIN;
  return { long: isEnough ? rate : null, short: rate, isMoreThanOne: tally.bad > 1 };
}

function ratesOf({ longMs, shortMs }: BurnPair, speeds: ReadonlyMap<number, Speed>): Rates {
  const long = speeds.get(longMs);
  return {
    long: long?.long ?? null,
    short: speeds.get(shortMs)?.short ?? null,
    isMoreThanOne: long?.isMoreThanOne ?? false,
  };
}

function reachedOf(tally: Tally): number | null {
  const share = badShare(tally);
  return share === null ? null : 1 - share;
}

function nothing({ pairs }: Objective, whole: Window): Measurement {
  const rates = pairs.map(() => ({ long: null, short: null, isMoreThanOne: false }));
  return { ...whole, reached: null, coverage: 0, budget: null, rates, rate: null, goneAt: null };
}
