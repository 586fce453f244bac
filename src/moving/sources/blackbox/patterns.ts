import { Unlike } from '../../unlike.ts';

/** A regular expression that only looks for texts. */
export interface PlainPattern {
  /** One of these has to be there. */
  readonly texts: readonly string[];
  readonly isAtStart: boolean;
  readonly isAtEnd: boolean;
}

/** What has a meaning in a regular expression (RE2) when no backslash stands before it. */
const META = '.*+?()[]{}|^$';

/**
 * Throws `Unlike` for what is more than texts with `|` between them, or one text between `^` and `$`. Whoever wants to
 * find `shop.example` means the dot: taken as itself it asks for more, never for less. Of what must not be found that
 * would be the wrong way round.
 */
export function plainPattern(regexp: string, isWanted: boolean): PlainPattern {
  const signs = signsIn(regexp);
  const isAtStart = signs[0] === '^';
  const isAtEnd = signs.at(-1) === '$';
  const inside = signs.slice(isAtStart ? 1 : 0, isAtEnd ? -1 : undefined);
  const texts = choicesIn(inside).map((choice) => {
    return choice.map((sign) => (isWanted && sign === '.' ? sign : literalOf(sign, regexp))).join('');
  });
  const isMixed = texts.length > 1 && (isAtStart || isAtEnd);
  if (isMixed || texts.includes('')) throw unlike(regexp);
  return { texts, isAtStart, isAtEnd };
}

function choicesIn(signs: readonly string[]): readonly (readonly string[])[] {
  const choices: string[][] = [[]];
  for (const sign of signs) {
    if (sign === '|') choices.push([]);
    else choices.at(-1)?.push(sign);
  }
  return choices;
}

/** One by one, each with the backslash before it. */
function signsIn(regexp: string): readonly string[] {
  return regexp.match(/\\?[^]/gu) ?? [];
}

function literalOf(sign: string, regexp: string): string {
  const [, escaped] = /^\\(.)$/su.exec(sign) ?? [];
  // A star in a `pat(…)` is never itself, and `\d` and the like stand for many.
  const isLiteral = escaped === undefined ? !META.includes(sign) && sign !== '\\' : /[^\w\s*]/.test(escaped);
  if (!isLiteral) throw unlike(regexp);
  return escaped ?? sign;
}

/** As a pattern of a condition. */
export function globOf({ isAtStart, isAtEnd }: PlainPattern, text: string): string {
  return `pat(${JSON.stringify(`${isAtStart ? '' : '*'}${text}${isAtEnd ? '' : '*'}`)})`;
}

function unlike(regexp: string): Unlike {
  const shown = JSON.stringify(regexp.slice(0, 80));
  return new Unlike(
    `Its regular expression ${shown} is more than a text to look for, which is all that conditions know here.`,
  );
}
