/** Kuma's expectations as conditions of the manifest. */

const STATUS_MIN = 100;
const STATUS_MAX = 599;
/** A condition has no more characters. */
const CHARS_MAX = 500;
/** So many are listed rather than given as a range. */
const FEW = 4;

/** What Kuma accepts without being told: the same as here. */
const USUAL = '200-299';

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Conditions for `["200-299", "301"]`; none when it is what holds anyway. Undefined when it cannot be said. */
export function statusConditions(accepted: unknown): readonly string[] | undefined {
  const written = Array.isArray(accepted) && accepted.length > 0 ? accepted.map(String) : [USUAL];
  if (written.length === 1 && written[0] === USUAL) return [];
  const ranges = joined(written.flatMap(rangeOf));
  const choices = ranges.flatMap(choicesOf);
  const [first] = ranges;
  if (first === undefined) return undefined;
  if (choices.length === 1) return [`[STATUS] == ${choices.join('')}`];
  if (ranges.length === 1 && choices.length > FEW) return [`[STATUS] >= ${first.from}`, `[STATUS] <= ${first.to}`];
  const text = `[STATUS] == any(${choices.join(', ')})`;
  return text.length > CHARS_MAX ? undefined : [text];
}

/** The default, said aloud: needed as soon as something else is expected as well. */
export const USUAL_STATUS = '[STATUS] == pat(2*)';

function rangeOf(text: string): readonly Range[] {
  const [, from = '', to = from] = /^(\d{3})(?:-(\d{3}))?$/.exec(text.trim()) ?? [];
  if (from === '') return [];
  const range = { from: Math.max(Number(from), STATUS_MIN), to: Math.min(Number(to), STATUS_MAX) };
  return range.from <= range.to ? [range] : [];
}

function joined(ranges: readonly Range[]): readonly Range[] {
  const sum: Range[] = [];
  for (const range of ranges.toSorted((one, other) => one.from - other.from)) {
    const last = sum.at(-1);
    if (last !== undefined && range.from <= last.to + 1)
      sum.splice(-1, 1, { from: last.from, to: Math.max(last.to, range.to) });
    else sum.push(range);
  }
  return sum;
}

/** Whole hundreds as a pattern, the rest one by one. */
function choicesOf({ from, to }: Range): readonly string[] {
  const choices: string[] = [];
  for (let status = from; status <= to; ) {
    const isWhole = status % 100 === 0 && status + 99 <= to;
    choices.push(isWhole ? `pat(${status / 100}*)` : String(status));
    status += isWhole ? 100 : 1;
  }
  return choices;
}

const OPERATORS = ['==', '!=', '<', '>', '<=', '>='];

/** Undefined for a query that is more than a path, or a comparison we have not. */
export function jsonCondition(query: string, operator: string, expected: string): string | undefined {
  const path = jsonPath(query);
  if (path === undefined) return undefined;
  const asked = path === '' || path.startsWith('[') ? `[BODY]${path}` : `[BODY].${path}`;
  if (operator === 'contains') return `${asked} == pat(${JSON.stringify(`*${expected}*`)})`;
  if (!OPERATORS.includes(operator)) return undefined;
  const isNumber = /^-?\d+(?:\.\d+)?$/.test(expected);
  if (operator !== '==' && operator !== '!=') return isNumber ? `${asked} ${operator} ${expected}` : undefined;
  // Without quotes it also equals the number or the boolean that is written like it, as it does in Kuma.
  const isPlain = /^[\w.-]+$/.test(expected);
  return `${asked} ${operator} ${isPlain ? expected : JSON.stringify(expected)}`;
}

/** The simple paths of JSONata: names with dots between them, and places in lists. Empty for all of it. */
export function jsonPath(query: string): string | undefined {
  const path = query.replace(/^\$(?=\.|\[|$)\.?/, '');
  const isSimple = /^(?:(?:[A-Za-z_]\w*|\[\d+\])(?:\.[A-Za-z_]\w*|\[\d+\])*)?$/.test(path);
  return isSimple ? path : undefined;
}
