import type { Db } from '../../contracts/database.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import type { Window } from '../history/availability.ts';
import { countsIn, goodWithin } from '../history/counts.ts';
import type { Tally } from './budget.ts';
import type { Objective } from './objective.ts';
import { outcomeTally, sum } from './tallies.ts';

/** How many checks were good in a window, `to` not included. */
export interface CheckTallies {
  read(objective: Objective, monitorId: number, window: Window, now: number): Promise<Tally>;
}

/** Probes may hand in what they saw a little later; after so long a day is as it stays. */
const LATE_MS = HOUR_MS;
/** The longest period there is, and a little. */
const DAYS_MAX = 93;

/** Days that are over are read once and remembered: a quarter is a hundred thousand checks, and asked for every minute. */
export function createCheckTallies(db: Db): CheckTallies {
  const closed = new Map<string, Map<number, Tally>>();

  return {
    async read(objective, monitorId, window, now) {
      const days = daysOf(objective, monitorId);
      const parts: Tally[] = [];
      for (const part of splitByDay(window)) {
        const isWhole = part.to - part.from === DAY_MS && part.to + LATE_MS <= now;
        const known = isWhole ? days.get(part.from) : undefined;
        const tally = known ?? (await fromDatabase(objective, monitorId, part));
        if (isWhole) days.set(part.from, tally);
        parts.push(tally);
      }
      while (days.size > DAYS_MAX) days.delete(Math.min(...days.keys()));
      return sum(parts);
    },
  };

  function daysOf({ limitMs, degraded }: Objective, monitorId: number): Map<number, Tally> {
    const key = `${monitorId} ${limitMs ?? degraded}`;
    const found = closed.get(key) ?? new Map<number, Tally>();
    closed.set(key, found);
    return found;
  }

  async function fromDatabase(objective: Objective, monitorId: number, part: Window): Promise<Tally> {
    if (objective.limitMs === null) return outcomeTally(await countsIn(db, [monitorId], part), objective);
    const { good, total } = await goodWithin(db, monitorId, part, objective.limitMs);
    return { good, bad: total - good };
  }
}

/** Whole UTC days, each by itself, and what is left before and after them. */
function splitByDay({ from, to }: Window): readonly Window[] {
  const first = Math.ceil(from / DAY_MS) * DAY_MS;
  const last = Math.floor(to / DAY_MS) * DAY_MS;
  if (first >= last) return from < to ? [{ from, to }] : [];
  const days = Array.from({ length: (last - first) / DAY_MS }, (_, index) => ({
    from: first + index * DAY_MS,
    to: first + (index + 1) * DAY_MS,
  }));
  return [{ from, to: first }, ...days, { from: last, to }].filter((part) => part.from < part.to);
}
