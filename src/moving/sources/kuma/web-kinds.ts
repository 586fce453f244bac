import { Secret } from '../../../kernel/secret.ts';
import { addressText, isTelling } from '../../address-text.ts';
import type { Row } from '../../import-source.ts';
import { ownEntry } from '../../own-entry.ts';
import { demand, Unlike } from '../../unlike.ts';
import { textWith, type Written } from '../../written.ts';
import { jsonCondition, jsonPath, statusConditions, USUAL_STATUS } from './conditions.ts';
import type { Kind, KindContext, Mapped } from './kind.ts';
import { flagIn, isRow, jsonIn, numberIn, textIn } from './row.ts';

const REDIRECTS_USUAL = 10;
const SHOWN_CHARS_MAX = 60;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export const http: Kind = (row, context) => request(row, context, { main: 'http' });

export const keyword: Kind = (row, context) => {
  const wanted = demand(textIn(row, 'keyword'), 'It looks for no keyword.');
  const keys = flagIn(row, 'invert_keyword') ? { lacks: wanted } : { contains: wanted };
  return request(row, context, { main: 'keyword', keys });
};

export const jsonQuery: Kind = (row, context) => {
  const query = textIn(row, 'json_path') ?? '$';
  const operator = textIn(row, 'json_path_operator') ?? '==';
  const expected = textIn(row, 'expected_value') ?? '';
  const path = jsonPath(query);
  const key = ownEntry(JSON_KEYS, operator);
  if (path !== undefined && path !== '' && key !== undefined) {
    return request(row, context, {
      main: 'json',
      keys: { path, [key]: operator === '==' ? expected : valueOf(expected) },
    });
  }
  const condition = jsonCondition(query, operator, expected);
  const shown = `${JSON.stringify(query.slice(0, SHOWN_CHARS_MAX))} ${operator}`;
  const further = demand(condition, `Its JSON query (${shown}) is more than a path that is compared with a value.`);
  return request(row, context, { main: 'http', further });
};

/** Comparisons that the type `json` has a key for. */
const JSON_KEYS: Readonly<Record<string, string>> = {
  '==': 'equals',
  '>': 'above',
  '<': 'below',
  contains: 'contains',
};

function valueOf(expected: string): string | number {
  return /^-?\d+(?:\.\d+)?$/.test(expected) ? Number(expected) : expected;
}

/** Kuma opens the page and looks at its status, from 200 to 399. */
export const realBrowser: Kind = (row) => ({
  entry: {
    browser: addressText(webAddress(row)),
    script_errors: 'ignored',
    expect: ['[STATUS] >= 200', '[STATUS] <= 399'],
  },
  notes:
    numberIn(row, 'remote_browser') === undefined
      ? []
      : ['Kuma used a browser elsewhere; here it is one of this machine.'],
});

interface Kept {
  /** The type, which is the key of the address. */
  readonly main: 'http' | 'keyword' | 'json';
  readonly keys?: Readonly<Record<string, Written>>;
  /** A condition of its own. */
  readonly further?: string;
}

function request(row: Row, context: KindContext, { main, keys = {}, further }: Kept): Mapped {
  const url = webAddress(row);
  const method = methodOf(row);
  const headers = headersOf(row);
  const more = further === undefined ? [] : [further];
  const proxy = proxyOf(row, context);
  const entry = {
    [main]: addressText(url),
    ...keys,
    method: method === 'GET' ? undefined : method,
    headers: Object.keys(headers).length === 0 ? undefined : headers,
    body: bodyOf(row, method),
    ...loginOf(row),
    ip: proxy === undefined ? familyOf(row) : undefined,
    proxy,
    follow_redirects: follows(row) ? undefined : false,
    verify_tls: flagIn(row, 'ignore_tls') ? false : undefined,
    expect: expectOf([...statusOf(row, more.length > 0), ...more], degradedOf(row, url, context)),
  };
  return { entry, notes: notesOn(row) };
}

function webAddress(row: Row): string {
  const url = textIn(row, 'url');
  if (url === undefined || !/^https?:\/\//.test(url)) throw new Unlike('It has no web address.');
  return url;
}

function methodOf(row: Row): string {
  const method = (textIn(row, 'method') ?? 'GET').toUpperCase();
  if (METHODS.includes(method)) return method;
  throw new Unlike(`It asks with the method ${method}, which no check here does.`);
}

function follows(row: Row): boolean {
  return numberIn(row, 'maxredirects') !== 0;
}

function statusOf(row: Row, isMoreExpected: boolean): readonly string[] {
  const accepted = statusConditions(jsonIn(row, 'accepted_statuscodes_json'));
  const status = demand(accepted, 'The status codes that it accepts are too many to be listed.');
  // Here any 3xx is right where redirects are not followed; there it is not, unless it is accepted.
  const mustBeSaid = isMoreExpected || !follows(row);
  return status.length === 0 && mustBeSaid ? [USUAL_STATUS] : status;
}

function expectOf(down: readonly string[], degraded: readonly string[]): Written | undefined {
  if (degraded.length > 0) return down.length > 0 ? { down, degraded } : { degraded };
  return down.length > 0 ? down : undefined;
}

function degradedOf(row: Row, url: string, { data }: KindContext): readonly string[] {
  const isWatched = url.startsWith('https:') && flagIn(row, 'expiry_notification') && !flagIn(row, 'ignore_tls');
  return isWatched ? [`[CERTIFICATE_EXPIRATION] > ${data.expiryDays}d`] : [];
}

type Headers = Readonly<Record<string, Written>>;

/** Those that are written, and the one that says what the body is. */
function headersOf(row: Row): Headers {
  const own = Object.entries(writtenHeaders(row)).map(
    ([name, value]) => [name, isTelling(name) ? new Secret(String(value), name) : String(value)] as const,
  );
  const type =
    textIn(row, 'body') === undefined
      ? undefined
      : ownEntry(CONTENT_TYPES, textIn(row, 'http_body_encoding') ?? 'json');
  const isSaid = own.some(([name]) => name.toLowerCase() === 'content-type');
  return { ...Object.fromEntries(own), ...(type !== undefined && !isSaid && { 'Content-Type': type }) };
}

function writtenHeaders(row: Row): Row {
  if (row['headers'] === null || row['headers'] === undefined || row['headers'] === '') return {};
  const written = jsonIn(row, 'headers');
  if (!isRow(written)) throw new Unlike('Its headers are not JSON.');
  return written;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  xml: 'text/xml; charset=utf-8',
  form: 'application/x-www-form-urlencoded',
};

function bodyOf(row: Row, method: string): Written | undefined {
  const body = textIn(row, 'body');
  if (body === undefined || method === 'GET' || method === 'HEAD') return undefined;
  return isTelling(body) ? new Secret(body, 'body') : body;
}

function loginOf(row: Row): Readonly<Record<string, Written>> {
  const method = textIn(row, 'auth_method');
  const user = textIn(row, 'basic_auth_user');
  if (method === 'ntlm') throw new Unlike('It logs in with NTLM, which no check here speaks.');
  if (method === 'oauth2-cc') return { auth: { oauth: oauthOf(row) } };
  if (method === 'mtls') return clientCertificateOf(row);
  if (user === undefined) return {};
  return { auth: { basic: { user, password: new Secret(textIn(row, 'basic_auth_pass') ?? '', 'password') } } };
}

function oauthOf(row: Row): Written {
  const missing = 'It fetches a token first (OAuth 2), and does not say how.';
  const isInBody = textIn(row, 'oauth_auth_method') === 'client_secret_post';
  return {
    token_url: addressText(demand(textIn(row, 'oauth_token_url'), missing)),
    client_id: demand(textIn(row, 'oauth_client_id'), missing),
    client_secret: new Secret(demand(textIn(row, 'oauth_client_secret'), missing), 'client secret'),
    scope: textIn(row, 'oauth_scopes'),
    audience: textIn(row, 'oauth_audience'),
    credentials_in: isInBody ? 'body' : undefined,
  };
}

function clientCertificateOf(row: Row): Readonly<Record<string, Written>> {
  const missing = 'Its client certificate is not complete.';
  const certificate = demand(textIn(row, 'tls_cert'), missing);
  const key = new Secret(demand(textIn(row, 'tls_key'), missing), 'client key');
  const authority = textIn(row, 'tls_ca');
  return { client_certificate: { certificate, key }, ...(authority !== undefined && { authority }) };
}

function proxyOf(row: Row, { data }: KindContext): Written | undefined {
  const id = numberIn(row, 'proxy_id');
  const proxy = id === undefined ? undefined : data.proxies.find((each) => each['id'] === id);
  return proxy === undefined || !flagIn(proxy, 'active') ? undefined : throughProxy(proxy);
}

function throughProxy(proxy: Row): Written {
  const written = textIn(proxy, 'protocol') ?? 'http';
  const protocol = written.startsWith('socks5') ? 'socks5' : written;
  if (!/^(?:https?|socks5)$/.test(protocol))
    throw new Unlike(`It goes through a ${written} proxy, which no check here does.`);
  const place = `${textIn(proxy, 'host') ?? ''}:${numberIn(proxy, 'port') ?? 80}`;
  const user = textIn(proxy, 'username');
  if (!flagIn(proxy, 'auth') || user === undefined) return `${protocol}://${place}`;
  const password = new Secret(encodeURIComponent(textIn(proxy, 'password') ?? ''), 'proxy password');
  return textWith`${protocol}://${encodeURIComponent(user)}:${password}@${place}`;
}

function familyOf(row: Row): 4 | 6 | undefined {
  const family = textIn(row, 'ip_family');
  return family === 'ipv4' ? 4 : family === 'ipv6' ? 6 : undefined;
}

function notesOn(row: Row): readonly string[] {
  const redirects = numberIn(row, 'maxredirects') ?? REDIRECTS_USUAL;
  return [
    ...(redirects > 0 && redirects !== REDIRECTS_USUAL
      ? [`Kuma followed ${redirects} redirects at most; here it is always ${REDIRECTS_USUAL}.`]
      : []),
    ...(flagIn(row, 'cache_bust') ? ['Kuma added a random parameter to the address each time; that is left out.'] : []),
  ];
}
