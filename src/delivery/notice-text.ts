import type { Notice } from '../contracts/outbound.ts';

/** `[critical] shop: api is down`: the state comes first and as a word, for whoever sees no colour or only this line. */
export function headline({ app, phase, severity, title }: Notice): string {
  return `[${phase === 'resolved' ? 'resolved' : severity}] ${oneLine(app)}: ${oneLine(title)}`;
}

/** The whole message as people read it where nothing but text is shown. */
export function plainText(notice: Notice): string {
  const rows = [...notice.facts, ...notice.links.map(({ label, url }) => ({ label, value: url }))];
  const width = Math.max(0, ...rows.map(({ label }) => label.length));
  const [facts, links] = [rows.slice(0, notice.facts.length), rows.slice(notice.facts.length)].map((part) =>
    part.map(({ label, value }) => row(label, value, width)).join('\n'),
  );
  return [headline(notice), ...notice.text, facts, links, `-- \n${closing(notice)}`].filter(Boolean).join('\n\n');
}

/** Says when it happened: a message can be late. */
export function closing({ at }: Notice): string {
  return `Evenkeel, ${timeOf(at)}`;
}

/** `2026-01-05 09:00:00 UTC` */
export function timeOf(at: number): string {
  const [date = '', time = ''] = Temporal.Instant.fromEpochMilliseconds(at)
    .toString({ smallestUnit: 'second' })
    .split('T');
  return `${date} ${time.replace('Z', '')} UTC`;
}

/** Without line breaks and other control characters, which mean something where a single line is expected. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
}

/** At most so many characters; what was cut off shows as an ellipsis. */
export function shortened(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const kept = text.slice(0, charsMax - 1);
  // Half of a character that takes two would be no character at all.
  return `${kept.replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** A value of several lines stays in its column. */
function row(label: string, value: string, width: number): string {
  const indent = ' '.repeat(width + 2);
  return label.padEnd(width + 2) + value.replaceAll(/\r?\n/g, `\n${indent}`);
}
