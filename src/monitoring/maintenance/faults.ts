import { DAY_MS } from '../../kernel/clock.ts';
import { formatDuration } from '../../kernel/duration.ts';
import { isCronLine } from './cron-starts.ts';
import type { Starts } from './planned-window.ts';
import { parseRule, type RecurrenceRule } from './recurrence-rule.ts';
import { datesOf } from './rule-dates.ts';
import { instantIn, startsOf, type Times, wallClockIn } from './window-of.ts';

export interface Fault {
  /** Undefined when it is about the window as a whole. */
  readonly key: keyof Times | undefined;
  readonly message: string;
}

const ONCE_MS_MAX = 31 * DAY_MS;

/** What single keys cannot say: which of them stand together, and whether the times make sense. */
export function faultsOf(window: Times): readonly Fault[] {
  if (window.rrule !== undefined && window.cron !== undefined)
    return [fault('cron', 'It cannot stand beside `rrule`.')];
  if (window.rrule !== undefined) return recurringFaults(window, ruleFaults);
  if (window.cron !== undefined) return recurringFaults(window, cronFaults);
  return onceFaults(window);
}

function onceFaults({ from, until, for: forMs, zone = 'UTC' }: Times): readonly Fault[] {
  if (from === undefined) return [fault(undefined, 'It does not say when it begins: write `from`, `rrule` or `cron`.')];
  if ((until === undefined) === (forMs === undefined)) {
    return [fault(undefined, 'It has to say when it is over, once: write `until` or `for`.')];
  }
  const lastsMs = until === undefined ? 1 : instantIn(until, zone) - instantIn(from, zone);
  if (lastsMs <= 0) return [fault('until', 'It is over before it begins.')];
  return lastsMs > ONCE_MS_MAX ? [fault('until', 'It lasts longer than 31d.')] : [];
}

function recurringFaults(window: Times, faultsOfTimes: (window: Times) => readonly Fault[]): readonly Fault[] {
  if (window.for === undefined) return [fault(undefined, 'It does not say how long it lasts each time: write `for`.')];
  if (window.until !== undefined) {
    return [fault('until', 'How long it lasts is said by `for`; the last time of a rule by UNTIL= in it.')];
  }
  const found = faultsOfTimes(window);
  return found.length > 0 ? found : overlapFaults(startsOf(window), window.for);
}

function cronFaults({ cron = '', from }: Times): readonly Fault[] {
  if (!isCronLine(cron))
    return [fault('cron', 'Expected a cron line of five fields that comes true, such as 0 2 * * SUN.')];
  return from === undefined ? [] : [fault('from', 'It cannot stand beside `cron`, which says when it begins.')];
}

function ruleFaults({ rrule = '', from, zone = 'UTC' }: Times): readonly Fault[] {
  const parsed = parseRule(rrule);
  if (parsed.outcome === 'refused') return [fault('rrule', parsed.because)];
  if (from === undefined) return [fault(undefined, 'It does not say when it begins the first time: write `from`.')];
  return firstFaults(parsed.rule, wallClockIn(from, zone).toPlainDate());
}

/** RFC 5545 leaves it open what a first time means that the rule itself does not name. */
function firstFaults(rule: RecurrenceRule, day: Temporal.PlainDate): readonly Fault[] {
  const [first] = datesOf(rule, day);
  if (first === undefined) return [fault('rrule', 'It never comes true.')];
  if (first.equals(day)) return [];
  return [
    fault(
      'from',
      `The rule does not hold on ${day.toString()}; the first day on which it does is ${first.toString()}.`,
    ),
  ];
}

/** Irregular rules are looked at this far. */
const STARTS_MAX = 100;
const SOME_DAY = Date.UTC(2026, 0, 1);

/** A window that begins again before it is over would never end. */
function overlapFaults(starts: Starts, forMs: number): readonly Fault[] {
  let shortest = Number.POSITIVE_INFINITY;
  let start = starts.next(SOME_DAY);
  for (let count = 1; count < STARTS_MAX && start !== null; count += 1) {
    const next = starts.next(start);
    shortest = Math.min(shortest, (next ?? Number.POSITIVE_INFINITY) - start);
    start = next;
  }
  if (forMs < shortest) return [];
  return [fault('for', `It begins again after ${formatDuration(shortest)}, before it is over.`)];
}

function fault(key: Fault['key'], message: string): Fault {
  return { key, message };
}
