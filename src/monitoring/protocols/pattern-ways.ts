/** As long as the longest text that is looked at. */
const MANY = 1_024;
/** Up to here a repetition is written-out text rather than a loop. */
const FEW = 10;
/** A few signs of every kind: what has none of them in common is taken to have nothing in common. */
const SIGNS = [...Array.from({ length: 0x100 }, (_, code) => String.fromCharCode(code)), 'Ω', '\u2028', '字', '😀'];

const PIECE =
  /\\(?:[pPu]\{[^}]*\}|u[\da-f]{4}|x[\da-f]{2}|c[a-z]|[^])|\[(?:\\[^]|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<\w+>))?|[*+?]\??|\{\d+(?:,\d*)?\}\??|[^]/giu;
const REPETITION = /^(?:[*+?]|\{\d+(?:,(?<most>\d*))?\})\??$/;
const NO_SIGN = /^(?:[\^$]|\\b)$/i;

/** One sign or one group, as often as it may come. */
interface Item {
  /** Undefined for a group: it may be anything. */
  readonly signs: ReadonlySet<string> | undefined;
  readonly ways: number;
  least: number;
  most: number;
}

/**
 * In how many ways a regular expression may have to be tried at one place of a text, for the text that is worst: what a
 * repetition takes may as well be taken by what follows, unless the two have nothing in common. An upper bound, and
 * rough; `source` is a valid expression.
 */
export function waysOf(source: string): number {
  return waysOfGroup(source.match(PIECE) ?? [], true);
}

/** Takes the pieces of one group, up to its end, away from the list. */
function waysOfGroup(pieces: string[], isWhole = false): number {
  let sum = 0;
  let items: Item[] = [];
  const endAlternative = () => {
    sum += items.reduce((product, item, index) => product * waysOfItem(item, items[index + 1], isWhole), 1);
    items = [];
  };
  for (let piece = pieces.shift(); piece !== undefined && piece !== ')'; piece = pieces.shift()) {
    const last = items.at(-1);
    if (piece === '|') endAlternative();
    else if (REPETITION.test(piece) && last !== undefined) Object.assign(last, timesOf(piece));
    else if (piece.startsWith('(')) items.push({ signs: undefined, ways: waysOfGroup(pieces), least: 1, most: 1 });
    else if (!NO_SIGN.test(piece)) items.push({ signs: signsOf(piece), ways: 1, least: 1, most: 1 });
  }
  endAlternative();
  return sum;
}

function waysOfItem({ signs, ways, least, most }: Item, next: Item | undefined, isWhole: boolean): number {
  const isLast = next === undefined && isWhole;
  const isSettled = signs !== undefined && next?.signs?.isDisjointFrom(signs) === true && next.least > 0;
  const lengths = isLast || isSettled ? 1 : most > FEW ? MANY : most - least + 1;
  return lengths * ways ** Math.min(most, FEW);
}

function timesOf(repetition: string): Pick<Item, 'least' | 'most'> {
  const least = Number(/\d+/.exec(repetition)?.[0] ?? (repetition.startsWith('+') ? 1 : 0));
  if (repetition.startsWith('?')) return { least: 0, most: 1 };
  const { most } = REPETITION.exec(repetition)?.groups ?? {};
  if (/^[*+]/.test(repetition) || most === '') return { least, most: Infinity };
  return { least, most: most === undefined ? least : Number(most) };
}

function signsOf(piece: string): ReadonlySet<string> {
  const one = new RegExp(`^${piece}$`, 'su');
  const written = /^\\?(?<sign>[^])$/u.exec(piece)?.groups?.['sign'] ?? '';
  return new Set([...SIGNS, written].filter((sign) => one.test(sign)));
}
