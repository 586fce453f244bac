import type { Availability, DayHistory, MonitorHistory, Trouble } from '../../contracts/facts.ts';
import type { State } from '../../contracts/state.ts';
import { DAY_MS } from '../../kernel/clock.ts';

/** From `at` until the next change it was in this state. */
export interface Change {
  readonly at: number;
  readonly state: State;
  readonly reason: string | null;
}

/** Half-open: `from` belongs to it, `to` does not. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

interface Stretch extends Window {
  readonly state: State;
  readonly reason: string | null;
}

/** How bad a class is for the colour of a day. What nobody knows is not bad, and maintenance was announced. */
const WEIGHT: Readonly<Record<State, number>> = { unknown: 0, up: 1, maintenance: 2, degraded: 3, down: 4 };

/** Everything the page shows of one monitor. `changes` are ascending and begin at or before the window where possible. */
export function historyOf(changes: readonly Change[], days: number, now: number): MonitorHistory {
  const today = now - (now % DAY_MS);
  const from = today - (days - 1) * DAY_MS;
  const stretches = stretchesOf(changes, { from, to: now });
  return {
    availability: availabilityOf(stretches),
    days: Array.from({ length: days }, (_, index) => dayOf(stretches, from + index * DAY_MS)),
    troubles: troublesOf(stretches, now),
  };
}

/** Time in each class over a window; time before the first change is unknown. */
export function availabilityIn(changes: readonly Change[], window: Window): Availability {
  return availabilityOf(stretchesOf(changes, window));
}

function stretchesOf(changes: readonly Change[], window: Window): readonly Stretch[] {
  const bounded = changes.map((change, index) => ({
    state: change.state,
    reason: change.reason,
    from: Math.max(change.at, window.from),
    to: Math.min(changes[index + 1]?.at ?? window.to, window.to),
  }));
  const known = bounded.filter(({ from, to }) => from < to);
  const firstKnownAt = Math.min(known[0]?.from ?? window.to, window.to);
  const before: Stretch = { state: 'unknown', reason: null, from: window.from, to: firstKnownAt };
  return before.from < before.to ? [before, ...known] : known;
}

function availabilityOf(stretches: readonly Stretch[]): Availability {
  const ms = timeByState(stretches);
  const working = ms.up + ms.degraded;
  const counted = working + ms.down;
  const whole = counted + ms.maintenance + ms.unknown;
  return {
    ratio: counted === 0 ? null : working / counted,
    coverage: whole === 0 ? 0 : (whole - ms.unknown) / whole,
    ms,
  };
}

function dayOf(stretches: readonly Stretch[], startsAt: number): DayHistory {
  const inside = stretches
    .map((stretch) => ({
      ...stretch,
      from: Math.max(stretch.from, startsAt),
      to: Math.min(stretch.to, startsAt + DAY_MS),
    }))
    .filter(({ from, to }) => from < to);
  const worst = inside.reduce<State>((bad, { state }) => (WEIGHT[state] > WEIGHT[bad] ? state : bad), 'unknown');
  return { startsAt, worst, ms: timeByState(inside) };
}

function timeByState(stretches: readonly Stretch[]): Record<State, number> {
  const ms: Record<State, number> = { up: 0, degraded: 0, down: 0, maintenance: 0, unknown: 0 };
  for (const { state, from, to } of stretches) ms[state] += to - from;
  return ms;
}

function troublesOf(stretches: readonly Stretch[], now: number): readonly Trouble[] {
  return stretches
    .flatMap(({ state, reason, from, to }) =>
      state === 'up' || state === 'unknown'
        ? []
        : [{ state, reason, startedAt: from, endedAt: to === now ? null : to }],
    )
    .toReversed();
}
