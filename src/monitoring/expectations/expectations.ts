import * as z from 'zod';
import { nearestWord } from '../../kernel/nearest-word.ts';
import { type Condition, PLACEHOLDERS, type Placeholder, referencesIn } from './condition.ts';
import { explainMisreading, parseCondition } from './parse.ts';

/** What a target must be like, by what it means when it is not. */
export interface Expectations {
  readonly down: readonly Condition[];
  readonly degraded: readonly Condition[];
}

/** Conditions one by one: more than these are a test suite, and belong into one. */
const CONDITIONS_MAX = 50;

/** The setting `expect:`, either a list whose failure means down, or `{ down: […], degraded: […] }`. */
export function expectations(known: readonly Placeholder[]) {
  const list = z.array(expectation(known)).min(1).max(CONDITIONS_MAX);
  return z
    .union([
      list,
      z.strictObject({
        down: list.optional().describe('Conditions whose failure means that it is down.'),
        degraded: list.optional().describe('Conditions whose failure means that it works, but not well.'),
      }),
    ])
    .transform((written): Expectations => {
      if (Array.isArray(written)) return { down: written, degraded: [] };
      return { down: written.down ?? [], degraded: written.degraded ?? [] };
    });
}

/** A setting such as `"[STATUS] == 200"`, understood when the manifest is read. */
export function expectation(known: readonly Placeholder[]) {
  const examples = known.map((placeholder) => `[${placeholder}] == ${PLACEHOLDERS[placeholder].example}`);
  return z.string(`Expected a condition such as "${examples[0]}".`).transform((text, context): Condition => {
    const reading = parseCondition(text, known);
    if ('misreading' in reading) return refuse(context, explainMisreading(reading.misreading));
    const unknown = referencesIn(reading.condition).find(({ placeholder }) => !known.includes(placeholder));
    if (unknown === undefined) return reading.condition;
    const nearest = nearestWord(unknown.placeholder, known);
    const meant = nearest === undefined ? '' : ` Did you mean [${nearest}]?`;
    const names = known.map((name) => `[${name}]`).join(', ');
    return refuse(context, `[${unknown.placeholder}] is not known here. Known: ${names}.${meant}`);
  });
}

/** Whether any condition needs this to be asked for at all. */
export function asksFor(expect: Expectations | undefined, placeholder: Placeholder): boolean {
  const conditions = expect === undefined ? [] : [...expect.down, ...expect.degraded];
  return conditions.some((condition) => referencesIn(condition).some((each) => each.placeholder === placeholder));
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
