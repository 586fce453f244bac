import * as z from 'zod';
import type * as contract from './contract.ts';

type Schema<Answer> = z.ZodType<Answer, Answer>;

const Gap = z.strictObject({ monitor: z.string(), reason: z.string() });

export const ProbeAssignmentView: Schema<contract.ProbeAssignmentView> = z
  .strictObject({
    location: z.string(),
    tag: z.string(),
    assignment: z
      .strictObject({
        monitors: z.array(
          z.strictObject({
            name: z.string(),
            section: z.enum(['services', 'monitors']),
            entry: z.record(z.string(), z.unknown()),
            intervalMs: z.number(),
            timeoutMs: z.number(),
          }),
        ),
        withheld: z.array(Gap),
      })
      .nullable(),
  })
  .meta({ id: 'ProbeAssignmentView' });

export const ProbeReceiptView: Schema<contract.ProbeReceiptView> = z
  .strictObject({
    storedSeq: z.int(),
    skewMs: z.number(),
    late: z.int(),
    ignored: z.int(),
    tag: z.string(),
  })
  .meta({ id: 'ProbeReceiptView' });
