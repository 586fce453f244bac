import type { State } from '../../contracts/state.ts';
import type { AvailabilityView } from './contract.ts';

/** How fast a monitor answered, in steps of a round length; steps without a check are left out. */
export interface LatencySeriesView {
  readonly monitor: string;
  readonly from: string;
  readonly to: string;
  readonly stepMs: number;
  /** Of all the time asked for. */
  readonly whole: LatencyPointView;
  readonly points: readonly LatencyPointView[];
}

/** Percentiles are right within 1 %; null where nothing answered. */
export interface LatencyPointView {
  readonly at: string;
  readonly checks: number;
  /** Checks that found it down. */
  readonly failures: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly minMs: number | null;
  readonly maxMs: number | null;
}

export interface UptimeView {
  readonly monitor: string;
  /** The last day, week, 30 and 90 days, up to now. */
  readonly windows: readonly UptimeWindowView[];
  /** The latest changes of state, newest first. */
  readonly changes: readonly ChangeView[];
  /** The latest twelve months (UTC) of which anything is known, newest first. */
  readonly months: readonly MonthView[];
}

export interface MonthView {
  /** E.g. `2026-10`. */
  readonly month: string;
  /** It is over, and nothing changes these numbers any more. */
  readonly isFrozen: boolean;
  readonly availability: AvailabilityView;
}

export interface UptimeWindowView {
  readonly from: string;
  readonly to: string;
  readonly availability: AvailabilityView;
}

export interface ChangeView {
  readonly at: string;
  readonly state: State;
  readonly reason: string | null;
}

/** What was measured elsewhere before Evenkeel watched, in hours and days; ascending, without overlaps. */
export interface PastInput {
  readonly name: string;
  /** Who counted, e.g. `Uptime Kuma`. */
  readonly origin: string;
  readonly spans: readonly PastSpanInput[];
}

export interface PastSpanInput {
  /** The start of an hour, or of a day in UTC. */
  readonly at: string;
  readonly length: 'hour' | 'day';
  /** How many checks found it up, and down. */
  readonly up: number;
  readonly down: number;
  /** Of checks that found it up; null when nothing was measured. */
  readonly latency: { readonly averageMs: number; readonly minMs: number; readonly maxMs: number } | null;
  /** When it was down, as far as that is known. */
  readonly outages: readonly { readonly from: string; readonly to: string }[];
}

export interface PastAddedView {
  readonly monitor: string;
  readonly added: number;
  /** Known already, or of a time in which Evenkeel watched by itself. */
  readonly known: number;
}
