import * as z from 'zod';
import { problemOf } from './pattern.ts';

/** Series by their name and, if asked, by their labels, as PromQL selects them. */
export interface Selector {
  readonly name: string;
  /** A label that a series does not have is empty. */
  readonly matches: (labels: ReadonlyMap<string, string>) => boolean;
}

type Matcher = (labels: ReadonlyMap<string, string>) => boolean;

const SELECTOR = /^\s*(?<name>[a-zA-Z_:][\w:]*)\s*(?:\{(?<braces>.*)\})?\s*$/s;
const MATCHER =
  /^\s*(?<label>[a-zA-Z_]\w*)\s*(?<operator>=~|!~|!=|=)\s*(?<value>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')\s*(?:,|$)/s;
const SELECTOR_CHARS_MAX = 1_000;
/** A longer value satisfies no pattern: how long a pattern takes depends on it. */
const MATCHED_CHARS_MAX = 1_024;

/** A setting such as `http_requests_total{status=~"5.."}`. */
export function selector() {
  const shape = 'Expected a metric such as http_requests_total{status=~"5.."}.';
  return z
    .string(shape)
    .max(SELECTOR_CHARS_MAX)
    .transform((text, context): Selector => {
      const read = parseSelector(text);
      if (!('problem' in read)) return read;
      context.addIssue({ code: 'custom', message: read.problem === '' ? shape : read.problem });
      return z.NEVER;
    });
}

function parseSelector(text: string): Selector | { readonly problem: string } {
  const { name, braces = '' } = SELECTOR.exec(text)?.groups ?? {};
  if (name === undefined) return { problem: '' };
  const matchers = matchersIn(braces);
  if (typeof matchers === 'string') return { problem: matchers };
  return { name, matches: (labels) => matchers.every((matcher) => matcher(labels)) };
}

function matchersIn(braces: string): readonly Matcher[] | string {
  const matchers: Matcher[] = [];
  for (let left = braces.trim(); left !== ''; ) {
    const found = MATCHER.exec(left);
    if (found?.groups === undefined) return '';
    const { label = '', operator = '', value = '' } = found.groups;
    const matcher = matcherOf(label, operator, unquoted(value));
    if (typeof matcher === 'string') return matcher;
    matchers.push(matcher);
    left = left.slice(found[0].length).trim();
  }
  return matchers;
}

/** Why there is none, where the pattern cannot be used. Patterns have to fit the whole value, as in PromQL. */
function matcherOf(label: string, operator: string, wanted: string): Matcher | string {
  const valueIn = (labels: ReadonlyMap<string, string>) => labels.get(label) ?? '';
  if (operator === '=') return (labels) => valueIn(labels) === wanted;
  if (operator === '!=') return (labels) => valueIn(labels) !== wanted;
  const problem = problemOf(wanted);
  if (problem !== undefined) return problem;
  const pattern = new RegExp(`^(?:${wanted})$`, 's');
  const isMatch = (value: string) => value.length <= MATCHED_CHARS_MAX && pattern.test(value);
  return operator === '=~' ? (labels) => isMatch(valueIn(labels)) : (labels) => !isMatch(valueIn(labels));
}

function unquoted(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replaceAll(/\\(?<escaped>.)/gs, (_match, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
