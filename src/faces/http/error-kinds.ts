import type { ErrorKind } from '../../kernel/errors.ts';

/** Every kind of error, as a list; the compiler holds it complete where an answer's schema is made of it. */
export const ERROR_KINDS = [
  'invalid',
  'unauthorized',
  'forbidden',
  'not_found',
  'conflict',
  'too_large',
  'too_many',
  'unavailable',
  'defect',
] as const satisfies readonly ErrorKind[];
