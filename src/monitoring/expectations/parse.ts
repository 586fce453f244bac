import { parseDuration } from '../../kernel/duration.ts';
import {
  type Condition,
  isEquality,
  OPERATORS,
  type Operator,
  PLACEHOLDERS,
  PLAIN_KEY,
  type Placeholder,
  type Subject,
  type Value,
} from './condition.ts';

/** Where reading stopped, counted from 1 as people do, and what would have been right there. */
export interface Misreading {
  readonly position: number;
  readonly expected: string;
  readonly found: string;
}

export type Reading = { readonly condition: Condition } | { readonly misreading: Misreading };

const TEXT_CHARS_MAX = 500;
const STATUS_MIN = 100;
const STATUS_MAX = 599;
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const QUOTED = /^"(?:[^"\\]|\\.)*"/;
/** `any(…)` and its like come later; a text that looks so must not change its meaning then. */
const CALL = /^[a-z]+\(/;

interface Rest {
  readonly text: string;
  at: number;
}

class Unexpected extends Error {
  readonly expected: string;
  constructor(expected: string) {
    super(expected);
    this.expected = expected;
  }
}

/** Never throws: what cannot be read is a value too. */
export function parseCondition(text: string): Reading {
  const rest: Rest = { text, at: 0 };
  try {
    if (text.length > TEXT_CHARS_MAX) throw new Unexpected(`at most ${TEXT_CHARS_MAX} characters`);
    return { condition: condition(rest) };
  } catch (error) {
    if (!(error instanceof Unexpected)) throw error;
    return { misreading: { position: rest.at + 1, expected: error.expected, found: foundAt(rest) } };
  }
}

export function explainMisreading({ position, expected, found }: Misreading): string {
  return `Expected ${expected} at position ${position}, found ${found}.`;
}

function condition(rest: Rest): Condition {
  const read = subject(rest);
  const compare = operator(rest, read);
  return { subject: read, operator: compare, value: value(rest, read, compare) };
}

function subject(rest: Rest): Subject {
  skipSpaces(rest);
  const names = Object.keys(PLACEHOLDERS).filter(isPlaceholder);
  const placeholder = names.find((name) => take(rest, `[${name}]`));
  if (placeholder === undefined) throw new Unexpected(`one of ${names.map((name) => `[${name}]`).join(', ')}`);
  return { placeholder, path: placeholder === 'BODY' ? path(rest) : [] };
}

function path(rest: Rest): Subject['path'] {
  const steps: (string | number)[] = [];
  for (;;) {
    if (take(rest, '.')) steps.push(key(rest));
    else if (take(rest, '[')) steps.push(bracketed(rest));
    else return steps;
  }
}

function key(rest: Rest): string {
  const name = match(rest, PLAIN_KEY);
  if (name === undefined) throw new Unexpected('the name of a key, such as .status');
  return name;
}

function bracketed(rest: Rest): string | number {
  const quoted = quotedText(rest);
  const index = quoted ?? match(rest, /^\d{1,9}/);
  if (index === undefined) throw new Unexpected('a position such as [0], or a key such as ["first name"]');
  if (!take(rest, ']')) throw new Unexpected('"]"');
  return quoted ?? Number(index);
}

function operator(rest: Rest, { placeholder }: Subject): Operator {
  skipSpaces(rest);
  const allowed = OPERATORS.filter((each) => PLACEHOLDERS[placeholder].kind !== 'boolean' || isEquality(each));
  const found = allowed.find((each) => take(rest, each));
  if (found === undefined) throw new Unexpected(`one of ${allowed.join(' ')}`);
  return found;
}

function value(rest: Rest, { placeholder }: Subject, compare: Operator): Value {
  skipSpaces(rest);
  const { kind } = PLACEHOLDERS[placeholder];
  if (kind === 'text' && isEquality(compare)) return textValue(rest);
  const written = rest.text.slice(rest.at).trimEnd();
  const read = VALUES[kind](written);
  if (read === undefined) throw new Unexpected(WORDS[kind]);
  return read;
}

const WORDS = {
  number: `a number from ${STATUS_MIN} to ${STATUS_MAX}, such as 200`,
  duration: 'a duration with its unit, such as 800ms',
  boolean: 'true or false',
  text: 'a number to compare with',
};

const VALUES: Readonly<Record<Value['kind'], (written: string) => Value | undefined>> = {
  number(written) {
    const amount = /^\d{3}$/.test(written) ? Number(written) : Number.NaN;
    return amount >= STATUS_MIN && amount <= STATUS_MAX ? { kind: 'number', amount } : undefined;
  },
  duration(written) {
    const amount = parseDuration(written);
    return amount === undefined || !Number.isSafeInteger(amount) ? undefined : { kind: 'duration', amount };
  },
  boolean: (written) =>
    /^(?:true|false)$/.test(written) ? { kind: 'boolean', isTrue: written === 'true' } : undefined,
  text: (written) => (NUMBER.test(written) ? { kind: 'text', text: written, isQuoted: false } : undefined),
};

function textValue(rest: Rest): Value {
  const quoted = quotedText(rest);
  if (quoted !== undefined) {
    skipSpaces(rest);
    if (rest.at < rest.text.length) throw new Unexpected('the end after the closing quote');
    return { kind: 'text', text: quoted, isQuoted: true };
  }
  const text = rest.text.slice(rest.at).trimEnd();
  const isPlain = text !== '' && !text.startsWith('"') && !CALL.test(text);
  if (!isPlain) throw new Unexpected('a text, in double quotes if it is empty or looks like something else');
  return { kind: 'text', text, isQuoted: false };
}

function quotedText(rest: Rest): string | undefined {
  const startedAt = rest.at;
  const literal = match(rest, QUOTED);
  if (literal === undefined) return undefined;
  try {
    return String(JSON.parse(literal));
  } catch {
    rest.at = startedAt;
    throw new Unexpected('a text in double quotes, escaped as in JSON');
  }
}

function skipSpaces(rest: Rest): void {
  match(rest, /^\s+/);
}

function take(rest: Rest, word: string): boolean {
  const isNext = rest.text.startsWith(word, rest.at);
  if (isNext) rest.at += word.length;
  return isNext;
}

function match(rest: Rest, pattern: RegExp): string | undefined {
  const found = pattern.exec(rest.text.slice(rest.at))?.[0];
  rest.at += found?.length ?? 0;
  return found;
}

function foundAt({ text: whole, at }: Rest): string {
  const shown = whole.slice(at, at + 20);
  return shown === '' ? 'the end' : JSON.stringify(shown);
}

function isPlaceholder(name: string): name is Placeholder {
  return Object.hasOwn(PLACEHOLDERS, name);
}
