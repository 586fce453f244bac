import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { formatDuration } from '../../kernel/duration.ts';
import {
  type Condition,
  isEquality,
  type Operator,
  type Placeholder,
  printSubject,
  printValue,
  type Value,
} from './condition.ts';

/** What a check found out. What it could not find out is left out, and fails the condition that asks for it. */
export interface Observed {
  readonly connected: boolean;
  readonly responseTimeMs?: number;
  readonly status?: number;
  readonly certificateExpiresInMs?: number;
  readonly body?: string;
}

type Found =
  | { readonly isKnown: true; readonly actual: unknown; readonly shown: string }
  | { readonly isKnown: false; readonly problem: string };

const SHOWN_CHARS_MAX = 80;
const GRAINS = [
  [DAY_MS, HOUR_MS],
  [HOUR_MS, MINUTE_MS],
  [MINUTE_MS, SECOND_MS],
] as const;

/** What is wrong, a sentence for each condition that does not hold; undefined when they all do. */
export function failuresOf(conditions: readonly Condition[], observed: Observed): string | undefined {
  const failures = conditions.flatMap((condition) => failureOf(condition, observed) ?? []);
  return failures.length === 0 ? undefined : failures.join(' ');
}

/** Undefined when the condition holds; otherwise a sentence such as `[STATUS] was 503, expected 200.` */
export function failureOf(condition: Condition, observed: Observed): string | undefined {
  const { subject, operator, value } = condition;
  const found = FIND[subject.placeholder](observed, condition);
  const wanted = `expected ${printWanted(operator, value)}.`;
  if (!found.isKnown) return `${printSubject(subject)} ${found.problem}, ${wanted}`;
  const isMet = HOLDS[operator](found.actual, value);
  return isMet ? undefined : `${printSubject(subject)} was ${found.shown}, ${wanted}`;
}

const FIND: Readonly<Record<Placeholder, (observed: Observed, condition: Condition) => Found>> = {
  STATUS: ({ status }) => known(status, String),
  RESPONSE_TIME: ({ responseTimeMs }) => known(responseTimeMs, roughly),
  CERTIFICATE_EXPIRATION: ({ certificateExpiresInMs }) => known(certificateExpiresInMs, roughly),
  CONNECTED: ({ connected }) => known(connected, String),
  BODY({ body }, { subject: { path }, operator }) {
    if (body === undefined) return known(body, String);
    return path.length === 0 ? wholeBody(body, operator) : inBody(body, path);
  },
};

const HOLDS: Readonly<Record<Operator, (actual: unknown, value: Value) => boolean>> = {
  '==': equals,
  '!=': (actual, value) => !equals(actual, value),
  '<': (actual, value) => difference(actual, value) < 0,
  '<=': (actual, value) => difference(actual, value) <= 0,
  '>': (actual, value) => difference(actual, value) > 0,
  '>=': (actual, value) => difference(actual, value) >= 0,
};

function known<T>(actual: T | undefined, print: (actual: T) => string): Found {
  return actual === undefined
    ? { isKnown: false, problem: 'is not known' }
    : { isKnown: true, actual, shown: print(actual) };
}

function wholeBody(body: string, operator: Operator): Found {
  const text = body.trim();
  const asNumber = text === '' ? Number.NaN : Number(text);
  return { isKnown: true, actual: isEquality(operator) ? text : asNumber, shown: show(text) };
}

function inBody(body: string, path: Condition['subject']['path']): Found {
  let at: unknown;
  try {
    at = JSON.parse(body);
  } catch {
    return { isKnown: false, problem: 'is not there because the body is not JSON' };
  }
  for (const step of path) {
    // An own property only: `[BODY].constructor` is not something the server said.
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) {
      return { isKnown: false, problem: 'is missing' };
    }
    at = Reflect.get(at, step);
  }
  return { isKnown: true, actual: at, shown: show(at) };
}

function equals(actual: unknown, value: Value): boolean {
  if (value.kind === 'boolean') return actual === value.isTrue;
  if (value.kind !== 'text') return actual === value.amount;
  if (typeof actual === 'string') return actual === value.text;
  if (value.isQuoted) return false;
  return typeof actual === 'number' ? actual === Number(value.text) : JSON.stringify(actual) === value.text;
}

/** Negative, zero or positive; NaN, which satisfies no comparison, when one of the two is no number. */
function difference(actual: unknown, value: Value): number {
  if (typeof actual !== 'number' || value.kind === 'boolean') return Number.NaN;
  return actual - (value.kind === 'text' ? Number(value.text) : value.amount);
}

function printWanted(operator: Operator, value: Value): string {
  const printed = value.kind === 'text' && isEquality(operator) ? show(value.text) : printValue(value);
  if (operator === '==') return printed;
  return operator === '!=' ? `anything but ${printed}` : `${operator} ${printed}`;
}

function show(actual: unknown): string {
  const text = JSON.stringify(actual);
  return text.length > SHOWN_CHARS_MAX ? `${text.slice(0, SHOWN_CHARS_MAX)}…` : text;
}

/** As exact as a reader cares for: days come with hours, not with milliseconds. */
function roughly(ms: number): string {
  if (ms < 0) return `-${roughly(-ms)}`;
  const [, grainMs] = GRAINS.find(([fromMs]) => ms >= fromMs) ?? [0, 1];
  return formatDuration(Math.floor(ms / grainMs) * grainMs);
}
