import path from 'node:path';
import { describe, it } from 'node:test';
import { RuleTester } from 'oxlint/plugins-dev';

RuleTester.describe = (name, body) => void describe(name, body);
RuleTester.it = (name, body) => void it(name, body);

export const tester = new RuleTester({ languageOptions: { parserOptions: { lang: 'ts' } } });

interface Case {
  readonly filename: string;
  readonly code: string;
}

/** A piece of code as if it stood in that file of src/. */
export function at(file: string, code: string): Case {
  return { filename: path.resolve(import.meta.dirname, '../../src', file), code };
}

/** Such code with the one message it must cause, or a part of it. */
export function wrong(file: string, code: string, message: RegExp): Case & { errors: { message: RegExp }[] } {
  return { ...at(file, code), errors: [{ message }] };
}
