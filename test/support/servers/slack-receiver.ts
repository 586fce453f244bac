import { serveHttp } from './misbehaving.ts';
import type { Ending } from './server.ts';
import { act, type Behaviour, bodyOf, script } from './webhook-receiver.ts';

export interface SlackPost {
  /** What a phone shows. */
  readonly notification: string;
  /** What stands in the channel, as people read it: escapes undone, `<url|label>` as it is. */
  readonly lines: readonly string[];
  readonly links: readonly { readonly label: string; readonly url: string }[];
  readonly receivedAt: number;
}

export interface SlackReceiver {
  /** What stands in the manifest: the path is the credential. */
  readonly url: string;
  readonly posts: readonly SlackPost[];
  /** The words it refused with. */
  readonly refusals: readonly string[];
  behave(...behaviours: readonly Behaviour[]): void;
}

/** Takes what Slack's incoming webhooks take, with their limits, and answers as they do. */
export async function startSlackReceiver(ending: Ending): Promise<SlackReceiver> {
  const posts: SlackPost[] = [];
  const refusals: string[] = [];
  const { behave, next } = script();
  const port = await serveHttp(ending, async (request, response) => {
    const message = parsed(await bodyOf(request));
    const isJson = request.headers['content-type'] === 'application/json';
    const word = request.method === 'POST' && isJson ? refusalOf(message) : 'invalid_payload';
    if (word !== undefined) {
      refusals.push(word);
      return void response.writeHead(400).end(word);
    }
    posts.push(read(message as unknown as SlackMessage));
    return act(next(), response, 'ok');
  });
  return { url: `http://127.0.0.1:${port}/services/T000/B000/hush`, posts, refusals, behave };
}

type Json = Readonly<Record<string, unknown>>;
interface TextObject {
  readonly type: string;
  readonly text: string;
}
interface Block {
  readonly type: string;
  readonly text?: TextObject;
  readonly fields?: readonly TextObject[];
  readonly elements?: readonly TextObject[];
}
interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly Block[];
}

const KNOWN_KEYS = new Set(['text', 'blocks', 'unfurl_links', 'unfurl_media']);

/** https://docs.slack.dev/reference/block-kit/blocks, and the words of incoming webhooks. */
export function refusalOf(message: Json | undefined): string | undefined {
  if (message === undefined || Object.keys(message).some((key) => !KNOWN_KEYS.has(key))) return 'invalid_payload';
  const { text, blocks } = message;
  if (typeof text !== 'string' || text.trim() === '') return 'no_text';
  if (!isMrkdwn(text)) return 'invalid_payload';
  if (!Array.isArray(blocks) || blocks.length < 1 || blocks.length > 50) return 'invalid_blocks';
  return blocks.every(isBlock) ? undefined : 'invalid_blocks';
}

function isBlock({ type, text, fields, elements }: Block): boolean {
  if (type === 'header') return isText(text, ['plain_text'], 150);
  if (type === 'context') return areTexts(elements, 10, 2000);
  if (type !== 'section' || (text === undefined && fields === undefined)) return false;
  return (text === undefined || isText(text, BOTH, 3000)) && (fields === undefined || areTexts(fields, 10, 2000));
}

function areTexts(list: readonly TextObject[] | undefined, countMax: number, charsMax: number): boolean {
  if (!Array.isArray(list) || list.length < 1 || list.length > countMax) return false;
  return list.every((object) => isText(object, BOTH, charsMax));
}

const BOTH = ['mrkdwn', 'plain_text'];

function isText(object: TextObject | undefined, types: readonly string[], charsMax: number): boolean {
  if (object === undefined || !types.includes(object.type)) return false;
  const { type, text } = object;
  return text.length >= 1 && text.length <= charsMax && text.isWellFormed() && (type !== 'mrkdwn' || isMrkdwn(text));
}

const LINK = /<(?<url>https?:\/\/[^\s|<>]+)\|(?<label>[^|<>]+)>/g;

/** Stricter than Slack: any `&`, `<` or `>` that is no escape and no link was somebody else's text. */
function isMrkdwn(text: string): boolean {
  return !/[<>]|&(?!(?:amp|lt|gt);)/.test(text.replaceAll(LINK, ''));
}

function read({ text, blocks }: SlackMessage): SlackPost {
  const objects = blocks.flatMap((block) => [block.text, ...(block.fields ?? []), ...(block.elements ?? [])]);
  const texts = objects.filter((object) => object !== undefined);
  const links = texts
    .filter(({ type }) => type === 'mrkdwn')
    .flatMap((object) => [...object.text.matchAll(LINK)])
    .map(({ groups }) => ({ label: shown(groups?.['label'] ?? ''), url: shown(groups?.['url'] ?? '') }));
  const lines = texts.map((object) => (object.type === 'mrkdwn' ? shown(object.text) : object.text));
  return { notification: shown(text), lines, links, receivedAt: Date.now() };
}

function shown(mrkdwn: string): string {
  return mrkdwn.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
