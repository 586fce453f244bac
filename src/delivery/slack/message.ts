import type { Notice } from '../../contracts/outbound.ts';
import type { Envelope } from '../channel.ts';
import { closing, headline, oneLine, shortened } from '../notice-text.ts';

// https://docs.slack.dev/reference/block-kit/blocks
const HEADER_CHARS_MAX = 150;
const SECTION_CHARS_MAX = 3000;
const FIELD_CHARS_MAX = 2000;
const FIELDS_MAX = 10;
const BLOCKS_MAX = 50;
const SUMMARY_CHARS_MAX = 300;

const MARKS = { critical: '🔴', warning: '🟠', info: '🔵' } as const;

/** What is posted to an incoming webhook. `text` is what a notification on a phone shows. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  /** A preview of a linked page would be longer than the message. */
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

type Plain = { readonly type: 'plain_text'; readonly text: string; readonly emoji: boolean };
/** `verbatim`: Slack makes no mentions, channels and links of its own out of words that look like one. */
type Mrkdwn = { readonly type: 'mrkdwn'; readonly text: string; readonly verbatim: true };
type SlackBlock =
  | { readonly type: 'header'; readonly text: Plain }
  | { readonly type: 'section'; readonly text: Mrkdwn }
  | { readonly type: 'section'; readonly fields: readonly Mrkdwn[] }
  | { readonly type: 'context'; readonly elements: readonly Mrkdwn[] };

export function slackMessage({ notice, attempt }: Pick<Envelope, 'notice' | 'attempt'>): SlackMessage {
  const [first = ''] = notice.text;
  const body = [...sentences(notice), ...facts(notice), ...links(notice)].slice(0, BLOCKS_MAX - 2);
  return {
    text: escaped(oneLine(`${headline(notice)} ${first}`), SUMMARY_CHARS_MAX),
    blocks: [header(notice), ...body, footer(notice, attempt)],
    unfurl_links: false,
    unfurl_media: false,
  };
}

function header(notice: Notice): SlackBlock {
  const mark = notice.phase === 'resolved' ? '🟢' : MARKS[notice.severity];
  const text = shortened(`${mark} ${headline(notice)}`, HEADER_CHARS_MAX);
  return { type: 'header', text: { type: 'plain_text', text, emoji: true } };
}

function sentences({ text }: Notice): readonly SlackBlock[] {
  const whole = text.join('\n\n').trim();
  return whole === '' ? [] : [{ type: 'section', text: mrkdwn(escaped(whole, SECTION_CHARS_MAX)) }];
}

function facts({ facts: all }: Notice): readonly SlackBlock[] {
  const fields = all.map(({ label, value }) => {
    const name = `*${escaped(oneLine(label), HEADER_CHARS_MAX)}*\n`;
    return mrkdwn(name + escaped(value, FIELD_CHARS_MAX - name.length));
  });
  return inGroups(fields, FIELDS_MAX).map((group) => ({ type: 'section', fields: group }));
}

function links({ links: all }: Notice): readonly SlackBlock[] {
  // A link that is cut leads nowhere, so one that is too long is left out.
  const written = all.map(link).filter((text) => text.length <= FIELD_CHARS_MAX);
  return inGroups(written, FIELDS_MAX).map((group) => ({ type: 'section', text: mrkdwn(joined(group)) }));
}

function link({ label, url }: Notice['links'][number]): string {
  // The bar parts the address from its name.
  const name = oneLine(label).replaceAll('|', '/') || 'Link';
  return `<${escaped(url.replaceAll('|', '%7C'))}|${escaped(name, HEADER_CHARS_MAX)}>`;
}

/** As many as there is room for. */
function joined(texts: readonly string[]): string {
  return texts.reduce((line, text) => (line.length + text.length + 3 > SECTION_CHARS_MAX ? line : `${line} · ${text}`));
}

/** Slack knows no repeats: somebody who sees two of the same should know why. */
function footer(notice: Notice, attempt: number): SlackBlock {
  const repeat = attempt > 1 ? ` · attempt ${attempt}, may be a repeat` : '';
  return { type: 'context', elements: [mrkdwn(escaped(closing(notice)) + repeat)] };
}

function mrkdwn(text: string): Mrkdwn {
  return { type: 'mrkdwn', text, verbatim: true };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The three characters that mean something to Slack; without them nobody can mention a channel or fake a link. */
function escaped(text: string, charsMax = Number.MAX_SAFE_INTEGER): string {
  const whole = text.replaceAll(/[&<>]/g, (character) => ENTITIES[character] ?? '');
  // The cut may go through the middle of what one character was turned into.
  return whole.length <= charsMax ? whole : shortened(whole, charsMax).replace(/&\w{0,3}…$/, '…');
}

function inGroups<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_group, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
