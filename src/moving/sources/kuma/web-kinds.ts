import { Secret } from '../../../kernel/secret.ts';
import { addressText, isTelling } from '../../address-text.ts';
import type { Row } from '../../import-source.ts';
import { textWith, type Written } from '../../written.ts';
import { jsonCondition, keywordCondition, statusConditions, USUAL_STATUS } from './conditions.ts';
import { demand, type Kind, type KindContext, type Mapped, Unlike } from './kind.ts';
import { flagIn, isRow, jsonIn, numberIn, textIn } from './row.ts';

/** How many days before the end of a certificate Kuma tells of it first, unless it was set otherwise. */
const EXPIRY_DAYS = 21;
const REDIRECTS_USUAL = 10;
const SHOWN_CHARS_MAX = 60;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export const http: Kind = (row, context) => request(row, context, []);

export const keyword: Kind = (row, context) => {
  const wanted = demand(textIn(row, 'keyword'), 'It looks for no keyword.');
  return request(row, context, [keywordCondition(wanted, flagIn(row, 'invert_keyword'))]);
};

export const jsonQuery: Kind = (row, context) => {
  const path = textIn(row, 'json_path') ?? '$';
  const operator = textIn(row, 'json_path_operator') ?? '==';
  const condition = jsonCondition(path, operator, textIn(row, 'expected_value') ?? '');
  const shown = `${JSON.stringify(path.slice(0, SHOWN_CHARS_MAX))} ${operator}`;
  return request(row, context, [
    demand(condition, `Its JSON query (${shown}) is more than a path that is compared with a value.`),
  ]);
};

function request(row: Row, context: KindContext, further: readonly string[]): Mapped {
  const url = textIn(row, 'url');
  if (url === undefined || !/^https?:\/\//.test(url)) throw new Unlike('It has no web address.');
  const method = methodOf(row);
  const login = loginOf(row);
  const headers = { ...headersOf(row), ...login.headers };
  const entry = {
    http: addressText(url),
    method: method === 'GET' ? undefined : method,
    headers: Object.keys(headers).length === 0 ? undefined : headers,
    body: bodyOf(row, method),
    ...login.keys,
    follow_redirects: follows(row) ? undefined : false,
    verify_tls: flagIn(row, 'ignore_tls') ? false : undefined,
    proxy: proxyOf(row, context),
    family: familyOf(row),
    expect: expectOf([...statusOf(row, further.length > 0), ...further], degradedOf(row, url)),
  };
  return { entry, notes: notesOn(row) };
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

function degradedOf(row: Row, url: string): readonly string[] {
  const isWatched = url.startsWith('https:') && flagIn(row, 'expiry_notification') && !flagIn(row, 'ignore_tls');
  return isWatched ? [`[CERTIFICATE_EXPIRATION] > ${EXPIRY_DAYS}d`] : [];
}

type Headers = Readonly<Record<string, Written>>;

/** Those that are written, and the one that says what the body is. */
function headersOf(row: Row): Headers {
  const own = Object.entries(writtenHeaders(row)).map(
    ([name, value]) => [name, isTelling(name) ? new Secret(String(value), name) : String(value)] as const,
  );
  const type =
    textIn(row, 'body') === undefined ? undefined : CONTENT_TYPES[textIn(row, 'http_body_encoding') ?? 'json'];
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

interface Login {
  readonly headers: Headers;
  readonly keys: Readonly<Record<string, Written>>;
}

function loginOf(row: Row): Login {
  const method = textIn(row, 'auth_method');
  const user = textIn(row, 'basic_auth_user');
  if (method === 'ntlm') throw new Unlike('It logs in with NTLM, which no check here speaks.');
  if (method === 'oauth2-cc') {
    throw new Unlike(
      `It fetches a token from ${hostIn(textIn(row, 'oauth_token_url'))} first; write that as \`steps\`.`,
    );
  }
  if (method === 'mtls') return clientCertificateOf(row);
  if (user === undefined) return { headers: {}, keys: {} };
  const pair = Buffer.from(`${user}:${textIn(row, 'basic_auth_pass') ?? ''}`).toString('base64');
  return { headers: { Authorization: textWith`Basic ${new Secret(pair, 'basic auth')}` }, keys: {} };
}

function clientCertificateOf(row: Row): Login {
  const missing = 'Its client certificate is not complete.';
  const certificate = demand(textIn(row, 'tls_cert'), missing);
  const key = new Secret(demand(textIn(row, 'tls_key'), missing), 'client key');
  return { headers: {}, keys: { client_certificate: certificate, client_key: key } };
}

function hostIn(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? new URL(url).host : 'a server';
}

function proxyOf(row: Row, { data }: KindContext): Written | undefined {
  const id = numberIn(row, 'proxy_id');
  const proxy = id === undefined ? undefined : data.proxies.find((each) => each['id'] === id);
  return proxy === undefined || !flagIn(proxy, 'active') ? undefined : throughProxy(proxy);
}

function throughProxy(proxy: Row): Written {
  const protocol = textIn(proxy, 'protocol') ?? 'http';
  if (!/^https?$/.test(protocol)) throw new Unlike(`It goes through a ${protocol} proxy, which no check here does.`);
  const place = `${textIn(proxy, 'host') ?? ''}:${numberIn(proxy, 'port') ?? 80}`;
  const user = textIn(proxy, 'username');
  if (!flagIn(proxy, 'auth') || user === undefined) return `${protocol}://${place}`;
  const password = new Secret(encodeURIComponent(textIn(proxy, 'password') ?? ''), 'proxy password');
  return textWith`${protocol}://${encodeURIComponent(user)}:${password}@${place}`;
}

function familyOf(row: Row): Written | undefined {
  const family = textIn(row, 'ip_family');
  return family === 'ipv4' || family === 'ipv6' ? family : undefined;
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
