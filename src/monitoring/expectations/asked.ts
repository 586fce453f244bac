import { nearestWord } from '../../kernel/nearest-word.ts';
import {
  type Asked,
  FUNCTIONS,
  type FunctionName,
  PLACEHOLDERS,
  type Placeholder,
  type Reference,
} from './condition.ts';
import { match, peek, quotedText, type Rest, take, Unexpected } from './scanner.ts';

const LOOKS_ASKED = /\[[A-Z][A-Z_]*\]/y;
const LOOKS_CALLED = /[a-z]+\(/y;
const KEY = /[A-Za-z_$][\w$-]*/y;
const INDEX = /\d{1,9}/y;
export const NAMES = Object.keys(PLACEHOLDERS).filter(isPlaceholder);
const FUNCTION_NAMES = Object.keys(FUNCTIONS).filter(isFunctionName);

/** Those of which only a part is meant: a value in JSON, a header, something that was kept. */
const WITH_PATH: ReadonlySet<Placeholder> = new Set(['BODY', 'HEADERS', 'CONTEXT']);

export function expectedAsked({ known }: Rest): string {
  return `one of ${known.map((name) => `[${name}]`).join(', ')}`;
}

/** A placeholder or a function of one, if one begins here. Throws `Unexpected` for one that is not known. */
export function asked(rest: Rest): Asked | undefined {
  if (peek(rest, LOOKS_ASKED) !== undefined) return reference(rest);
  const name = FUNCTION_NAMES.find((each) => peek(rest, LOOKS_CALLED) === `${each}(`);
  if (name === undefined) return undefined;
  rest.at += `${name}(`.length;
  if (peek(rest, LOOKS_ASKED) === undefined) throw new Unexpected('what to ask, such as [BODY].items');
  const startedAt = rest.at;
  const of = reference(rest);
  if (!WITH_PATH.has(of.placeholder)) {
    rest.at = startedAt;
    throw new Unexpected(expectedAsked({ ...rest, known: rest.known.filter((each) => WITH_PATH.has(each)) }));
  }
  if (!take(rest, ')')) throw new Unexpected('")"');
  return { kind: 'call', name, of };
}

/** Whether a function begins here, known or not: a text that looks so has to be put in quotes. */
export function looksCalled(rest: Rest): boolean {
  return peek(rest, LOOKS_CALLED) !== undefined;
}

export function reference(rest: Rest): Reference {
  const placeholder = NAMES.find((name) => take(rest, `[${name}]`));
  if (placeholder === undefined) throw unknown(rest);
  const path = WITH_PATH.has(placeholder) ? pathOf(rest) : [];
  if (placeholder === 'HEADERS' && (path.length !== 1 || typeof path[0] !== 'string')) {
    throw new Unexpected('the name of one header, such as ["content-type"]');
  }
  if (placeholder === 'CONTEXT' && typeof path[0] !== 'string') {
    throw new Unexpected('the name of a kept value, such as .token');
  }
  return { kind: 'placeholder', placeholder, path };
}

function unknown(rest: Rest): Unexpected {
  const typed = peek(rest, LOOKS_ASKED)?.slice(1, -1) ?? '';
  const nearest = nearestWord(typed, rest.known);
  return new Unexpected(expectedAsked(rest), nearest && `[${nearest}]`);
}

function pathOf(rest: Rest): Reference['path'] {
  const steps: (string | number)[] = [];
  for (;;) {
    if (take(rest, '.')) steps.push(key(rest));
    else if (take(rest, '[')) steps.push(bracketed(rest));
    else return steps;
  }
}

function key(rest: Rest): string {
  const name = match(rest, KEY);
  if (name === undefined) throw new Unexpected('the name of a key, such as .status');
  return name;
}

function bracketed(rest: Rest): string | number {
  const quoted = quotedText(rest);
  const index = quoted ?? match(rest, INDEX);
  if (index === undefined) throw new Unexpected('a position such as [0], or a key such as ["first name"]');
  if (!take(rest, ']')) throw new Unexpected('"]"');
  return quoted ?? Number(index);
}

function isPlaceholder(name: string): name is Placeholder {
  return Object.hasOwn(PLACEHOLDERS, name);
}

function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}
