import { startsByCron } from './cron-starts.ts';
import { type PlannedWindow, type Starts, startsOnce } from './planned-window.ts';
import { parseRule } from './recurrence-rule.ts';
import { startsByRule } from './rule-starts.ts';
import type { MaintenanceEntries, MaintenanceEntry } from './section.ts';
import { instantOf, wallClockOf } from './wall-clock.ts';

/** What the manifest plans; the schema has seen to it that each entry can be understood. */
export function plannedWindowsOf(entries: MaintenanceEntries): readonly PlannedWindow[] {
  return Object.entries(entries).map(([name, entry]) => ({
    name,
    title: entry.title ?? name,
    monitors: entry.monitors ?? null,
    coversDependents: entry.dependents ?? false,
    starts: startsOf(entry),
    forMs: forMsOf(entry),
  }));
}

export type Times = Pick<MaintenanceEntry, 'from' | 'until' | 'for' | 'zone' | 'rrule' | 'cron'>;

export function startsOf({ from = '', zone = 'UTC', rrule, cron }: Times): Starts {
  if (cron !== undefined) return startsByCron(cron, zone);
  if (rrule === undefined) return startsOnce(instantIn(from, zone));
  const parsed = parseRule(rrule);
  if (parsed.outcome === 'refused') throw new Error('The schema lets no rule through that is not understood.');
  return startsByRule({ rule: parsed.rule, first: wallClockIn(from, zone), zone });
}

function forMsOf({ from = '', until, for: forMs, zone = 'UTC' }: Times): number {
  return until === undefined ? (forMs ?? 0) : instantIn(until, zone) - instantIn(from, zone);
}

const OFFSET = /(?:Z|[+-]\d{2}:\d{2})$/;

/** A time with an offset is an instant wherever one is; any other is on the clocks of the zone. */
export function instantIn(text: string, zone: string): number {
  if (OFFSET.test(text)) return Temporal.Instant.from(text).epochMilliseconds;
  return instantOf(Temporal.PlainDateTime.from(text), zone);
}

export function wallClockIn(text: string, zone: string): Temporal.PlainDateTime {
  return OFFSET.test(text) ? wallClockOf(instantIn(text, zone), zone) : Temporal.PlainDateTime.from(text);
}
