import * as z from 'zod';

/** The kinds of values a service may ask for; anything else is a list of words such as `debug|info|warn`. */
export const VARIABLE_TYPES = ['text', 'url', 'int', 'port', 'bool'] as const;
export type VariableType = (typeof VARIABLE_TYPES)[number];

/** A variable a service needs, as its `env:` declares it. */
export interface DeclaredVariable {
  readonly isRequired: boolean;
  /** `one-of` takes one of `words`. */
  readonly type: VariableType | 'one-of';
  readonly words: readonly string[];
}

const DECLARATION = /^(?<what>[^?]+?)(?<optional>\?)?$/;

/** `url`, `port?` or `debug|info|warn`. */
export const VariableDeclaration = z
  .string()
  .transform((text, context): DeclaredVariable => {
    const { what = '', optional } = DECLARATION.exec(text.trim())?.groups ?? {};
    const isRequired = optional === undefined;
    if (what.includes('|')) {
      const words = what.split('|').map((word) => word.trim());
      if (words.every((word) => word !== '')) return { isRequired, type: 'one-of', words };
    }
    const type = VARIABLE_TYPES.find((known) => known === what);
    if (type !== undefined) return { isRequired, type, words: [] };
    context.addIssue({
      code: 'custom',
      message: `Expected ${VARIABLE_TYPES.join(', ')} or words such as debug|info|warn, each with ? if it may be missing.`,
      params: { words: VARIABLE_TYPES },
    });
    return z.NEVER;
  })
  .describe('The type of the value: text, url, int, port, bool, or its words as in debug|info|warn; ? if optional.');

/** What is wrong with a value, said without showing it; undefined when nothing is. */
export function objectionTo({ type, words }: DeclaredVariable, value: string): string | undefined {
  if (type === 'one-of') return words.includes(value) ? undefined : `one of ${words.join(', ')}`;
  const { test, expected } = VALUES[type];
  return test(value) ? undefined : expected;
}

interface ValueRule {
  readonly expected: string;
  readonly test: (value: string) => boolean;
}

const VALUES: Readonly<Record<VariableType, ValueRule>> = {
  text: { expected: 'a text that is not empty', test: (value) => value.trim() !== '' },
  url: { expected: 'an address with its scheme, such as https://shop.example', test: isUrl },
  int: { expected: 'a whole number', test: (value) => /^-?\d{1,15}$/.test(value) },
  port: { expected: 'a port from 1 to 65535', test: (value) => /^\d{1,5}$/.test(value) && isPort(Number(value)) },
  bool: { expected: 'true or false', test: (value) => /^(?:true|false|1|0|yes|no|on|off)$/i.test(value) },
};

function isUrl(value: string): boolean {
  return URL.canParse(value) && value.includes(':');
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}
