import type { Secret } from '../kernel/secret.ts';

/** What a source writes as an entry of the manifest: plain data, in which a credential is a `Secret`. */
export type Written =
  | string
  | number
  | boolean
  | Secret
  | Reference
  | TextWithSecrets
  | readonly Written[]
  | { readonly [key: string]: Written | undefined };

/** An entry of the manifest as it will be written, `${NAME}` where a secret stands. */
export type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain };

/** What the source takes from elsewhere, and the manifest from the same place: `${TOKEN}`, `${file:./key.pem}`. */
export class Reference {
  /** What stands within the braces, e.g. `TOKEN` or `PORT:-80`. */
  readonly inside: string;

  constructor(inside: string) {
    this.inside = inside;
  }

  toString(): string {
    return `\${${this.inside}}`;
  }
}

export type TextPart = string | Secret | Reference;

/** A text with a credential in the middle, such as an address with a password, or with a variable. */
export class TextWithSecrets {
  readonly parts: readonly TextPart[];

  constructor(parts: readonly TextPart[]) {
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
