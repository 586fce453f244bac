import { IntlMessageFormat } from 'intl-messageformat';

/** Texts of one language by key, in ICU MessageFormat. */
export type Catalogue<Key extends string> = Readonly<Record<Key, string>>;

export type MessageValues = Readonly<Record<string, string | number | Date>>;

/** The words of one language. `locale` is a BCP 47 tag, `direction` follows its script. */
export interface Messages<Key extends string> {
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  text(key: Key, values?: MessageValues): string;
}

/**
 * Compiles each message on first use and keeps it. Values are always given by name: sentences are never put together
 * from pieces, because other languages order them differently.
 */
export function createMessages<Key extends string>(locale: string, catalogue: Catalogue<Key>): Messages<Key> {
  const compiled = new Map<Key, IntlMessageFormat>();
  return {
    locale,
    direction: directionOf(locale),
    text(key, values) {
      let message = compiled.get(key);
      if (message === undefined) {
        message = new IntlMessageFormat(catalogue[key], locale, undefined, { ignoreTag: true });
        compiled.set(key, message);
      }
      return String(message.format(values));
    },
  };
}

function directionOf(locale: string): 'ltr' | 'rtl' {
  return new Intl.Locale(locale).getTextInfo().direction ?? 'ltr';
}
