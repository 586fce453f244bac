import { HOUR_MS } from '../../kernel/clock.ts';
import { type Crossing, forgetRow, newCrossing, take } from './crossing.ts';
import { printValue } from './limit.ts';
import { reasonOf } from './reading-words.ts';
import { LEVELS, type Rule } from './rule.ts';
import type { ThresholdRecord, ThresholdStanding } from './threshold-store.ts';

/** One reading of one monitor under one rule: what is known of it, and what of that is in the database. */
export interface Tracked {
  readonly rule: Rule;
  readonly monitor: string;
  readonly monitorId: number;
  readonly reading: string;
  crossing: Crossing;
  /** Of the latest value, for people. */
  reason: string | null;
  value: string | null;
  /** The time of the value that decided last. */
  at: number;
  missingSince: number | null;
  /** Why nothing is known any more of what was crossed; null when it is well again. */
  gone: string | null;
  saved: { readonly version: number; readonly standing: ThresholdStanding };
}

/** A reading that a working monitor has not given for this long will not come back by itself. */
const GONE_AFTER_MS = HOUR_MS;

type Of = Pick<Tracked, 'rule' | 'monitor' | 'monitorId' | 'reading'>;

/** `lastAt` is when the monitor was last heard before a restart: until then all values stood where the row says. */
export function track(of: Of, record: ThresholdRecord | undefined, lastAt: number | null): Tracked {
  const { rule } = of;
  const nothing = { level: null, since: null, beyondSince: { warning: null, critical: null }, reason: null };
  const standing: ThresholdStanding = record ?? { ...nothing, runbook: rule.runbook };
  const beyondSince = rule.steps.map(({ level }) => standing.beyondSince[level]);
  return {
    ...of,
    crossing: {
      ...newCrossing(rule),
      level: standing.level,
      since: standing.since,
      beyondSince,
      beyondCount: beyondSince.map((since) => (since === null ? 0 : 1)),
      lastAt,
    },
    reason: standing.reason,
    value: null,
    at: standing.since ?? 0,
    missingSince: null,
    gone: null,
    saved: { version: record?.version ?? 0, standing },
  };
}

export function measure(tracked: Tracked, at: number, value: number, intervalMs: number): void {
  const { crossing, rule, reading } = tracked;
  const before = crossing.level;
  take(crossing, rule, { at, value, intervalMs });
  tracked.missingSince = null;
  if (crossing.level === before) return;
  const level = crossing.level;
  tracked.at = at;
  tracked.gone = null;
  tracked.reason = level === null ? null : reasonOf(rule, { reading, value, level });
  tracked.value = level === null ? null : printValue(value, rule.unit);
}

/** The monitor was asked, works, and said nothing of this. */
export function miss(tracked: Tracked, at: number): void {
  forgetRow(tracked.crossing);
  tracked.missingSince ??= at;
  if (at - tracked.missingSince >= GONE_AFTER_MS) giveUp(tracked, at, 'It is not measured any more.');
}

function giveUp(tracked: Tracked, at: number, why: string): void {
  tracked.crossing = newCrossing(tracked.rule);
  Object.assign(tracked, { at, reason: null, value: null, missingSince: null, gone: why });
}

export function standingOf({ crossing, rule, reason }: Tracked): ThresholdStanding {
  const sinceOf = (level: string) => crossing.beyondSince[rule.steps.findIndex((step) => step.level === level)] ?? null;
  const [warning, critical] = LEVELS.map(sinceOf);
  return {
    level: crossing.level,
    since: crossing.since,
    beyondSince: { warning: warning ?? null, critical: critical ?? null },
    reason,
    runbook: rule.runbook,
  };
}

/** Whether the database says something else. Without allocation: it is asked for every value. */
export function isUnsaved({ crossing, rule, saved: { standing } }: Tracked): boolean {
  if (crossing.level !== standing.level || crossing.since !== standing.since) return true;
  for (let index = 0; index < rule.steps.length; index += 1) {
    const level = rule.steps[index]?.level ?? 'warning';
    if ((crossing.beyondSince[index] ?? null) !== standing.beyondSince[level]) return true;
  }
  return false;
}
