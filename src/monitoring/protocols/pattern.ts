import * as z from 'zod';

const PATTERN_CHARS_MAX = 200;

/** A regular expression that no text can keep busy for ever; others are refused. */
export function pattern({ flags = '' }: { readonly flags?: string } = {}) {
  return z
    .string()
    .min(1)
    .max(PATTERN_CHARS_MAX)
    .transform((source, context): RegExp => {
      const problem = problemOf(source);
      if (problem === undefined) return new RegExp(source, flags);
      context.addIssue({ code: 'custom', message: problem });
      return z.NEVER;
    });
}

/**
 * Why this cannot be used; undefined when it can. JavaScript tries one way after the other: a repetition within a
 * repetition, or of alternatives, has twice as many ways with each character, and a reference back has no bound either.
 */
export function problemOf(source: string): string | undefined {
  try {
    RegExp(source, 'u');
  } catch {
    return `Expected a regular expression, such as "error|fatal".`;
  }
  if (/\\(?:[1-9]|k<)/.test(source)) return 'A regular expression here cannot refer back to what it found.';
  return repeatsAmbiguously(source) ? 'A repetition here cannot hold another one, nor alternatives.' : undefined;
}

const ESCAPE_OR_CLASS = /\\(?:[pPux]\{[^}]*\}|.)|\[(?:\\.|[^\]\\])*\]/gsu;
const TOKEN = /\((?:\?(?:[:=!]|<[=!]|<\w+>))?|\{\d+(?:,\d*)?\}|./gsu;
/** Up to here a repetition is written-out text rather than a loop. */
const FEW = 10;

function repeatsAmbiguously(source: string): boolean {
  // An escape or a class is one character, whatever stands in it.
  const tokens = source.replaceAll(ESCAPE_OR_CLASS, 'a').match(TOKEN) ?? [];
  /** Whether there is more than one way to read what stands in each open group. */
  const open = [false];
  for (const [index, token] of tokens.entries()) {
    const last = open.length - 1;
    if (token.startsWith('(')) open.push(false);
    else if (token === '|' || token === '?' || maxOf(token) !== undefined) open[last] = true;
    else if (token === ')') {
      const isAmbiguous = open.pop() ?? false;
      if (isAmbiguous && (maxOf(tokens[index + 1] ?? '') ?? 1) > FEW) return true;
      if (isAmbiguous) open[last - 1] = true;
    }
  }
  return false;
}

/** How often a token repeats what is before it; undefined when it is something else. */
function maxOf(token: string): number | undefined {
  if (token === '*' || token === '+') return Infinity;
  const { least, comma, most } = /^\{(?<least>\d+)(?<comma>,?)(?<most>\d*)\}$/.exec(token)?.groups ?? {};
  if (least === undefined) return undefined;
  if (comma === '') return Number(least);
  return most === '' ? Infinity : Number(most);
}
