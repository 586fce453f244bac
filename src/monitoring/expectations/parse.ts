import { asked, expectedAsked, looksCalled, NAMES } from './asked.ts';
import {
  type Asked,
  type Choice,
  type Condition,
  type Equality,
  type Glob,
  isEquality,
  type Kind,
  kindOf,
  OPERATORS,
  type Operand,
  type Operator,
  type Pattern,
  type Placeholder,
} from './condition.ts';
import { readLiteral, WORDS, type Written } from './literal.ts';
import { isAtEnd, match, peek, quotedText, type Rest, skipSpaces, take, Unexpected } from './scanner.ts';

/** Where reading stopped, counted from 1 as people do, and what would have been right there. */
export interface Misreading {
  readonly position: number;
  readonly expected: string;
  readonly found: string;
  /** What was probably meant. */
  readonly suggestion?: string;
}

export type Reading = { readonly condition: Condition } | { readonly misreading: Misreading };

const TEXT_CHARS_MAX = 500;
const BEFORE_OPERATOR = /[^=!<>]+/y;
const IN_LIST = /[^,()"]+/y;
const TO_THE_END = /[^]+/y;
const PATTERN_NAME = /(?:any|pat)\(/y;
const EXPECTED_TEXT = 'a text, in double quotes if it is empty or looks like something else';

/** Never throws: what cannot be read is a value too. `known` is what may be asked here. */
export function parseCondition(text: string, known: readonly Placeholder[] = NAMES): Reading {
  const reading = readWhole(text, condition, known);
  return 'value' in reading ? { condition: reading.value } : reading;
}

/** The whole text as what `read` makes of it, without the space around it. */
export function readWhole<T>(
  text: string,
  read: (rest: Rest) => T,
  known: readonly Placeholder[],
): { readonly value: T } | { readonly misreading: Misreading } {
  const rest: Rest = { text, at: 0, known };
  try {
    if (text.length > TEXT_CHARS_MAX) throw new Unexpected(`at most ${TEXT_CHARS_MAX} characters`);
    skipSpaces(rest);
    const value = read(rest);
    end(rest);
    return { value };
  } catch (error) {
    if (!(error instanceof Unexpected)) throw error;
    const { expected, suggestion } = error;
    const misreading = { position: rest.at + 1, expected, found: foundAt(rest) };
    return { misreading: suggestion === undefined ? misreading : { ...misreading, suggestion } };
  }
}

export function explainMisreading({ position, expected, found, suggestion }: Misreading): string {
  const sentence = `Expected ${expected} at position ${position}, found ${found}.`;
  return suggestion === undefined ? sentence : `${sentence} Did you mean ${suggestion}?`;
}

function condition(rest: Rest): Condition {
  const leftAt = rest.at;
  const left = asked(rest) ?? writtenLeft(rest);
  skipSpaces(rest);
  const operatorAt = rest.at;
  const compare = operator(rest, 'kind' in left ? kindOf(left) : 'open');
  skipSpaces(rest);
  if ('kind' in left) return { left, ...rightOf(rest, left, compare) };

  const right = asked(rest);
  if (right === undefined) throw failAt(rest, leftAt, expectedAsked(rest));
  end(rest);
  if (!allows(kindOf(right), compare)) throw failAt(rest, operatorAt, 'one of == !=');
  const literal = readLiteral(left, right, compare);
  if (literal === undefined) throw failAt(rest, leftAt, WORDS[kindOf(right)]);
  return { left: literal, operator: compare, right };
}

function operator(rest: Rest, kind: Kind): Operator {
  const allowed = OPERATORS.filter((each) => allows(kind, each));
  const found = allowed.find((each) => take(rest, each));
  if (found === undefined) throw new Unexpected(`one of ${allowed.join(' ')}`);
  return found;
}

function allows(kind: Kind, compare: Operator): boolean {
  return isEquality(compare) || (kind !== 'boolean' && kind !== 'name');
}

/** Of what stands on the left it is not known yet what it is compared with. */
function writtenLeft(rest: Rest): Written {
  if (peek(rest, PATTERN_NAME) !== undefined) {
    throw new Unexpected('what is asked, such as [STATUS]; any(…) and pat(…) stand on the right of == or !=');
  }
  const startedAt = rest.at;
  const quoted = looksCalled(rest) ? undefined : quotedText(rest);
  if (quoted !== undefined) return { text: quoted, isQuoted: true };
  const text = looksCalled(rest) ? undefined : match(rest, BEFORE_OPERATOR);
  if (text === undefined || text.includes('"') || rest.at >= rest.text.length)
    throw failAt(rest, startedAt, expectedAsked(rest));
  return { text: text.trimEnd(), isQuoted: false };
}

type Right =
  | { readonly operator: Operator; readonly right: Operand }
  | { readonly operator: Equality; readonly right: Pattern };

function rightOf(rest: Rest, left: Asked, compare: Operator): Right {
  const right = isEquality(compare) ? pattern(rest, left, compare) : undefined;
  if (right !== undefined && isEquality(compare)) return { operator: compare, right };
  const operand = askedBeside(rest, left, compare) ?? literalBeside(rest, left, { compare, until: TO_THE_END });
  return { operator: compare, right: operand };
}

function askedBeside(rest: Rest, left: Asked, compare: Operator): Asked | undefined {
  const startedAt = rest.at;
  const right = asked(rest);
  if (right === undefined) return undefined;
  const isComparable = areComparable(kindOf(left), kindOf(right)) && allows(kindOf(right), compare);
  if (!isComparable) throw failAt(rest, startedAt, expectedBeside(left, compare));
  return right;
}

function areComparable(left: Kind, right: Kind): boolean {
  const [one, other] = [left, right].map((kind) => (kind === 'count' ? 'status' : kind));
  return one === other || one === 'open' || other === 'open';
}

interface LiteralPlace {
  readonly compare: Operator;
  /** How far a text without quotes may reach; sticky. */
  readonly until: RegExp;
}

function literalBeside(rest: Rest, left: Asked, { compare, until }: LiteralPlace): Operand {
  const startedAt = rest.at;
  const expected = expectedBeside(left, compare);
  if (looksCalled(rest)) throw new Unexpected(expected);
  const quoted = quotedText(rest);
  const text = quoted ?? match(rest, until)?.trimEnd();
  const isText = text !== undefined && (quoted !== undefined || (text !== '' && !text.startsWith('"')));
  const literal = isText ? readLiteral({ text, isQuoted: quoted !== undefined }, left, compare) : undefined;
  if (literal === undefined) throw failAt(rest, startedAt, expected);
  return literal;
}

function expectedBeside(left: Asked, compare: Operator): string {
  const kind = kindOf(left);
  return kind === 'name' || (kind === 'open' && isEquality(compare)) ? EXPECTED_TEXT : WORDS[kind];
}

/** Undefined when what stands here is no pattern. */
function pattern(rest: Rest, left: Asked, compare: Equality): Pattern | undefined {
  if (peek(rest, PATTERN_NAME) === 'pat(') return glob(rest, left, /[^]*(?=\)\s*$)/y);
  return take(rest, 'any(') ? any(rest, left, compare) : undefined;
}

function any(rest: Rest, left: Asked, compare: Equality): Pattern {
  const of: Choice[] = [];
  do {
    skipSpaces(rest);
    of.push(choice(rest, left, compare));
    skipSpaces(rest);
  } while (take(rest, ','));
  if (!take(rest, ')')) throw new Unexpected('"," or ")"');
  return { kind: 'any', of };
}

function choice(rest: Rest, left: Asked, compare: Equality): Choice {
  if (peek(rest, PATTERN_NAME) === 'pat(') return glob(rest, left, /[^,()"]*/y);
  return askedBeside(rest, left, compare) ?? literalBeside(rest, left, { compare, until: IN_LIST });
}

function glob(rest: Rest, left: Asked, until: RegExp): Glob {
  const kind = kindOf(left);
  if (kind === 'duration' || kind === 'boolean') throw new Unexpected(WORDS[kind]);
  rest.at += 'pat('.length;
  skipSpaces(rest);
  const text = quotedText(rest) ?? match(rest, until)?.trim();
  if (text === undefined || text === '') throw new Unexpected('a text with * for what may vary, such as pat(ok*)');
  skipSpaces(rest);
  if (!take(rest, ')')) throw new Unexpected('")"');
  return { kind: 'glob', glob: text };
}

function end(rest: Rest): void {
  if (!isAtEnd(rest)) throw new Unexpected('the end');
}

function failAt(rest: Rest, at: number, expected: string): Unexpected {
  rest.at = at;
  return new Unexpected(expected);
}

function foundAt({ text: whole, at }: Rest): string {
  const shown = whole.slice(at, at + 20);
  return shown === '' ? 'the end' : JSON.stringify(shown);
}
