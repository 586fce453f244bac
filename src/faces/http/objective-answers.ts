import * as z from 'zod';
import { SEVERITIES } from '../../contracts/outbound.ts';
import type * as contract from './objective-contract.ts';

/** The contract about promises once more, as schemas; see `answers.ts`. */
type Schema<View> = z.ZodType<View>;

const Instant = z.iso.datetime();

const BurnView = z.strictObject({
  severity: z.enum(SEVERITIES),
  longMs: z.number(),
  shortMs: z.number(),
  factor: z.number(),
  longRate: z.number().nullable(),
  shortRate: z.number().nullable(),
  isBurning: z.boolean(),
});

export const ObjectiveView: Schema<contract.ObjectiveView> = z
  .strictObject({
    name: z.string(),
    monitor: z.string(),
    kind: z.enum(['time', 'checks']),
    target: z.number(),
    promise: z.string(),
    from: Instant,
    to: Instant,
    reached: z.number().nullable(),
    coverage: z.number(),
    budgetLeft: z.number().nullable(),
    budgetLeftMs: z.number().nullable(),
    budgetLeftChecks: z.number().nullable(),
    burnRate: z.number().nullable(),
    goneAt: Instant.nullable(),
    burn: z.array(BurnView),
    isSpent: z.boolean(),
    whenSpent: z.enum(['allowed', 'blocked']),
  })
  .meta({ id: 'ObjectiveView' });

export const ObjectiveListView: Schema<contract.ObjectiveListView> = z
  .strictObject({ objectives: z.array(ObjectiveView) })
  .meta({ id: 'ObjectiveListView' });
