import * as z from 'zod';
import { reference } from './asked.ts';
import type { Placeholder, Reference } from './condition.ts';
import { explainMisreading, readWhole } from './parse.ts';

/** A setting such as `"[BODY].token"`: what to take from an answer. */
export function keptReference(known: readonly Placeholder[]) {
  const names = known.map((name) => `[${name}]`).join(', ');
  return z.string('Expected what to keep, such as "[BODY].token".').transform((text, context): Reference => {
    const reading = readWhole(text, reference, known);
    if ('misreading' in reading) {
      context.addIssue({ code: 'custom', message: explainMisreading(reading.misreading) });
      return z.NEVER;
    }
    if (known.includes(reading.value.placeholder)) return reading.value;
    const message = `[${reading.value.placeholder}] cannot be kept. Known: ${names}.`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}
