import { formatDuration } from '../../kernel/duration.ts';

/** What can be asked about an answer, and how its value is written. */
export const PLACEHOLDERS = {
  STATUS: { kind: 'number', example: '200' },
  RESPONSE_TIME: { kind: 'duration', example: '800ms' },
  CERTIFICATE_EXPIRATION: { kind: 'duration', example: '14d' },
  CONNECTED: { kind: 'boolean', example: 'true' },
  BODY: { kind: 'text', example: '"text"' },
} as const satisfies Record<string, { readonly kind: Value['kind']; readonly example: string }>;
export type Placeholder = keyof typeof PLACEHOLDERS;

/** The two-letter ones first: the parser takes the first that fits. */
export const OPERATORS = ['==', '!=', '<=', '>=', '<', '>'] as const;
export type Operator = (typeof OPERATORS)[number];

/** `[STATUS] == 200`, understood. Its spelling can be had back with `printCondition`. */
export interface Condition {
  readonly subject: Subject;
  readonly operator: Operator;
  readonly value: Value;
}

export interface Subject {
  readonly placeholder: Placeholder;
  /** Into the JSON of the body; empty means the whole of it. */
  readonly path: readonly (string | number)[];
}

export type Value =
  /** Of a duration, milliseconds. */
  | { readonly kind: 'number' | 'duration'; readonly amount: number }
  | { readonly kind: 'boolean'; readonly isTrue: boolean }
  /** Without quotes it also equals the number, the boolean or the null that is written like it. */
  | { readonly kind: 'text'; readonly text: string; readonly isQuoted: boolean };

export const PLAIN_KEY = /^[A-Za-z_$][\w$-]*/;

export function isEquality(operator: Operator): boolean {
  return operator === '==' || operator === '!=';
}

export function printCondition({ subject, operator, value }: Condition): string {
  return `${printSubject(subject)} ${operator} ${printValue(value)}`;
}

export function printSubject({ placeholder, path }: Subject): string {
  return `[${placeholder}]${path.map(printStep).join('')}`;
}

export function printValue(value: Value): string {
  if (value.kind === 'boolean') return String(value.isTrue);
  if (value.kind === 'text') return value.isQuoted ? JSON.stringify(value.text) : value.text;
  return value.kind === 'duration' ? formatDuration(value.amount) : String(value.amount);
}

function printStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return PLAIN_KEY.exec(step)?.[0] === step ? `.${step}` : `[${JSON.stringify(step)}]`;
}
