import { parseDuration } from '../../kernel/duration.ts';
import type { Glob, Literal, Operator } from './condition.ts';
import { NUMBER } from './literal.ts';
import { asText } from './show.ts';

/** Whether what was found stands in this relation to a value of the same or of any kind. */
export function relates(actual: unknown, operator: Operator, other: Comparable): boolean {
  return RELATIONS[operator](actual, other);
}

const RELATIONS: Readonly<Record<Operator, (actual: unknown, other: Comparable) => boolean>> = {
  '==': equals,
  '!=': (actual, other) => !equals(actual, other),
  '<': (actual, other) => difference(actual, other) < 0,
  '<=': (actual, other) => difference(actual, other) <= 0,
  '>': (actual, other) => difference(actual, other) > 0,
  '>=': (actual, other) => difference(actual, other) >= 0,
};

/** A literal of the manifest, or what was found for the other side. */
export type Comparable = Literal | { readonly kind: 'found'; readonly value: unknown };

function equals(actual: unknown, other: Comparable): boolean {
  // Headers and addresses are always texts, so that between two answers `"1"` equals `1`.
  if (other.kind === 'found') return asText(actual) === asText(other.value);
  if (other.kind === 'boolean') return actual === other.isTrue;
  if (other.kind !== 'text') return actual === other.amount;
  if (typeof actual === 'string') return actual === other.text;
  if (other.isQuoted) return false;
  return typeof actual === 'number' ? actual === Number(other.text) : JSON.stringify(actual) === other.text;
}

/** Negative, zero or positive; NaN, which satisfies no comparison, when one of the two is no number. */
function difference(actual: unknown, other: Comparable): number {
  return numberOf(actual) - amountOf(other);
}

function amountOf(other: Comparable): number {
  if (other.kind === 'found') return numberOf(other.value);
  if (other.kind === 'boolean') return Number.NaN;
  return other.kind === 'text' ? numberOf(other.text) : other.amount;
}

/** A number, also as a text; a duration such as `5m` counts in milliseconds. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return Number.NaN;
  const text = value.trim();
  return NUMBER.test(text) ? Number(text) : (parseDuration(text) ?? Number.NaN);
}

/**
 * Whether the text has the form of the glob. Each piece between the stars is searched once, from left to right, so that
 * no text makes this slow.
 */
export function fits(actual: unknown, { glob }: Glob): boolean {
  const text = asText(actual);
  const [first = '', ...others] = glob.split('*');
  const last = others.pop();
  if (last === undefined) return text === glob;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of others) {
    const foundAt = text.indexOf(piece, at);
    if (foundAt < 0) return false;
    at = foundAt + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
