import { Unlike } from '../../unlike.ts';

/** In the order in which Gatus looks for them. */
const OPERATORS = [' == ', ' != ', ' <= ', ' >= ', ' > ', ' < '];
/** What we know by the same name. */
const PLAIN = [
  'STATUS',
  'RESPONSE_TIME',
  'IP',
  'CONNECTED',
  'CERTIFICATE_EXPIRATION',
  'DOMAIN_EXPIRATION',
  'DNS_RCODE',
];
/** Those that are times: Gatus also compares them with a number of milliseconds. */
const TIMES = /^(?:\[(?:RESPONSE_TIME|CERTIFICATE_EXPIRATION|DOMAIN_EXPIRATION)\]$|age\()/;
const SHOWN_CHARS_MAX = 100;

/** Values that a suite knows from its start, by name. */
export type Known = ReadonlyMap<string, string>;

const NOTHING: Known = new Map();

/**
 * A condition of Gatus as one of the manifest that holds at most when that one did. Throws `Unlike` for what cannot be
 * said. Whether a type of monitor knows what is asked is for the manifest to say.
 */
export function conditionOf(condition: string, known: Known = NOTHING): string {
  const { operator, sides } = comparisonIn(condition);
  const [left, right] = sides.map((side) => given(side, known));
  if (left === undefined || right === undefined) throw unlike(condition, 'it does not compare two things');
  // Patterns stand on the right here; for `==` and `!=` it makes no difference.
  const [one, other] = isPattern(left) ? [right, left] : [left, right];
  const [askedOne, askedOther] = [askedIn(one, condition), askedIn(other, condition)];
  const [said, beside] = [
    askedOne ?? valueOf(one, askedOther, condition),
    askedOther ?? valueOf(other, askedOne, condition),
  ];
  return `${said} ${operator} ${beside}`;
}

function comparisonIn(condition: string): { readonly operator: string; readonly sides: readonly string[] } {
  // What is compared with nothing may have lost its space at the end.
  const text = `${condition} `;
  const operator = OPERATORS.find((each) => text.includes(each));
  const sides = operator === undefined ? [] : text.split(operator).map((side) => side.trim());
  if (operator === undefined || sides.length !== 2) throw unlike(condition, 'it does not compare two things');
  if (sides.some((side) => side.includes('[*]'))) {
    throw unlike(condition, 'it asks about each element of a list, which no condition here does');
  }
  return { operator: operator.trim(), sides };
}

/** What is asked of an answer, e.g. `[BODY].id`; undefined when the text is a value. */
export function askedIn(side: string, condition: string): string | undefined {
  const [, name, inside] = /^(len|has|age)\((.*)\)$/s.exec(side) ?? [];
  if (name !== undefined && inside !== undefined) {
    if (inside.includes(',')) throw unlike(condition, `\`${name}\` takes no format of times here`);
    const of = placeholderIn(inside.trim(), condition);
    return of === undefined ? undefined : `${name}(${of})`;
  }
  return placeholderIn(side, condition);
}

/** Gatus takes the names of placeholders in any case. */
function placeholderIn(text: string, condition: string): string | undefined {
  const { written = '', rest = '' } = /^\[(?<written>[A-Za-z_]+)\](?<rest>.*)$/s.exec(text)?.groups ?? {};
  const name = written.toUpperCase();
  if (PLAIN.includes(name)) return rest === '' ? `[${name}]` : undefined;
  return Object.hasOwn(WITH_PATH, name) ? WITH_PATH[name]?.(rest, condition) : undefined;
}

const WITH_PATH: Readonly<Record<string, (rest: string, condition: string) => string | undefined>> = {
  BODY: (rest, condition) => `[BODY]${pathOf(rest, condition)}`,
  CONTEXT: (rest, condition) => (rest === '' ? undefined : `[CONTEXT]${pathOf(rest, condition)}`),
  HEADER: (rest) => (rest.startsWith('.') ? `[HEADERS][${JSON.stringify(rest.slice(1))}]` : undefined),
};

function given(side: string, known: Known): string {
  const [, name = ''] = /^\[CONTEXT\]\.(.+)$/is.exec(side) ?? [];
  return known.get(name) ?? side;
}

const STEP = /\.?(?:\[(\d{1,9})\]|([^.[\]]+))/y;

/** `.data[0].first name` */
function pathOf(path: string, condition: string): string {
  let text = '';
  let at = 0;
  while (at < path.length) {
    STEP.lastIndex = at;
    const [whole, index, key = ''] = STEP.exec(path) ?? [];
    if (whole === undefined) throw unlike(condition, `its path \`${path.slice(0, 40)}\` cannot be read`);
    if (index !== undefined) text += `[${index}]`;
    else text += /^[A-Za-z_$][\w$-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    at += whole.length;
  }
  return text;
}

function isPattern(side: string): boolean {
  return /^(?:pat|any)\(.*\)$/s.test(side);
}

/** `beside` is what it is compared with. */
function valueOf(side: string, beside: string | undefined, condition: string): string {
  const [, name, inside = ''] = /^(pat|any)\((.*)\)$/s.exec(side) ?? [];
  if (name === 'pat') return `pat(${patternOf(inside, condition)})`;
  if (name === 'any') {
    const choices = inside.split(',').map((each) => each.trim());
    return `any(${choices.map((choice) => literalOf(choice, beside, true)).join(', ')})`;
  }
  return literalOf(side, beside, false);
}

function patternOf(pattern: string, condition: string): string {
  if (/[?[\]\\]/.test(pattern)) throw unlike(condition, 'in a pattern, only `*` has a meaning here');
  return /^[^\s"(),](?:[^"(),]*[^\s"(),])?$/.test(pattern) ? pattern : JSON.stringify(pattern);
}

/** Without quotes where that means the same here: then it equals the number or the boolean that is written so as well. */
function literalOf(text: string, beside: string | undefined, isInList: boolean): string {
  if (beside !== undefined && TIMES.test(beside) && /^\d+$/.test(text)) {
    return beside === '[RESPONSE_TIME]' ? text : `${text}ms`;
  }
  const isStrange = text === '' || /^["[]|^[a-z]+\(/.test(text) || (isInList && /[,()"]/.test(text));
  return isStrange && !/^\[[^A-Za-z]/.test(text) ? JSON.stringify(text) : text;
}

function unlike(condition: string, because: string): Unlike {
  return new Unlike(
    `Its condition ${JSON.stringify(condition.slice(0, SHOWN_CHARS_MAX))} cannot be said here: ${because}.`,
  );
}
