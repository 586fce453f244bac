import type { Placeholder } from './condition.ts';

/** A text that is read from the left. */
export interface Rest {
  readonly text: string;
  at: number;
  /** What may be asked where it stands, for the one who mistyped it. */
  readonly known: readonly Placeholder[];
}

/** Reading cannot go on from where the rest stands. */
export class Unexpected extends Error {
  readonly expected: string;
  /** What was probably meant. */
  readonly suggestion: string | undefined;
  constructor(expected: string, suggestion?: string) {
    super(expected);
    this.expected = expected;
    this.suggestion = suggestion;
  }
}

const QUOTED = /"(?:[^"\\]|\\.)*"/y;
const SPACES = /\s+/y;

export function skipSpaces(rest: Rest): void {
  match(rest, SPACES);
}

export function take(rest: Rest, word: string): boolean {
  const isNext = rest.text.startsWith(word, rest.at);
  if (isNext) rest.at += word.length;
  return isNext;
}

/** What the pattern, which must be sticky, finds right here. */
export function match(rest: Rest, pattern: RegExp): string | undefined {
  const found = peek(rest, pattern);
  rest.at += found?.length ?? 0;
  return found;
}

export function peek({ text, at }: Pick<Rest, 'text' | 'at'>, pattern: RegExp): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** A text in double quotes, if one begins here. */
export function quotedText(rest: Rest): string | undefined {
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

export function isAtEnd(rest: Rest): boolean {
  skipSpaces(rest);
  return rest.at >= rest.text.length;
}
