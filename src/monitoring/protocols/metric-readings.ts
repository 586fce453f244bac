import type { Sample } from './exposition.ts';
import { quantileOf } from './histogram.ts';
import type { Selector } from './metric-selector.ts';

/** What is made of metrics. */
export type Reading =
  | { readonly kind: 'sum' | 'max'; readonly of: Selector }
  /** Without `of` it is by the second. */
  | { readonly kind: 'rate'; readonly rate: Selector; readonly of?: Selector }
  | { readonly kind: 'quantile'; readonly quantile: number; readonly of: Selector };

/** One look at the metrics, already reduced to those that somebody reads. */
export interface Scrape {
  readonly samples: readonly Sample[];
  /** Milliseconds on a clock that only goes forward. */
  readonly at: number;
}

/** Remembers what it has to. Undefined: there is nothing to say this time. */
export type Reader = (scrape: Scrape) => number | undefined;

export function namesOf(reading: Reading): readonly string[] {
  if (reading.kind === 'quantile') return [`${reading.of.name}_bucket`];
  if (reading.kind === 'rate') return [reading.rate.name, ...(reading.of === undefined ? [] : [reading.of.name])];
  return [reading.of.name];
}

/** A service that names its series anew at each look must not have us remember all of them. */
const KEPT_SERIES_MAX = 200_000;

/** Of fewer events than `eventsMin` nothing is made: they are counted on until there are as many. */
export function readerFor(reading: Reading, eventsMin: number, seriesMax = KEPT_SERIES_MAX): Reader {
  if (reading.kind === 'quantile') {
    const { quantile, of } = reading;
    const buckets: Selector = { ...of, name: `${of.name}_bucket` };
    return sinceBefore([buckets], seriesMax, ([grown]) => {
      const { value, events } = quantileOf(quantile, grown ?? []);
      return events >= eventsMin && value !== undefined ? value * factorOf(of) : undefined;
    });
  }
  if (reading.kind === 'rate') {
    const { rate, of } = reading;
    if (of === undefined) {
      return sinceBefore([rate], seriesMax, ([grown], elapsedMs) =>
        elapsedMs > 0 ? (sum(grown) * 1_000) / elapsedMs : undefined,
      );
    }
    return sinceBefore([rate, of], seriesMax, ([part, whole]) => {
      const events = sum(whole);
      return events > 0 && events >= eventsMin ? sum(part) / events : undefined;
    });
  }
  return ({ samples }) => {
    const values = samples.filter((sample) => fits(sample, reading.of)).map(({ value }) => value);
    const known = values.filter((value) => Number.isFinite(value));
    if (known.length === 0) return undefined;
    const value = reading.kind === 'max' ? Math.max(...known) : known.reduce((total, each) => total + each, 0);
    return value * factorOf(reading.of);
  };
}

type Growth = readonly Sample[];
type Say = (grown: readonly Growth[], elapsedMs: number) => number | undefined;

/**
 * Hears how far the series of each selector grew since it last had something to say, or since there were too many. A
 * counter that went back began anew, and one that was not there before began with nothing.
 */
function sinceBefore(selectors: readonly Selector[], seriesMax: number, say: Say): Reader {
  let last: ReadonlyMap<string, number> | undefined;
  let since = 0;
  let grown = new Map<string, Sample>();
  return ({ samples, at }) => {
    const counters = samples.filter(
      (sample) => Number.isFinite(sample.value) && selectors.some((each) => fits(sample, each)),
    );
    const before = last;
    last = new Map(counters.map((sample) => [keyOf(sample), sample.value]));
    if (before === undefined) {
      since = at;
      return undefined;
    }
    for (const sample of counters) {
      const key = keyOf(sample);
      const by = growthOf(sample.value, before.get(key) ?? 0);
      grown.set(key, { ...sample, value: (grown.get(key)?.value ?? 0) + by });
    }
    const all = [...grown.values()];
    const ofEach = selectors.map((each) => all.filter((sample) => fits(sample, each)));
    const said = all.length === 0 ? undefined : say(ofEach, at - since);
    if (said !== undefined || grown.size > seriesMax) {
      grown = new Map();
      since = at;
    }
    return said;
  };
}

function growthOf(now: number, before: number): number {
  return now < before ? now : now - before;
}

function keyOf({ name, labels }: Sample): string {
  return JSON.stringify([name, ...[...labels].toSorted(([one], [other]) => (one < other ? -1 : 1))]);
}

function fits({ name, labels }: Sample, { name: wanted, matches }: Selector): boolean {
  return name === wanted && matches(labels);
}

function sum(samples: readonly Sample[] = []): number {
  return samples.reduce((total, { value }) => total + value, 0);
}

/** Prometheus counts time in seconds and says so in the name (prometheus.io/docs/practices/naming); here it is ms. */
function factorOf({ name }: Selector): number {
  return /(?<!_timestamp)_seconds(?:_sum)?$/.test(name) ? 1_000 : 1;
}
