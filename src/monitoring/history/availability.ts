import type { Availability } from '../../contracts/facts.ts';
import type { State } from '../../contracts/state.ts';

/** From `at` until the next change it was in this state. */
export interface Change {
  readonly at: number;
  readonly state: State;
  readonly reason: string | null;
}

/** Half-open: `from` belongs to it, `to` does not. Epoch milliseconds. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export interface Stretch extends Window {
  readonly state: State;
  readonly reason: string | null;
}

export type MsByState = Readonly<Record<State, number>>;

/** What announced maintenance is for the percentage: no part of it, as good as working, or as bad as an outage. */
export const MAINTENANCE_POLICIES = ['excluded', 'good', 'bad'] as const;
export type MaintenancePolicy = (typeof MAINTENANCE_POLICIES)[number];

/** Time in each class over a window; time before the first change is unknown. */
export function availabilityIn(
  changes: readonly Change[],
  window: Window,
  maintenance: MaintenancePolicy = 'excluded',
): Availability {
  const ms = emptyMs();
  let known = 0;
  for (const { state, from, to } of stretchesOf(changes, window)) {
    ms[state] += to - from;
    known += to - from;
  }
  ms.unknown += Math.max(0, window.to - window.from - known);
  return availabilityOf(ms, maintenance);
}

/** The same of time that was counted before. What nobody knows is no part of the share; coverage tells of it. */
export function availabilityOf(ms: MsByState, maintenance: MaintenancePolicy = 'excluded'): Availability {
  const working = ms.up + ms.degraded + (maintenance === 'good' ? ms.maintenance : 0);
  const counted = working + ms.down + (maintenance === 'bad' ? ms.maintenance : 0);
  const known = ms.up + ms.degraded + ms.down + ms.maintenance;
  const whole = known + ms.unknown;
  return { ratio: counted === 0 ? null : working / counted, coverage: whole === 0 ? 0 : known / whole, ms };
}

/**
 * What lies in the window, ascending and without overlaps. History never runs backwards: a change dated before the
 * one it follows, by a clock that was set back, holds from that one's instant on.
 */
export function stretchesOf(changes: readonly Change[], window: Window): readonly Stretch[] {
  let latest = Number.NEGATIVE_INFINITY;
  const starts = changes.map(({ at }) => (latest = Math.max(latest, at)));
  return changes.flatMap(({ state, reason }, index) => {
    const from = Math.max(starts[index] ?? window.to, window.from);
    const to = Math.min(starts[index + 1] ?? window.to, window.to);
    return from < to ? [{ state, reason, from, to }] : [];
  });
}

export function emptyMs(): Record<State, number> {
  return { up: 0, degraded: 0, down: 0, maintenance: 0, unknown: 0 };
}
