import type { HttpRequest } from '../../kernel/net.ts';

/** Shorter ones are words that any answer may have. */
const CHARS_MIN = 4;

/** Everything in a request that may be a secret, the longest first: whole headers, and each word of them. */
export function sentSecrets({
  url,
  headers = {},
  body,
}: Pick<HttpRequest, 'url' | 'headers' | 'body'>): readonly string[] {
  const { username, password, searchParams } = new URL(url);
  const values = Object.values(headers);
  const all = [
    ...values,
    ...values.flatMap((value) => value.split(/\s+/)),
    ...[username, password].map(decoded),
    ...searchParams.values(),
    ...(typeof body === 'string' ? [body] : []),
  ];
  return [...new Set(all)]
    .filter(({ length }) => length >= CHARS_MIN)
    .toSorted((one, other) => other.length - one.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
