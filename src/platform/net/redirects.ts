import type { HttpRequest } from '../../kernel/net.ts';
import { errors } from './errors.ts';
import { asBasic, credentialsIn } from './url-credentials.ts';

/** One hop: what is sent, and where. The URL carries no credentials any more; they are a header. */
export interface Hop {
  readonly method: HttpRequest['method'];
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  readonly own: Own;
}

/** What is meant for one server: who we are to it, whom we trust about it, and where on this machine it listens. */
type Own = Pick<HttpRequest, 'authority' | 'clientCertificate' | 'socketPath'>;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** All a stranger needs to know. Any other header the caller chose may be a credential under a name of its own. */
const HARMLESS_HEADERS = new Set(['accept', 'accept-language', 'accept-encoding', 'user-agent']);
const BODY_HEADERS = new Set(['content-type', 'content-length', 'content-encoding', 'content-language']);

export function firstHop(request: Omit<HttpRequest, 'signal'>): Hop {
  const { method, url, headers = {}, body, authority, clientCertificate, socketPath } = request;
  const parsed = URL.parse(url);
  if (parsed === null || !isHttp(parsed)) throw errors.NET_URL_INVALID({});
  const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    method,
    url: withoutCredentials(parsed),
    headers: { ...basicAuth(parsed), ...lowerCase },
    body,
    own: {
      ...(authority !== undefined && { authority }),
      ...(clientCertificate !== undefined && { clientCertificate }),
      ...(socketPath !== undefined && { socketPath }),
    },
  };
}

export function isRedirect(status: number, location: string | undefined): location is string {
  return REDIRECTS.has(status) && location !== undefined;
}

/** Where an answer sends us (RFC 9110 §15.4), as the fetch standard tells browsers to go there. */
export function nextHop(hop: Hop, status: number, location: string): Hop {
  const parsed = URL.parse(location, hop.url);
  if (parsed === null || !isHttp(parsed)) throw errors.NET_REDIRECT_INVALID({ host: hop.url.host });
  const url = withoutCredentials(parsed);
  const next = becomesGet(hop.method, status) ? asGet(hop) : hop;
  if (url.origin === hop.url.origin) return { ...next, url };
  if (next.body !== undefined) throw errors.NET_REDIRECT_FORBIDDEN({ host: hop.url.host, target: url.host });
  return { ...next, url, headers: only(next.headers, (name) => HARMLESS_HEADERS.has(name)), own: {} };
}

function becomesGet(method: Hop['method'], status: number): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return (status === 301 || status === 302) && method === 'POST';
}

function asGet({ headers, ...hop }: Hop): Hop {
  return { ...hop, method: 'GET', headers: only(headers, (name) => !BODY_HEADERS.has(name)), body: undefined };
}

function only(headers: Hop['headers'], isKept: (name: string) => boolean): Hop['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => isKept(name)));
}

function isHttp(url: URL): boolean {
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '';
}

function withoutCredentials(url: URL): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  bare.hash = '';
  return bare;
}

function basicAuth(url: URL): Readonly<Record<string, string>> {
  const credentials = credentialsIn(url);
  return credentials === undefined ? {} : { authorization: asBasic(credentials) };
}
