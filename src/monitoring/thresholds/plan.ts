import type { State } from '../../contracts/state.ts';
import type { Monitor } from '../monitor.ts';
import type { CheckResult } from '../monitor-type.ts';
import { forgetRow } from './crossing.ts';
import { createDerived } from './derived.ts';
import { kindOfReading, type Rule } from './rule.ts';
import type { ThresholdRecord } from './threshold-store.ts';
import { isUnsaved, measure, miss, type Tracked, track } from './tracked.ts';

export interface PlanOptions {
  readonly monitor: Monitor;
  readonly monitorId: number;
  readonly rules: readonly Rule[];
  readonly records: readonly ThresholdRecord[];
  readonly lastAt: number | null;
  readonly changed: (tracked: Tracked) => void;
}

/** Everything the rules say about one monitor. */
export interface Plan {
  hear(state: State, at: number, result: CheckResult): void;
  /** From now on it changes nothing. */
  retire(): void;
}

const P95 = 'p95';
const ERROR_RATE = 'error_rate';

export function createPlan({ monitor, monitorId, rules, records, lastAt, changed }: PlanOptions): Plan {
  const { name, intervalMs, confirm } = monitor;
  const own = rules.filter(({ monitors }) => monitors === null || monitors.includes(name));
  const byKind = Map.groupBy(own, ({ reading }) => kindOfReading(reading));
  const derives = own.filter((rule) => isDerived(rule, monitor));
  const derived = derives.length === 0 ? undefined : createDerived();
  // An unbroken row of failures may be as long as it takes to be sure of an outage.
  const errorGapMs = intervalMs * (confirm.down + 1);
  const tracked = new Map<string, Tracked>();
  const trackedOf = (rule: Rule, reading: string) =>
    getOrTrack(tracked, { rule, monitor: name, monitorId, reading }, { records, lastAt });
  let isRetired = false;
  for (const record of records) {
    const rule = own.find((candidate) => candidate.name === record.rule);
    if (rule !== undefined) trackedOf(rule, record.reading);
  }

  return {
    hear(state, at, result) {
      if (isRetired) return;
      // Announced work and outages explain every value, and are told of by themselves.
      if (state === 'maintenance' || state === 'down') return rest();
      const given = result.readings;
      if (given !== undefined) for (const reading in given) give(reading, at, given[reading]);
      if (derived !== undefined) derive(at, result);
      if (tracked.size > 0 && result.state !== 'down')
        for (const each of missed(tracked.values(), at, result)) changed(each);
    },
    retire() {
      isRetired = true;
    },
  };

  function rest(): void {
    derived?.clear();
    for (const each of tracked.values()) {
      forgetRow(each.crossing);
      if (isUnsaved(each)) changed(each);
    }
  }

  function give(reading: string, at: number, value: number | undefined): void {
    const concerned = byKind.get(kindOfReading(reading));
    if (concerned === undefined || value === undefined) return;
    for (const rule of concerned)
      if (rule.reading === reading || !rule.reading.includes(':')) weigh(rule, reading, at, value);
  }

  /**
   * Errors are counted when a check succeeds. While checks fail in a row it may become an outage, of which the monitor
   * itself tells: nobody should be paged twice. What is left are failures that come and go, which confirmation never
   * sees.
   */
  function derive(at: number, result: CheckResult): void {
    if (derived === undefined) return;
    derived.add(at, result, intervalMs);
    for (const rule of derives) {
      if (result.readings?.[rule.reading] !== undefined) continue;
      const isErrorRate = rule.reading === ERROR_RATE;
      if (isErrorRate && result.state === 'down') continue;
      const value = isErrorRate ? derived.errorRate() : derived.p95();
      if (value !== undefined) weigh(rule, rule.reading, at, value, isErrorRate ? errorGapMs : intervalMs);
    }
  }

  // oxlint-disable-next-line max-params -- an object for every value of every check would be thrown away at once
  function weigh(rule: Rule, reading: string, at: number, value: number, everyMs = intervalMs): void {
    const each = trackedOf(rule, reading);
    measure(each, at, value, everyMs);
    if (isUnsaved(each)) changed(each);
  }
}

/** Of answers that users wait for; of others only where a rule names them: some are slow by their nature. */
function isDerived({ reading, monitors }: Rule, { type }: Monitor): boolean {
  return (reading === P95 || reading === ERROR_RATE) && (type === 'http' || monitors !== null);
}

function getOrTrack(
  all: Map<string, Tracked>,
  of: Pick<Tracked, 'rule' | 'monitor' | 'monitorId' | 'reading'>,
  { records, lastAt }: Pick<PlanOptions, 'records' | 'lastAt'>,
): Tracked {
  const key = `${of.rule.name} ${of.reading}`;
  const known = all.get(key);
  if (known !== undefined) return known;
  const record = records.find(({ rule, reading }) => rule === of.rule.name && reading === of.reading);
  const fresh = track(of, record, record === undefined ? null : lastAt);
  all.set(key, fresh);
  return fresh;
}

/** What is crossed and was not measured now; returns those that are given up. */
function missed(all: Iterable<Tracked>, at: number, { readings }: CheckResult): readonly Tracked[] {
  const givenUp: Tracked[] = [];
  for (const each of all) {
    const isDerivedReading = each.reading === P95 || each.reading === ERROR_RATE;
    if (each.crossing.level === null || isDerivedReading || readings?.[each.reading] !== undefined) continue;
    miss(each, at);
    if (isUnsaved(each)) givenUp.push(each);
  }
  return givenUp;
}
