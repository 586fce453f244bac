import { formatDuration } from '../../kernel/duration.ts';

/**
 * What can stand for a value: a three-digit status, a count, a duration, true or false, a name such as an address, or
 * whatever the other side chose to send.
 */
export type Kind = 'status' | 'count' | 'duration' | 'boolean' | 'name' | 'open';

interface Meaning {
  readonly kind: Kind;
  /** For the reference. */
  readonly meaning: string;
}

/** What can be asked about an answer, and how its value is written. */
export const PLACEHOLDERS = {
  STATUS: { kind: 'status', example: '200', meaning: 'The status of the answer, e.g. 200.' },
  RESPONSE_TIME: {
    kind: 'duration',
    example: '800ms',
    meaning: 'How long the answer took, e.g. 800ms. A number alone counts milliseconds.',
  },
  CERTIFICATE_EXPIRATION: {
    kind: 'duration',
    example: '14d',
    meaning: 'How long the certificate is still valid, e.g. 14d.',
  },
  DOMAIN_EXPIRATION: {
    kind: 'duration',
    example: '30d',
    meaning:
      'How long the domain is still paid for, e.g. 30d. Its registry is asked once a day; while it does not answer, the ' +
      'condition counts as met and is shown as not found out.',
  },
  CONNECTED: { kind: 'boolean', example: 'true', meaning: 'Whether a connection could be made: true or false.' },
  IP: { kind: 'name', example: '192.0.2.1', meaning: 'The address that answered, e.g. 192.0.2.1.' },
  DNS_RCODE: { kind: 'name', example: 'NOERROR', meaning: 'The code of a DNS answer, e.g. NOERROR.' },
  HEADERS: {
    kind: 'open',
    example: '"text"',
    meaning: 'One header of the answer: `[HEADERS]["content-type"]`.',
  },
  BODY: {
    kind: 'open',
    example: '"text"',
    meaning: 'The body without the space around it, or a part of it if it is JSON: `[BODY].items[0]["first name"]`.',
  },
  CONTEXT: { kind: 'open', example: '"text"', meaning: 'In steps: what an earlier one kept, `[CONTEXT].token`.' },
} as const satisfies Record<string, Meaning & { readonly example: string }>;
export type Placeholder = keyof typeof PLACEHOLDERS;

/** What a function makes of what a placeholder stands for. */
export const FUNCTIONS = {
  len: { kind: 'count', meaning: 'How many entries a list has, or how many characters a text or other JSON.' },
  has: { kind: 'boolean', meaning: 'Whether there is anything at this place; null is nothing.' },
  age: {
    kind: 'duration',
    meaning: 'How long ago a time was, written as RFC 3339, as an HTTP date, or in seconds or milliseconds since 1970.',
  },
} as const satisfies Record<string, Meaning>;
export type FunctionName = keyof typeof FUNCTIONS;

/** The two-letter ones first: the parser takes the first that fits. */
export const OPERATORS = ['==', '!=', '<=', '>=', '<', '>'] as const;
export type Operator = (typeof OPERATORS)[number];
export type Equality = '==' | '!=';

/** `[STATUS] == 200`, understood. Its spelling can be had back with `printCondition`. At least one side is asked. */
export type Condition =
  | { readonly left: Operand; readonly operator: Operator; readonly right: Operand }
  | { readonly left: Asked; readonly operator: Equality; readonly right: Pattern };

export type Operand = Asked | Literal;
/** Known only once somebody has answered. */
export type Asked = Reference | Call;

export interface Reference {
  readonly kind: 'placeholder';
  readonly placeholder: Placeholder;
  /** Into JSON, or the name of a header or of a kept value; empty means the whole of it. */
  readonly path: readonly (string | number)[];
}

export interface Call {
  readonly kind: 'call';
  readonly name: FunctionName;
  readonly of: Reference;
}

export type Literal =
  /** Of a duration, milliseconds. */
  | { readonly kind: 'number' | 'duration'; readonly amount: number }
  | { readonly kind: 'boolean'; readonly isTrue: boolean }
  /** Without quotes it also equals the number, the boolean or the null that is written like it. */
  | { readonly kind: 'text'; readonly text: string; readonly isQuoted: boolean };

export interface Glob {
  readonly kind: 'glob';
  /** `*` stands for any text, also none. */
  readonly glob: string;
}

export type Choice = Operand | Glob;
export type Pattern = Glob | { readonly kind: 'any'; readonly of: readonly Choice[] };

const PLAIN_KEY = /^[A-Za-z_$][\w$-]*/;
const PLAIN_GLOB = /^[^\s"(),](?:[^"(),]*[^\s"(),])?$/;

export function isEquality(operator: Operator): operator is Equality {
  return operator === '==' || operator === '!=';
}

export function isAsked(side: Operand | Pattern): side is Asked {
  return side.kind === 'placeholder' || side.kind === 'call';
}

export function kindOf(asked: Asked): Kind {
  return asked.kind === 'call' ? FUNCTIONS[asked.name].kind : PLACEHOLDERS[asked.placeholder].kind;
}

/** Every placeholder a condition needs an answer to. */
export function referencesIn({ left, right }: Condition): readonly Reference[] {
  return [...referencesOf(left), ...referencesOf(right)];
}

function referencesOf(side: Operand | Pattern): readonly Reference[] {
  if (side.kind === 'any') return side.of.flatMap(referencesOf);
  if (side.kind === 'call') return [side.of];
  return side.kind === 'placeholder' ? [side] : [];
}

export function printCondition({ left, operator, right }: Condition): string {
  return `${printSide(left)} ${operator} ${printSide(right)}`;
}

export function printSide(side: Operand | Pattern): string {
  if (side.kind === 'placeholder') return printReference(side);
  if (side.kind === 'call') return `${side.name}(${printReference(side.of)})`;
  if (side.kind === 'glob') return `pat(${PLAIN_GLOB.test(side.glob) ? side.glob : JSON.stringify(side.glob)})`;
  return side.kind === 'any' ? `any(${side.of.map(printSide).join(', ')})` : printLiteral(side);
}

function printLiteral(literal: Literal): string {
  if (literal.kind === 'boolean') return String(literal.isTrue);
  if (literal.kind === 'text') return literal.isQuoted ? JSON.stringify(literal.text) : literal.text;
  return literal.kind === 'duration' ? formatDuration(literal.amount) : String(literal.amount);
}

function printReference({ placeholder, path }: Reference): string {
  const print = placeholder === 'HEADERS' ? printQuoted : printStep;
  return `[${placeholder}]${path.map(print).join('')}`;
}

function printStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return PLAIN_KEY.exec(step)?.[0] === step ? `.${step}` : printQuoted(step);
}

/** As headers are written, which often have a hyphen. */
function printQuoted(step: string | number): string {
  return `[${JSON.stringify(step)}]`;
}
