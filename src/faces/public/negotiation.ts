/** How an answer may be packed; `identity` is not at all. */
export const ENCODINGS = ['br', 'gzip', 'identity'] as const;
export type Encoding = (typeof ENCODINGS)[number];

interface Wish {
  readonly value: string;
  readonly quality: number;
}

/**
 * The best language for an `Accept-Language` header (RFC 9110, 12.5.4; lookup as in RFC 4647, 3.4): `de-AT` is served
 * by `de`. The first one offered when the visitor wants none of them.
 */
export function languageFor(header: string, offered: readonly string[]): string {
  const [fallback = 'en'] = offered;
  for (const { value, quality } of wishes(header)) {
    if (quality === 0) break;
    if (value === '*') return fallback;
    const match = lookUp(value, offered);
    if (match !== undefined) return match;
  }
  return fallback;
}

/** JSON only when it is asked for by name, and not liked less than a page: browsers and `curl` get the page. */
export function wantsJson(header: string): boolean {
  const accepted = wishes(header);
  const json = qualityOf(accepted, 'application/json');
  return json > 0 && json >= qualityOf(accepted, 'text/html');
}

/** The smallest of our encodings that an `Accept-Encoding` header allows (RFC 9110, 12.5.3). */
export function encodingFor(header: string): Encoding {
  const accepted = wishes(header);
  return ENCODINGS.find((encoding) => qualityOf(accepted, encoding) > 0) ?? 'identity';
}

/** Remembers what was made of a header: clients send the same few, and parsing allocates. Bounded on both sides. */
export function remembering<Result>(parse: (header: string) => Result): (header: string) => Result {
  const known = new Map<string, Result>();
  return (header) => {
    const before = known.get(header);
    if (before !== undefined) return before;
    const result = parse(header);
    if (header.length <= HEADER_CHARS_REMEMBERED) {
      if (known.size >= HEADERS_REMEMBERED) known.clear();
      known.set(header, result);
    }
    return result;
  };
}

const HEADERS_REMEMBERED = 500;
const HEADER_CHARS_REMEMBERED = 300;
const WISHES_MAX = 50;

function lookUp(wanted: string, offered: readonly string[]): string | undefined {
  for (let range = wanted; range !== ''; range = range.slice(0, Math.max(0, range.lastIndexOf('-')))) {
    const match = offered.find((tag) => tag.toLowerCase() === range);
    if (match !== undefined) return match;
  }
  return undefined;
}

/** The liked ones first, in lower case; those of equal quality stay in order. Quality 0 is a refusal. */
function wishes(header: string): readonly Wish[] {
  return header
    .toLowerCase()
    .split(',', WISHES_MAX)
    .map((part) => {
      const [value = '', ...parameters] = part.split(';').map((piece) => piece.trim());
      const quality = parameters.find((parameter) => parameter.startsWith('q='));
      return { value, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
    })
    .filter(({ value }) => value !== '')
    .toSorted((a, b) => b.quality - a.quality);
}

function qualityOf(accepted: readonly Wish[], wanted: string): number {
  return accepted.find(({ value }) => value === wanted)?.quality ?? 0;
}
