import type { DayHistory, MonitorHistory, Trouble } from '../../contracts/facts.ts';
import type { State } from '../../contracts/state.ts';
import { DAY_MS } from '../../kernel/clock.ts';
import { availabilityOf, type Change, emptyMs, type MsByState, type Stretch, stretchesOf } from './availability.ts';

/**
 * What each UTC day of one monitor was like, kept up to date change by change. History is only ever added to, so a day
 * that is over is counted once, and not again for every look at the page.
 */
export interface DayBook {
  /** The change in force; undefined before the first. */
  last(): Change | undefined;
  /** Takes what follows, ascending; what it knows already it passes over. */
  add(changes: readonly Change[]): void;
  read(look: Look): MonitorHistory;
}

export interface Look {
  /** UTC days, today included. */
  readonly days: number;
  /** Not before the last change. */
  readonly now: number;
  /** From then on nobody looked any more; `now` when somebody still does. */
  readonly knownUntil: number;
}

/** A page shows the latest ones; what flaps all day must not fill memory with the others. */
const TROUBLES_MAX = 100;

/** From bad to good, for the colour of a day. What nobody knows is not bad, and maintenance was announced. */
const WORST_FIRST = ['down', 'degraded', 'maintenance', 'up'] as const satisfies readonly State[];

interface ClosedDays {
  readonly first: number;
  readonly days: readonly DayHistory[];
  readonly ms: MsByState;
}

/** Counts from `from` on, a midnight: what was before is not asked for. */
export function createDayBook(from: number): DayBook {
  const counted = new Map<number, Record<State, number>>();
  let troubles: readonly Trouble[] = [];
  let last: Change | undefined;
  let closed: ClosedDays | undefined;

  return {
    last: () => last,
    add(changes) {
      const before = last;
      // Of two at one instant the later counts, as in the table.
      const lasting = changes.filter(({ at }, index) => changes[index + 1]?.at !== at);
      const following = before === undefined ? lasting : lasting.filter((change) => follows(change, before));
      const to = following.at(-1);
      if (to === undefined) return;
      const over = stretchesOf(before === undefined ? following : [before, ...following], { from, to: to.at });
      for (const stretch of over) count(counted, stretch);
      troubles = [...troubles, ...over.flatMap((stretch) => troubleOf(stretch))].slice(-TROUBLES_MAX);
      last = to;
      closed = undefined;
    },
    read({ days: length, now, knownUntil }) {
      const today = now - (now % DAY_MS);
      const first = today - (length - 1) * DAY_MS;
      forget(counted, Math.max(from, first - DAY_MS));
      const to = Math.min(knownUntil, now);
      const running = last === undefined ? undefined : stretchesOf([last], { from: first, to })[0];
      const before = to >= today ? closedDays(first, today, running) : closedNow(first, today, running);
      const current = dayOf(counted, running, { from: today, now });
      const recent = troubles.filter(({ endedAt }) => endedAt !== null && endedAt > first);
      return {
        availability: availabilityOf(sumOf([before.ms, current.ms])),
        days: [...before.days, current],
        troubles: [...recent, ...(running === undefined ? [] : troubleOf(running, now))]
          .map((trouble) => ({ ...trouble, startedAt: Math.max(trouble.startedAt, first) }))
          .toReversed(),
      };
    },
  };

  /** The same for every look of a day, until something changes. */
  function closedDays(first: number, today: number, running: Stretch | undefined): ClosedDays {
    if (closed?.first === first && closed.days.length === (today - first) / DAY_MS) return closed;
    closed = closedNow(first, today, running);
    return closed;
  }

  function closedNow(first: number, today: number, running: Stretch | undefined): ClosedDays {
    const length = (today - first) / DAY_MS;
    const days = Array.from({ length }, (_, index) =>
      dayOf(counted, running, { from: first + index * DAY_MS, now: today }),
    );
    return { first, days, ms: sumOf(days.map(({ ms }) => ms)) };
  }
}

function follows({ at, state }: Change, last: Change): boolean {
  return at > last.at || (at === last.at && state !== last.state);
}

/** Adds a stretch to the days it lies in. */
function count(days: Map<number, Record<State, number>>, { state, from, to }: Stretch): void {
  if (state === 'unknown') return;
  for (let day = from - (from % DAY_MS); day < to; day += DAY_MS) {
    const ms = days.get(day) ?? emptyMs();
    ms[state] += Math.min(to, day + DAY_MS) - Math.max(from, day);
    days.set(day, ms);
  }
}

function forget(days: Map<number, unknown>, before: number): void {
  for (const day of days.keys()) {
    if (day >= before) return;
    days.delete(day);
  }
}

function dayOf(
  days: ReadonlyMap<number, Record<State, number>>,
  running: Stretch | undefined,
  { from, now }: { readonly from: number; readonly now: number },
): DayHistory {
  const to = Math.min(from + DAY_MS, now);
  const ms = { ...(days.get(from) ?? emptyMs()) };
  if (running !== undefined && running.state !== 'unknown') {
    ms[running.state] += Math.max(0, Math.min(running.to, to) - Math.max(running.from, from));
  }
  ms.unknown = to - from - ms.up - ms.degraded - ms.down - ms.maintenance;
  return { startsAt: from, worst: WORST_FIRST.find((state) => ms[state] > 0) ?? 'unknown', ms };
}

function sumOf(parts: readonly MsByState[]): MsByState {
  const sum = emptyMs();
  for (const ms of parts) {
    sum.up += ms.up;
    sum.degraded += ms.degraded;
    sum.down += ms.down;
    sum.maintenance += ms.maintenance;
    sum.unknown += ms.unknown;
  }
  return sum;
}

/** `endedAt` is null for what still goes on `now`. */
function troubleOf({ state, reason, from, to }: Stretch, now?: number): readonly Trouble[] {
  if (state === 'up' || state === 'unknown') return [];
  return [{ state, reason, startedAt: from, endedAt: to === now ? null : to }];
}
