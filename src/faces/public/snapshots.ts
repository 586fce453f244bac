import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { encodingFor, languageFor, remembering, wantsJson } from './negotiation.ts';
import { type Packed, type PackedText, pack } from './packed.ts';
import type { RateLimit } from './rate-limit.ts';
import { STYLE_SOURCE } from './style-sheet.ts';

/** What the public can get at one moment. */
export interface Site {
  /** HTML by language tag; the first is for visitors who want none of them. */
  readonly pages: ReadonlyMap<string, string>;
  /** JSON. */
  readonly summary: string;
}

export interface SnapshotDeps {
  readonly render: () => Promise<Site>;
  readonly limit: RateLimit;
  /** Whose request this is; behind a trusted proxy that is not the other end of the socket. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly log: Log;
  /** True where everybody comes by https: browsers are then told to insist on it. */
  readonly isHttps?: boolean;
}

export interface Snapshots {
  /**
   * Makes the pages anew. Never rejects: when that fails, the pages before stay, and say when they were true. Calls
   * during a run share one more run, which sees everything that was there when they were made.
   */
  refresh(): Promise<void>;
  /**
   * Answers `/` and `/status` at once, from memory; false for everything else. Meant to stand before any framework:
   * when the application is down, this is what everybody looks at.
   */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
}

interface Shelf {
  readonly pages: ReadonlyMap<string, PackedText>;
  readonly languages: readonly string[];
  readonly summary: PackedText;
  readonly languageFor: (header: string) => string;
}

const VARY = 'Accept, Accept-Language, Accept-Encoding, Cookie';
const COOKIE = 'lang';
const COOKIE_AGE_S = 31_536_000;

// Every look asks whether there is news; only a shared cache may answer by itself, and for seconds.
const FRESH = ['Cache-Control', 'public, max-age=0, s-maxage=5, must-revalidate', 'Vary', VARY] as const;
const SAFE = ['X-Content-Type-Options', 'nosniff', 'Referrer-Policy', 'no-referrer'] as const;
/** Our own name only: what else stands under it is not ours to decide. */
const INSIST = ['Strict-Transport-Security', 'max-age=31536000'] as const;
const HTML = ['Content-Type', 'text/html; charset=utf-8'] as const;
const PAGE = [
  ...HTML,
  ...FRESH,
  ...SAFE,
  'Content-Security-Policy',
  `default-src 'none'; style-src ${STYLE_SOURCE}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
];
const SUMMARY = ['Content-Type', 'application/json; charset=utf-8', ...FRESH, ...SAFE];

const asJson = remembering(wantsJson);
const encoding = remembering(encodingFor);

export function createSnapshots({ render, limit, addressOf, log, isHttps = false }: SnapshotDeps): Snapshots {
  const extra = isHttps ? INSIST : [];
  let shelf: Shelf | undefined;
  let running: Promise<void> | undefined;
  let following: Promise<void> | undefined;

  return { refresh, answer };

  function refresh(): Promise<void> {
    if (running === undefined) {
      running = rebuild().finally(() => {
        running = undefined;
      });
      return running;
    }
    following ??= running.then(() => {
      following = undefined;
      return refresh();
    });
    return following;
  }

  async function rebuild(): Promise<void> {
    try {
      shelf = await stock(await render(), shelf, extra);
    } catch (error) {
      log.error('The public page could not be made; the one before stays.', { error, reason: messageOf(error) });
    }
  }

  function answer(request: IncomingMessage, response: ServerResponse): boolean {
    const { url = '' } = request;
    const queryAt = url.indexOf('?');
    const path = queryAt === -1 ? url : url.slice(0, queryAt);
    if (path !== '/' && path !== '/status') return false;

    const waitS = limit.take(addressOf(request));
    if (waitS > 0) refuse(response, 429, ['Retry-After', String(waitS)]);
    else if (request.method !== 'GET' && request.method !== 'HEAD') refuse(response, 405, ['Allow', 'GET, HEAD']);
    else if (shelf === undefined) refuse(response, 503, ['Retry-After', '1']);
    else serve({ request, response, shelf, query: queryAt === -1 ? '' : url.slice(queryAt + 1) });
    return true;
  }
}

interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly shelf: Shelf;
  readonly query: string;
}

function serve({ request, response, shelf, query }: Visit): void {
  const { headers } = request;
  const packing = encoding(headerText(headers['accept-encoding']));
  if (asJson(headers.accept ?? '')) {
    send(request, response, shelf.summary[packing]);
    return;
  }
  const chosen = query === '' ? undefined : offered(new URLSearchParams(query).get('lang'), shelf);
  const language = chosen ?? languageOf(request, shelf);
  const page = shelf.pages.get(language)?.[packing];
  if (page === undefined) refuse(response, 503, ['Retry-After', '1']);
  else if (chosen === undefined) send(request, response, page);
  else sendWhole(request, response, remembered(page, chosen));
}

function languageOf({ headers }: IncomingMessage, shelf: Shelf): string {
  const { cookie } = headers;
  const kept = cookie === undefined ? undefined : offered(cookieValue(cookie), shelf);
  return kept ?? shelf.languageFor(headers['accept-language'] ?? '');
}

/** The choice of a visitor is kept in a cookie that says nothing else. Such an answer must not enter a shared cache. */
function remembered(page: Packed, language: string): Packed {
  const cookie = `${COOKIE}=${language}; Path=/; Max-Age=${COOKIE_AGE_S}; SameSite=Lax; HttpOnly`;
  const headers = page.headers.map((header) => (header === FRESH[1] ? 'private, max-age=0, must-revalidate' : header));
  return { ...page, headers: [...headers, 'Set-Cookie', cookie] };
}

function send(request: IncomingMessage, response: ServerResponse, page: Packed): void {
  const known = request.headers['if-none-match'];
  if (known === undefined || !matches(known, page.etag)) sendWhole(request, response, page);
  else response.writeHead(304, [...FRESH, 'ETag', page.etag]).end();
}

function sendWhole(request: IncomingMessage, response: ServerResponse, { body, headers }: Packed): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed as mutable, but Node only reads it
  response.writeHead(200, headers as string[]);
  response.end(request.method === 'HEAD' ? undefined : body);
}

const REFUSED = [
  'Content-Type',
  'text/plain; charset=utf-8',
  'Cache-Control',
  'no-store',
  'Connection',
  'close',
] as const;
const REFUSALS = {
  405: 'Only GET and HEAD are possible here.\n',
  429: 'Too many requests. Please wait a moment.\n',
  503: 'The status page is starting. Please try again in a second.\n',
} as const;

function refuse(response: ServerResponse, status: keyof typeof REFUSALS, extra: readonly string[]): void {
  const body = REFUSALS[status];
  response.writeHead(status, [...REFUSED, ...SAFE, 'Content-Length', String(body.length), ...extra]);
  response.end(body);
}

async function stock(site: Site, before: Shelf | undefined, extra: readonly string[]): Promise<Shelf> {
  const languages = [...site.pages.keys()];
  const pages = await Promise.all(
    [...site.pages].map(
      async ([tag, text]) => [tag, await packOnce(text, [...PAGE, ...extra], before?.pages.get(tag))] as const,
    ),
  );
  return {
    pages: new Map(pages),
    languages,
    summary: await packOnce(site.summary, [...SUMMARY, ...extra], before?.summary),
    languageFor: remembering((header) => languageFor(header, languages)),
  };
}

/** Nothing changed means nothing to pack, and an ETag that stays. */
async function packOnce(text: string, headers: readonly string[], before: PackedText | undefined): Promise<PackedText> {
  return before?.text === text ? before : pack(text, headers);
}

function offered(language: string | null | undefined, { languages }: Shelf): string | undefined {
  return languages.find((tag) => tag === language);
}

const COOKIE_PATTERN = new RegExp(`(?:^|;)\\s*${COOKIE}=([\\w-]+)`);

function cookieValue(header: string): string | undefined {
  return COOKIE_PATTERN.exec(header)?.[1];
}

function headerText(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' ? header : (header?.join(',') ?? '');
}

/** `If-None-Match` (RFC 9110, 13.1.2): a list of tags, compared weakly, or `*`. */
function matches(header: string, etag: string): boolean {
  if (header === etag || header === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
