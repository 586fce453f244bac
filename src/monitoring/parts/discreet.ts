const CHARS_MAX = 80;
/** What is looked through at all: more could not be shown anyway. */
const READ_CHARS_MAX = 2_000;
const HIDDEN = '(hidden)';

const NAMES =
  'passw|pwd|secret|token|api[-_]?key|accountkey|access[-_]?key|private[-_]?key|credential|signature|authorization';

/** Text that often holds a credential. Rather hidden once too often than shown once. */
const SECRETS: readonly (readonly [pattern: RegExp, instead: string])[] = [
  // `scheme://user:password@host/…`, up to the last `@`, as in badly encoded ones, and what follows it.
  [/[a-z][\w+.:-]{0,60}:\/\/\S*@\S*/gi, '(address hidden)'],
  // Settings of a connection and queries: `Password=…;`, `"token": "…"`, `api-key: …`.
  [
    new RegExp(`(?<![\\w-])(?<name>[\\w-]{0,60}(?:${NAMES})[\\w-]{0,60})["']?\\s{0,5}[=:]\\s{0,5}[^;,&\\n]*`, 'gi'),
    `$<name>=${HIDDEN}`,
  ],
  [/\b(?<scheme>bearer|basic)\s{1,5}[\w.~+/=-]{6,}/gi, `$<scheme> ${HIDDEN}`],
];

/** Control characters, and the marks that turn the reading direction around. */
const UNPRINTABLE = /[\p{Cc}\u2028-\u202e\u2066-\u2069]+/gu;

/**
 * What a program says of itself as one short line: without anything that looks like a credential, and without `known`,
 * the secrets we sent it ourselves. Null when nothing is left.
 */
export function discreet(said: string, known: readonly string[]): string | null {
  let text = said.slice(0, READ_CHARS_MAX).toWellFormed();
  for (const secret of known) text = text.replaceAll(secret, HIDDEN);
  for (const [pattern, instead] of SECRETS) text = text.replaceAll(pattern, instead);
  const line = text.replaceAll(UNPRINTABLE, ' ').replaceAll(/\s+/g, ' ').trim();
  if (line === '') return null;
  const characters = Array.from(line);
  return characters.length > CHARS_MAX ? `${characters.slice(0, CHARS_MAX - 1).join('')}…` : line;
}
