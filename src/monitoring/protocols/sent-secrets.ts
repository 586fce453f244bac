import type { HttpRequest } from '../../kernel/net.ts';
import { percentDecoded } from '../../kernel/percent-decoded.ts';

/** Shorter ones are words that any answer may have. */
const CHARS_MIN = 4;
/** In these nobody keeps a secret, and answers have much the same in them. */
const PUBLIC_HEADERS =
  /^(?:accept(?:-\w+)?|cache-control|content-type|host|if-.+|origin|pragma|range|referer|user-agent)$/i;

/** Everything in a request that may be a secret, the longest first: whole headers, and each word of them. */
export function sentSecrets({
  url,
  headers = {},
  body,
}: Pick<HttpRequest, 'url' | 'headers' | 'body'>): readonly string[] {
  const { username, password, searchParams } = new URL(url);
  const credentials = [username, password].map(percentDecoded);
  const values = Object.entries(headers).flatMap(([name, value]) => (PUBLIC_HEADERS.test(name) ? [] : value));
  const all = [
    ...values,
    ...values.flatMap((value) => value.split(/\s+/)),
    ...credentials,
    // As they are sent (RFC 7617).
    ...(password === '' ? [] : [Buffer.from(credentials.join(':')).toString('base64')]),
    ...searchParams.values(),
    ...(typeof body === 'string' ? [body] : []),
  ];
  return longestFirst(all);
}

/** The same of a message that was sent: all of it and, where it is JSON, each text in it. */
export function secretsSaid(message: string): readonly string[] {
  const all = [message];
  try {
    JSON.parse(message, (_key, value: unknown) => {
      if (typeof value === 'string') all.push(value);
      return value;
    });
  } catch {
    // It is a plain text.
  }
  return longestFirst(all);
}

function longestFirst(all: readonly string[]): readonly string[] {
  return [...new Set(all)]
    .filter(({ length }) => length >= CHARS_MIN)
    .toSorted((one, other) => other.length - one.length);
}
