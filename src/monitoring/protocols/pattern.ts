import * as z from 'zod';
import { waysOf } from './pattern-ways.ts';

const PATTERN_CHARS_MAX = 200;
/** One `.*` with something behind it, and a few alternatives. */
const WAYS_MAX = 16_384;
const TOO_MANY_WAYS =
  'This can be found in too many ways: have one .* at most with something behind it, and write [^"]* or \\S+ for others.';

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
 * Several repetitions one after the other have as many ways as all their lengths multiplied.
 */
export function problemOf(source: string): string | undefined {
  try {
    RegExp(source, 'u');
  } catch {
    return `Expected a regular expression, such as "error|fatal".`;
  }
  if (/\\(?:[1-9]|k<)/.test(source)) return 'A regular expression here cannot refer back to what it found.';
  if (repeatsAmbiguously(source)) return 'A repetition here cannot hold another one, nor alternatives.';
  return waysOf(source) > WAYS_MAX ? TOO_MANY_WAYS : undefined;
}

const ESCAPE_OR_CLASS = /\\(?:[pPux]\{[^}]*\}|.)|\[(?:\\.|[^\]\\])*\]/gsu;
const INNERMOST_GROUP = /\((?:\?(?:[:=!]|<[=!]|<\w+>))?(?<content>[^()]*)\)(?<repetition>[*+]|\{\d+(?:,\d*)?\})?/u;
/** Up to here a repetition is written-out text rather than a loop. */
const FEW = 10;

/** Takes the groups away from the inside to the outside; in place of each stands what it does to the one around it. */
function repeatsAmbiguously(source: string): boolean {
  // An escape or a class is one character, whatever stands in it.
  let rest = source.replaceAll(ESCAPE_OR_CLASS, 'a');
  for (;;) {
    const { 0: whole, groups } = INNERMOST_GROUP.exec(rest) ?? {};
    if (whole === undefined) return false;
    const { content = '', repetition } = groups ?? {};
    const isAmbiguous = /[|?*+{]/.test(content);
    if (isAmbiguous && mostOf(repetition) > FEW) return true;
    rest = rest.replace(whole, () => (isAmbiguous ? 'a?' : `a${repetition ?? ''}`));
  }
}

function mostOf(repetition: string | undefined): number {
  if (repetition === undefined) return 1;
  const { least, comma, most } = /^\{(?<least>\d+)(?<comma>,?)(?<most>\d*)\}$/.exec(repetition)?.groups ?? {};
  if (least === undefined || (comma !== '' && most === '')) return Infinity;
  return Number(most === '' ? least : most);
}
