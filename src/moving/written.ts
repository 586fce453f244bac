import type { Secret } from '../kernel/secret.ts';

/** What a source writes as an entry of the manifest: plain data, in which a credential is a `Secret`. */
export type Written =
  | string
  | number
  | boolean
  | Secret
  | TextWithSecrets
  | readonly Written[]
  | { readonly [key: string]: Written | undefined };

/** An entry of the manifest as it will be written, `${NAME}` where a secret stands. */
export type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain };

/** A text with a credential in the middle, such as an address with a password. */
export class TextWithSecrets {
  readonly parts: readonly (string | Secret)[];

  constructor(parts: readonly (string | Secret)[]) {
    this.parts = parts;
  }
}

/** textWith`redis://:${new Secret(password, 'password')}@${host}` */
export function textWith(texts: TemplateStringsArray, ...values: readonly (string | number | Secret)[]) {
  const parts = texts.flatMap((text, index) => {
    const value = values[index];
    return value === undefined ? [text] : [text, typeof value === 'number' ? String(value) : value];
  });
  return new TextWithSecrets(parts.filter((part) => part !== ''));
}
