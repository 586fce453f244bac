import * as z from 'zod';
import { type Condition, PLACEHOLDERS, type Placeholder } from './condition.ts';
import { explainMisreading, parseCondition } from './parse.ts';

/** A setting such as `"[STATUS] == 200"`, understood when the manifest is read. */
export function expectation(known: readonly Placeholder[]) {
  const examples = known.map((placeholder) => `[${placeholder}] == ${PLACEHOLDERS[placeholder].example}`);
  return z.string(`Expected a condition such as "${examples[0]}".`).transform((text, context): Condition => {
    const reading = parseCondition(text);
    if ('misreading' in reading) return refuse(context, explainMisreading(reading.misreading));
    const { placeholder } = reading.condition.subject;
    if (known.includes(placeholder)) return reading.condition;
    const names = known.map((name) => `[${name}]`).join(', ');
    return refuse(context, `[${placeholder}] is not known here. Known: ${names}.`);
  });
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
