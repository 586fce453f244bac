import * as z from 'zod';
import type * as contract from './threshold-contract.ts';

/** The contract about limits once more, as schemas; see `answers.ts`. */
type Schema<View> = z.ZodType<View>;

const Level = z.enum(['warning', 'critical']);

const ThresholdView: Schema<contract.ThresholdView> = z
  .strictObject({
    rule: z.string(),
    reading: z.string(),
    side: z.enum(['above', 'below']),
    unit: z.enum(['share', 'ms', 'number']),
    levels: z.array(z.strictObject({ level: Level, limit: z.number(), forMs: z.number(), words: z.string() })),
    runbook: z.string(),
    monitors: z.array(z.string()).nullable(),
  })
  .meta({ id: 'ThresholdView' });

const ThresholdCrossedView: Schema<contract.ThresholdCrossedView> = z
  .strictObject({
    rule: z.string(),
    monitor: z.string(),
    reading: z.string(),
    level: Level,
    reason: z.string(),
    runbook: z.string(),
    since: z.iso.datetime(),
  })
  .meta({ id: 'ThresholdCrossedView' });

export const ThresholdListView: Schema<contract.ThresholdListView> = z
  .strictObject({ thresholds: z.array(ThresholdView), crossed: z.array(ThresholdCrossedView) })
  .meta({ id: 'ThresholdListView' });
