import * as z from 'zod';
import type { Answer } from '../expectations/answer.ts';
import { reference } from '../expectations/asked.ts';
import { type Condition, printSide, type Reference } from '../expectations/condition.ts';
import { type Evaluation, evaluate } from '../expectations/evaluate.ts';
import { readWhole } from '../expectations/parse.ts';
import { asText, show } from '../expectations/show.ts';
import type { CheckResult } from '../monitor-type.ts';

const TEXT_CHARS_MAX = 500;

const scalar = () => z.union([z.string().max(TEXT_CHARS_MAX), z.number(), z.boolean(), z.null()]);

/** The keys that say which value of a JSON text is looked at, and how it has to be. */
export function demandKeys() {
  return {
    path: valuePath().describe('Where the value stands, e.g. "queues[0].waiting" or \'["first name"]\'.'),
    equals: scalar().optional().describe('The value has to be this, compared as text: 3 equals "3".'),
    contains: scalar().optional().describe('The value has to be a list with this in it, or a text with this in it.'),
    above: z.number().optional().describe('The value has to be a number greater than this.'),
    below: z.number().optional().describe('The value has to be a number less than this.'),
    exists: z.boolean().optional().describe('Whether there has to be a value at all; null is none.'),
  };
}

const shape = z.object(demandKeys());
export type Demand = z.output<typeof shape>;

export function isOneDemand({ equals, contains, above, below, exists }: Demand): boolean {
  return [equals, contains, above, below, exists].filter((each) => each !== undefined).length === 1;
}

/** What was found is the reading `value` where it is a number, and the reason where it is not as demanded. */
export function judgeValue(result: CheckResult, demand: Demand, answer: Answer, place: string): CheckResult {
  const { failure, ...outcome } = outcomeOf(demand, answer);
  const found = answer.of(demand.path);
  const value = found.isKnown && typeof found.value === 'number' ? found.value : undefined;
  const findings = {
    ...result,
    conditions: [...(result.conditions ?? []), { ...outcome, otherwise: 'down' as const }],
    ...(value !== undefined && { readings: { value } }),
  };
  return failure === undefined ? findings : { ...findings, state: 'down', reason: `${place}: ${failure}` };
}

function outcomeOf(demand: Demand, answer: Answer): Evaluation {
  const { contains } = demand;
  return contains === undefined ? evaluate(conditionOf(demand), answer) : contained(demand.path, contains, answer);
}

function conditionOf({ path, equals, above, below, exists }: Demand): Condition {
  if (above !== undefined) return { left: path, operator: '>', right: { kind: 'number', amount: above } };
  if (below !== undefined) return { left: path, operator: '<', right: { kind: 'number', amount: below } };
  if (exists !== undefined) {
    const call = { kind: 'call', name: 'has', of: path } as const;
    return { left: call, operator: '==', right: { kind: 'boolean', isTrue: exists } };
  }
  return { left: path, operator: '==', right: { kind: 'text', text: asText(equals), isQuoted: false } };
}

function contained(path: Reference, wanted: Demand['contains'], answer: Answer): Evaluation {
  const where = printSide(path);
  const text = asText(wanted);
  const condition = `${where} contains ${JSON.stringify(text)}`;
  const expected = `expected something that contains ${show(text)}.`;
  const found = answer.of(path);
  if (!found.isKnown) {
    return { condition, holds: false, actual: null, failure: `${where} ${found.problem}, ${expected}` };
  }
  const actual = found.show();
  const holds = holdsIn(found.value, text);
  return { condition, holds, actual, ...(!holds && { failure: `${where} was ${actual}, ${expected}` }) };
}

function holdsIn(value: unknown, text: string): boolean {
  if (Array.isArray(value)) return value.some((each) => asText(each) === text);
  return typeof value === 'string' && value.includes(text);
}

/** `items[0].name`: the path of `[BODY]` in a condition, which may be written in front of it. */
function valuePath() {
  return z.string().transform((written, context): Reference => {
    const text = written.trim();
    const reading = readWhole(wholePath(text), reference, ['BODY']);
    if ('value' in reading && reading.value.path.length > 0) return reading.value;
    const message = 'Expected the path of a value, such as queues[0].waiting or ["first name"].';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

function wholePath(text: string): string {
  if (text.startsWith('[BODY]')) return text;
  return /^[.[]/.test(text) ? `[BODY]${text}` : `[BODY].${text}`;
}
