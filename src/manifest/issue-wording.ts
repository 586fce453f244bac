import type * as z from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list such as [a, b]',
  object: 'keys such as `name: value`',
  record: 'keys such as `name: value`',
  null: 'nothing',
};

/** What the schemas do not say themselves, in our words: what was expected; what was found is added later. */
export function wordIssue(issue: z.core.$ZodRawIssue): string | undefined {
  const expected = expectationOf(issue);
  return expected === undefined ? undefined : `Expected ${expected}.`;
}

function expectationOf(issue: z.core.$ZodRawIssue): string | undefined {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the others are worded where they are raised
  switch (issue.code) {
    case 'invalid_type':
      return KINDS[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return `${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `at least ${sizeOf(issue.origin, issue.minimum)}`;
    case 'too_big':
      return `at most ${sizeOf(issue.origin, issue.maximum)}`;
    case 'invalid_format':
      return FORMATS[issue.format] ?? `a text of the form ${issue.pattern ?? issue.format}`;
    default:
      return undefined;
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  url: 'an address with its scheme, such as https://shop.example',
  email: 'an e-mail address such as ada@shop.example',
};

const PARTS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
  set: ['entry', 'entries'],
  object: ['key', 'keys'],
};

function sizeOf(origin: string, size: number | bigint): string {
  const parts = PARTS[origin];
  return parts === undefined ? String(size) : `${size} ${Number(size) === 1 ? parts[0] : parts[1]}`;
}
