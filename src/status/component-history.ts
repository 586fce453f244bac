import type { DayHistory, MonitorHistory, Trouble } from '../contracts/facts.ts';
import type { State } from '../contracts/state.ts';
import { DAY_MS } from '../kernel/clock.ts';

export type TroubleState = Trouble['state'];

/** The looked-back time of one component, without the reasons. */
export interface PublicHistory {
  readonly uptime: Uptime;
  /** The worst state of each day, oldest first. */
  readonly days: readonly State[];
  /** Newest first; a day with two kinds of trouble has a line for each, the worse one first. */
  readonly affected: readonly AffectedDay[];
  /** Newest first; what still goes on has `endedAt: null`. */
  readonly troubles: readonly PublicTrouble[];
}

export interface Uptime {
  /** Share of the measured time in which it worked, 0 to 1; null when nothing was measured. */
  readonly ratio: number | null;
  /** Share of the whole time that was measured, 0 to 1. */
  readonly coverage: number;
  /** The first day with a measurement, midnight UTC, when every day since has one; null when there are gaps. */
  readonly measuredSince: number | null;
}

export interface AffectedDay {
  /** Midnight UTC. */
  readonly startsAt: number;
  readonly state: TroubleState;
  /** How long it lasted within that day. */
  readonly ms: number;
  /** Oldest first, cut at midnight; `to` is null when it still goes on. */
  readonly spans: readonly { readonly from: number; readonly to: number | null }[];
}

export interface PublicTrouble {
  readonly state: TroubleState;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

const WORST_FIRST: readonly TroubleState[] = ['down', 'degraded', 'maintenance'];

export function componentHistory(history: MonitorHistory | undefined): PublicHistory {
  if (history === undefined) {
    const uptime = { ratio: null, coverage: 0, measuredSince: null };
    return { uptime, days: [], affected: [], troubles: [] };
  }
  const { availability, days, troubles } = history;
  return {
    uptime: {
      ratio: availability.ratio,
      coverage: availability.coverage,
      measuredSince: measuredSince(days),
    },
    days: days.map(({ worst }) => worst),
    affected: days.toReversed().flatMap((day) => affectedOn(day, troubles)),
    troubles: troubles.map(({ state, startedAt, endedAt }) => ({ state, startedAt, endedAt })),
  };
}

function measuredSince(days: readonly DayHistory[]): number | null {
  const first = days.findIndex(isMeasured);
  // Measured from the first day shown on: it may have begun long before.
  if (first < 1) return null;
  // The first day rarely begins at midnight; on the days after it a gap is a gap.
  const hasGaps = days.slice(first + 1).some(({ ms }) => ms.unknown > 0);
  return hasGaps ? null : (days[first]?.startsAt ?? null);
}

function isMeasured({ ms }: DayHistory): boolean {
  return ms.up + ms.degraded + ms.down + ms.maintenance > 0;
}

function affectedOn({ startsAt, ms }: DayHistory, troubles: readonly Trouble[]): readonly AffectedDay[] {
  const endsAt = startsAt + DAY_MS;
  return WORST_FIRST.filter((state) => ms[state] > 0).map((state) => ({
    startsAt,
    state,
    ms: ms[state],
    spans: troubles
      .filter((trouble) => trouble.state === state && overlaps(trouble, startsAt, endsAt))
      .map(({ startedAt, endedAt }) => ({
        from: Math.max(startedAt, startsAt),
        to: endedAt === null ? null : Math.min(endedAt, endsAt),
      }))
      .toReversed(),
  }));
}

function overlaps({ startedAt, endedAt }: Trouble, from: number, to: number): boolean {
  return startedAt < to && (endedAt === null || endedAt > from);
}
