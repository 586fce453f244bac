import { parseDuration } from '../../kernel/duration.ts';
import { type Asked, isEquality, type Kind, kindOf, type Literal, type Operator } from './condition.ts';

/** A value as it is written, before it is known what it is compared with. */
export interface Written {
  readonly text: string;
  readonly isQuoted: boolean;
}

const STATUS_MIN = 100;
const STATUS_MAX = 599;
export const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** What a value has to look like to be compared with a placeholder of this kind. */
export const WORDS: Readonly<Record<Kind, string>> = {
  status: `a number from ${STATUS_MIN} to ${STATUS_MAX}, such as 200`,
  count: 'a whole number, such as 3',
  duration: 'a duration with its unit, such as 800ms',
  boolean: 'true or false',
  name: 'a text',
  open: 'a number to compare with',
};

/** Undefined when it cannot be compared with what is asked. */
export function readLiteral(written: Written, asked: Asked, operator: Operator): Literal | undefined {
  const kind = kindOf(asked);
  const isText = kind === 'name' || (kind === 'open' && isEquality(operator));
  if (isText) return { kind: 'text', ...written };
  if (written.isQuoted) return undefined;
  if (isResponseTime(asked) && /^\d{1,9}$/.test(written.text)) {
    // As Gatus has it; no other duration has a unit that goes without saying.
    return { kind: 'duration', amount: Number(written.text) };
  }
  return READ[kind](written.text);
}

const READ: Readonly<Record<Kind, (text: string) => Literal | undefined>> = {
  status(text) {
    const amount = /^\d{3}$/.test(text) ? Number(text) : Number.NaN;
    return amount >= STATUS_MIN && amount <= STATUS_MAX ? { kind: 'number', amount } : undefined;
  },
  count: (text) => (/^\d{1,9}$/.test(text) ? { kind: 'number', amount: Number(text) } : undefined),
  duration(text) {
    const amount = parseDuration(text);
    return amount === undefined || !Number.isSafeInteger(amount) ? undefined : { kind: 'duration', amount };
  },
  boolean: (text) => (/^(?:true|false)$/.test(text) ? { kind: 'boolean', isTrue: text === 'true' } : undefined),
  name: () => undefined,
  open: (text) => (NUMBER.test(text) ? { kind: 'text', text, isQuoted: false } : undefined),
};

function isResponseTime(asked: Asked): boolean {
  return asked.kind === 'placeholder' && asked.placeholder === 'RESPONSE_TIME';
}
