import type { MaintenanceNow } from '../../contracts/facts.ts';
import type { Occurrence } from './calendar.ts';
import { endOf, type HandWindow } from './hand-window.ts';

/** A window with what people want to know of it beside. */
export interface WindowNow extends MaintenanceNow {
  readonly kind: Occurrence['kind'];
  /** Null when the manifest plans it. */
  readonly startedBy: string | null;
  readonly reason: string | null;
}

/** `byHand` is its row, when somebody opened it. */
export function occurrenceNow(occurrence: Occurrence, byHand: HandWindow | undefined, now: number): WindowNow {
  const { window, title, monitors, from, until, pausesChecks, kind } = occurrence;
  const { startedBy = null, reason = null } = byHand ?? {};
  const times = { startsAt: from, endsAt: until, isOpen: from <= now };
  return { window, title, monitors, ...times, pausesChecks, kind, startedBy, reason };
}

/** `everything` is what is watched, for a window on all of it. */
export function handNow(window: HandWindow, everything: readonly string[], now: number): WindowNow {
  const { id, title, from, startedBy, reason, pausesChecks } = window;
  const endsAt = endOf(window);
  const times = { startsAt: from, endsAt, isOpen: endsAt === null || endsAt > now };
  const monitors = window.monitors ?? everything;
  return { window: id, title, monitors, ...times, pausesChecks, kind: 'by hand', startedBy, reason };
}

/** Who opened it, and why, is nobody's business outside. */
export function factOf({ kind: _kind, startedBy: _startedBy, reason: _reason, ...fact }: WindowNow): MaintenanceNow {
  return fact;
}
