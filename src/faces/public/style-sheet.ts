import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const PARTS = ['tokens', 'frame', 'services', 'readiness'] as const;

/** The whole style sheet, read once when the process starts; it stands in the page, which then needs no second request. */
export const STYLE_SHEET: string = PARTS.map((part) =>
  compact(readFileSync(new URL(`styles/${part}.css`, import.meta.url), 'utf8')),
).join('');

/** What the Content-Security-Policy says of it: this very text and no other style may apply. */
export const STYLE_SOURCE = `'sha256-${createHash('sha256').update(STYLE_SHEET).digest('base64')}'`;

/** Drops comments and the space around punctuation. Strings in our style sheets hold neither. */
function compact(css: string): string {
  return css
    .replaceAll(/\/\*[^]*?\*\//g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};,]) ?/g, '$1')
    .replaceAll(/: /g, ':')
    .replaceAll(';}', '}')
    .trim();
}
