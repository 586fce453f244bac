const SHOWN_CHARS_MAX = 80;

/** What a server said, in quotes, cut short, and without anything a terminal would obey. */
export function shown(text: string): string {
  const visible = text.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
  return JSON.stringify(visible.length > SHOWN_CHARS_MAX ? `${visible.slice(0, SHOWN_CHARS_MAX)}…` : visible);
}
