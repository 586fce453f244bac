import * as z from 'zod';
import { STATES } from '../../contracts/state.ts';
import type * as contract from './past-contract.ts';

/** The contract about the past of a monitor once more, as schemas; see `answers.ts`. */
type Schema<View> = z.ZodType<View>;

const Instant = z.iso.datetime();
const State = z.enum(STATES);
const Latency = z.number().nullable();
const Point = z.strictObject({
  at: Instant,
  checks: z.int(),
  failures: z.int(),
  p50Ms: Latency,
  p95Ms: Latency,
  p99Ms: Latency,
  minMs: Latency,
  maxMs: Latency,
});
const Times = z.strictObject({
  up: z.number(),
  degraded: z.number(),
  down: z.number(),
  maintenance: z.number(),
  unknown: z.number(),
});

const Availability = z.strictObject({ ratio: z.number().nullable(), coverage: z.number(), ms: Times });

export const LatencySeriesView: Schema<contract.LatencySeriesView> = z
  .strictObject({
    monitor: z.string(),
    from: Instant,
    to: Instant,
    stepMs: z.number(),
    whole: Point,
    points: z.array(Point),
  })
  .meta({ id: 'LatencySeriesView' });

export const UptimeView: Schema<contract.UptimeView> = z
  .strictObject({
    monitor: z.string(),
    windows: z.array(
      z.strictObject({
        from: Instant,
        to: Instant,
        availability: Availability,
      }),
    ),
    changes: z.array(z.strictObject({ at: Instant, state: State, reason: z.string().nullable() })),
    months: z.array(z.strictObject({ month: z.string(), isFrozen: z.boolean(), availability: Availability })),
  })
  .meta({ id: 'UptimeView' });

export const PastAddedView: Schema<contract.PastAddedView> = z
  .strictObject({ monitor: z.string(), added: z.int(), known: z.int() })
  .meta({ id: 'PastAddedView' });
