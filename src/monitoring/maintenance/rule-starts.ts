import type { Starts } from './planned-window.ts';
import type { RecurrenceRule } from './recurrence-rule.ts';
import { datesOf } from './rule-dates.ts';
import { instantOf, wallClockOf } from './wall-clock.ts';

/** A rule with the wall clock of its zone: it begins at the same time of day all year. */
export interface RuleSchedule {
  readonly rule: RecurrenceRule;
  readonly first: Temporal.PlainDateTime;
  readonly zone: string;
}

export function startsByRule(schedule: RuleSchedule): Starts {
  const counted = schedule.rule.count === null ? undefined : [...startsFrom(schedule, undefined)];
  // No two starts are more than a day off their dates, whatever a zone does to its calendar.
  const after = (at: number) => counted ?? startsFrom(schedule, dayOf(at, schedule.zone).subtract({ days: 2 }));
  return {
    next(at) {
      for (const start of after(at)) if (start > at) return start;
      return null;
    },
    latest(at) {
      if (counted !== undefined) return counted.findLast((start) => start <= at) ?? null;
      return latestOf(schedule, at);
    },
  };
}

/** Looks back further and further: a rule may come true every week, or once in four years. */
function latestOf(schedule: RuleSchedule, at: number): number | null {
  const first = schedule.first.toPlainDate();
  const today = dayOf(at, schedule.zone);
  for (let days = 8; ; days *= 4) {
    const since = today.subtract({ days });
    let latest: number | null = null;
    for (const start of startsFrom(schedule, since)) {
      if (start > at) break;
      latest = start;
    }
    if (latest !== null || Temporal.PlainDate.compare(since, first) <= 0) return latest;
  }
}

function* startsFrom({ rule, first, zone }: RuleSchedule, since: Temporal.PlainDate | undefined): Generator<number> {
  const last = lastStart(rule, zone);
  let left = rule.count ?? Number.POSITIVE_INFINITY;
  let before = Number.NEGATIVE_INFINITY;
  for (const date of datesOf(rule, first.toPlainDate(), since)) {
    const start = instantOf(date.toPlainDateTime(first.toPlainTime()), zone);
    if (start > last || left === 0) return;
    left -= 1;
    // A zone that skips a whole day moves that day's start to the next one's, which then stands for both.
    if (start > before) yield start;
    before = start;
  }
}

function lastStart({ until }: RecurrenceRule, zone: string): number {
  return until === null ? Number.POSITIVE_INFINITY : instantOf(until.wall, until.isUtc ? 'UTC' : zone);
}

function dayOf(at: number, zone: string): Temporal.PlainDate {
  return wallClockOf(at, zone).toPlainDate();
}
