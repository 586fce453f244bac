import type { ConditionOutcome } from '../monitor-type.ts';
import type { Answer, Found } from './answer.ts';
import { fits, relates } from './compare.ts';
import {
  type Asked,
  type Choice,
  type Condition,
  isAsked,
  isEquality,
  type Operator,
  type Pattern,
  printCondition,
  printSide,
} from './condition.ts';
import { show } from './show.ts';

/** How one condition came out. */
export interface Evaluation extends Omit<ConditionOutcome, 'otherwise'> {
  /** `[STATUS] was 503, expected 200.`, when it does not hold. */
  readonly failure?: string;
}

/** A condition with what is asked in front, also where it is written behind. */
interface Question {
  readonly subject: Asked;
  readonly operator: Operator;
  readonly other: Choice | Pattern;
}

type Unknown = Extract<Found, { isKnown: false }>;

export function evaluate(written: Condition, answer: Answer): Evaluation {
  const condition = printCondition(written);
  const question = questionIn(written);
  const found = answer.of(question.subject);
  if (!found.isKnown)
    return {
      condition,
      ...notFound(found, `${printSide(question.subject)} ${found.problem}, ${expected(question, answer)}`),
    };

  for (const asked of askedIn(question.other)) {
    const beside = answer.of(asked);
    if (beside.isKnown) continue;
    const consequence = `so ${printSide(question.subject)} could not be compared with it.`;
    return { condition, ...notFound(beside, `${printSide(asked)} ${beside.problem}, ${consequence}`) };
  }

  const actual = found.show();
  if (isMet(found.value, question, answer)) return { condition, holds: true, actual };
  const failure = `${printSide(question.subject)} was ${actual}, ${expected(question, answer)}`;
  return { condition, holds: false, actual, failure };
}

function notFound({ isExcused = false }: Unknown, failure: string): Omit<Evaluation, 'condition'> {
  return isExcused ? { holds: true, actual: null } : { holds: false, actual: null, failure };
}

function questionIn({ left, operator, right }: Condition): Question {
  if (isAsked(left)) return { subject: left, operator, other: right };
  if (!isAsked(right)) throw new Error('The parser lets no condition through that asks nothing.');
  return { subject: right, operator: TURNED[operator], other: left };
}

const TURNED: Readonly<Record<Operator, Operator>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function askedIn(other: Choice | Pattern): readonly Asked[] {
  if (other.kind === 'any') return other.of.flatMap(askedIn);
  return other.kind !== 'glob' && isAsked(other) ? [other] : [];
}

function isMet(value: unknown, { operator, other }: Question, answer: Answer): boolean {
  if (other.kind === 'any') {
    const isOne = other.of.some((choice) => holdsFor(value, '==', choice, answer));
    return isOne === (operator === '==');
  }
  return holdsFor(value, operator, other, answer);
}

function holdsFor(value: unknown, operator: Operator, other: Choice, answer: Answer): boolean {
  if (other.kind === 'glob') return fits(value, other) === (operator === '==');
  if (!isAsked(other)) return relates(value, operator, other);
  const found = answer.of(other);
  return found.isKnown && relates(value, operator, { kind: 'found', value: found.value });
}

/** `expected anything but 503.` */
function expected({ operator, other }: Question, answer: Answer): string {
  const printed =
    other.kind === 'any'
      ? listed(other.of.map((choice) => printChoice(choice, operator, answer)))
      : printChoice(other, operator, answer);
  if (operator === '==') return `expected ${printed}.`;
  return operator === '!=' ? `expected anything but ${printed}.` : `expected ${operator} ${printed}.`;
}

function printChoice(choice: Choice, operator: Operator, answer: Answer): string {
  if (choice.kind === 'glob') return `something like ${show(choice.glob)}`;
  if (choice.kind === 'text' && isEquality(operator)) return show(choice.text);
  if (!isAsked(choice)) return printSide(choice);
  const found = answer.of(choice);
  return found.isKnown ? `${printSide(choice)}, which was ${found.show()}` : printSide(choice);
}

function listed(choices: readonly string[]): string {
  const last = choices.at(-1) ?? '';
  return choices.length < 2 ? last : `${choices.slice(0, -1).join(', ')} or ${last}`;
}
