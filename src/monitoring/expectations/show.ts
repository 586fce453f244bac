import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { formatDuration } from '../../kernel/duration.ts';

const SHOWN_CHARS_MAX = 80;
const GRAINS = [
  [DAY_MS, HOUR_MS],
  [HOUR_MS, MINUTE_MS],
  [MINUTE_MS, SECOND_MS],
] as const;

/** What the other side sent, shortened; `kept` values appear under their names. */
export function show(value: unknown, kept: ReadonlyMap<string, unknown> = new Map()): string {
  if (typeof value === 'string' && kept.size === 0) return cut(JSON.stringify(value.slice(0, SHOWN_CHARS_MAX + 1)));
  // Hidden before it is cut, or the cut could leave the beginning of a secret standing.
  return cut(hide(JSON.stringify(value), kept));
}

function cut(text: string): string {
  return text.length > SHOWN_CHARS_MAX ? `${text.slice(0, SHOWN_CHARS_MAX)}…` : text;
}

/** As exact as a reader cares for: days come with hours, not with milliseconds. */
export function roughly(ms: number): string {
  if (ms < 0) return `-${roughly(-ms)}`;
  const [, grainMs] = GRAINS.find(([fromMs]) => ms >= fromMs) ?? [0, 1];
  return formatDuration(Math.floor(ms / grainMs) * grainMs);
}

/** How a kept value is sent and compared as text. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The longest first, so that no part of a secret remains where another one is a part of it. */
export function hide(shown: string, kept: ReadonlyMap<string, unknown>): string {
  return [...kept]
    .flatMap(([name, value]) => spellingsOf(value).map((spelling) => ({ name, spelling })))
    .toSorted((a, b) => b.spelling.length - a.spelling.length)
    .reduce((text, { name, spelling }) => text.replaceAll(spelling, () => `[CONTEXT].${name}`), shown);
}

/** In JSON it stands escaped, in an address encoded, and JSON within a text is escaped once more. */
function spellingsOf(value: unknown): readonly string[] {
  const text = asText(value);
  const escaped = JSON.stringify(text).slice(1, -1);
  const spellings = [text, escaped, JSON.stringify(escaped).slice(1, -1), encodeURIComponent(text.toWellFormed())];
  return [...new Set(spellings)].filter((spelling) => spelling !== '');
}
