import * as z from 'zod';
import type { MonitoringFacts, MonitorNow } from '../../../contracts/facts.ts';
import { type Clock, DAY_MS, HOUR_MS, MINUTE_MS } from '../../../kernel/clock.ts';
import type { Monitoring } from '../../../monitoring/index.ts';
import { monitorNamed } from '../monitor-named.ts';
import * as answers from '../past-answers.ts';
import type { LatencyPointView } from '../past-contract.ts';
import { Instant, routeFor } from '../route.ts';
import { availabilityView, isoOf } from '../views.ts';

type Past = Pick<Monitoring['history'], 'latency' | 'uptime' | 'addPast'>;
type Point = Awaited<ReturnType<Past['latency']>>['points'][number];

export interface MonitorPastDeps {
  readonly clock: Clock;
  readonly monitoring: { readonly facts: MonitoringFacts };
  readonly history: Past;
}

const WINDOWS_MS = [1, 7, 30, 90].map((days) => days * DAY_MS);
const POINTS_MAX = 1_000;
const POINTS_DEFAULT = 100;

const Name = z.string().min(1).max(100).describe('Name of a monitor.');
const LENGTH_MS = { hour: HOUR_MS, day: DAY_MS } as const;
const SPANS_MAX = 500;
const OUTAGES_MAX = 100;
const Count = z.int().min(0).max(1_000_000);
/** More would not fit where latencies are kept. */
const LATENCY_MS_MAX = 30 * MINUTE_MS;
const Latency = z.number().min(0).max(LATENCY_MS_MAX);

const Span = z
  .strictObject({
    at: Instant.describe('When it begins: a whole hour, or midnight in UTC.'),
    length: z.enum(['hour', 'day']),
    up: Count,
    down: Count,
    latency: z.strictObject({ averageMs: Latency, minMs: Latency, maxMs: Latency }).nullable(),
    outages: z.array(z.strictObject({ from: Instant, to: Instant })).max(OUTAGES_MAX),
  })
  .refine(({ at, length }) => at > 0 && at % LENGTH_MS[length] === 0, 'Expected the start of an hour or of a day.')
  .refine(({ outages }) => areApart(outages), 'Expected outages in order, none of them within another.');

const route = routeFor<MonitorPastDeps>();

const latency = route({
  method: 'GET',
  path: '/api/v1/monitors/:name/latency',
  role: 'viewer',
  summary: 'How fast one monitor answered over time.',
  input: z.strictObject({
    name: Name,
    since: Instant.optional().describe('From when on. Default: a day before `until`.'),
    until: Instant.optional().describe('Up to when. Default: now.'),
    points: z.coerce.number().int().min(1).max(POINTS_MAX).default(POINTS_DEFAULT),
  }),
  answer: answers.LatencySeriesView,
  async handle({ name, since, until, points }, { deps }) {
    await monitorNamed(name, deps.monitoring.facts);
    const to = until ?? deps.clock.now();
    const window = { from: Math.min(since ?? to - DAY_MS, to), to };
    const series = await deps.history.latency(name, window, points);
    const body = { stepMs: series.stepMs, whole: pointView(series.whole), points: series.points.map(pointView) };
    return { status: 200, body: { monitor: name, from: isoOf(window.from), to: isoOf(to), ...body } };
  },
});

const uptime = route({
  method: 'GET',
  path: '/api/v1/monitors/:name/uptime',
  role: 'viewer',
  summary: 'Uptime of one monitor in the last day, week, 30 and 90 days and in each month, and its latest changes.',
  input: z.strictObject({ name: Name }),
  answer: answers.UptimeView,
  async handle({ name }, { deps }) {
    const now = deps.clock.now();
    const monitor = await monitorNamed(name, deps.monitoring.facts);
    const asked = WINDOWS_MS.map((length) => ({ from: now - length, to: now }));
    const past = await deps.history.uptime(name, asked, knownUntil(monitor) ?? now);
    const windows = past.windows.map(({ from, to, availability }) => ({
      from: isoOf(from),
      to: isoOf(to),
      availability: availabilityView(availability),
    }));
    const months = past.months.map(({ month, isFrozen, availability }) => ({
      month,
      isFrozen,
      availability: availabilityView(availability),
    }));
    const changes = past.changes.map(({ at, state, reason }) => ({ at: isoOf(at), state, reason }));
    return { status: 200, body: { monitor: name, windows, changes, months } };
  },
});

const add = route({
  method: 'POST',
  path: '/api/v1/monitors/:name/past',
  role: 'owner',
  summary: 'Adds what was measured elsewhere before Evenkeel watched. What is known already stays as it is.',
  input: z.strictObject({
    name: Name,
    origin: z
      .string()
      .regex(/^[\p{L}\p{N}][\p{L}\p{N} .-]{0,39}$/u, 'Expected a name, such as Uptime Kuma.')
      .describe('Who counted.'),
    spans: z
      .array(Span)
      .max(SPANS_MAX)
      .refine(isAscending, 'Expected hours and days in order, none of them within another.')
      .describe('Hours and days, ascending.'),
  }),
  answer: answers.PastAddedView,
  async handle({ name, ...past }, { deps }) {
    const counts = await deps.history.addPast(name, past);
    return { status: 200, body: { monitor: name, ...counts }, subject: name };
  },
});

export const monitorPastRoutes = [latency, uptime, add];

function isAscending(spans: readonly z.output<typeof Span>[]): boolean {
  return spans.every(({ at }, index) => {
    const before = spans[index - 1];
    return before === undefined || at >= before.at + LENGTH_MS[before.length];
  });
}

/** Nobody checks it any more, although nobody was there to say so. */
function knownUntil({ state, lastCheckedAt, intervalMs }: MonitorNow): number | null {
  return state === 'unknown' && lastCheckedAt !== null ? lastCheckedAt + intervalMs : null;
}

function pointView({ at, checks, failures, p50, p95, p99, min, max }: Point): LatencyPointView {
  return { at: isoOf(at), checks, failures, p50Ms: p50, p95Ms: p95, p99Ms: p99, minMs: min, maxMs: max };
}

function areApart(outages: readonly { readonly from: number; readonly to: number }[]): boolean {
  return outages.every(({ from, to }, index) => from <= to && from >= (outages[index - 1]?.to ?? 0));
}
