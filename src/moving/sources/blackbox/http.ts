import { Secret } from '../../../kernel/secret.ts';
import { addressText, isTelling } from '../../address-text.ts';
import { type Fields, fieldsIn, flagIn, isFields, listIn, textIn } from '../../fields.ts';
import { demand, Unlike } from '../../unlike.ts';
import type { Written } from '../../written.ts';
import { type Asking, FAMILY, familyOf, fileText, refuseOthers, tlsOf } from './options.ts';
import { globOf, plainPattern } from './patterns.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const USUAL_STATUS = '[STATUS] == pat(2*)';
const KNOWN = [
  ...FAMILY,
  'valid_status_codes',
  'method',
  'headers',
  'body',
  'no_follow_redirects',
  'follow_redirects',
  'fail_if_ssl',
  'fail_if_not_ssl',
  'fail_if_body_matches_regexp',
  'fail_if_body_not_matches_regexp',
  'fail_if_header_matches',
  'fail_if_header_not_matches',
  'tls_config',
  'basic_auth',
  'bearer_token',
  'bearer_token_file',
  'authorization',
  'oauth2',
  'proxy_url',
  // These change how it is asked, and never what is right.
  'compression',
  'enable_http2',
  'skip_resolve_phase_with_proxy',
  'use_proxy_dns',
];

export function http(options: Fields, target: string): Asking {
  refuseOthers(options, KNOWN);
  const url = /^https?:\/\//.test(target) ? target : `http://${target}`;
  const method = (textIn(options, 'method') ?? 'GET').toUpperCase();
  if (!METHODS.includes(method))
    throw new Unlike(`It asks with the method ${method.slice(0, 20)}, which no check here does.`);
  const { isUnverified, authority, clientCertificate, serverName } = tlsOf(options);
  if (serverName !== undefined)
    throw new Unlike('It wants a certificate for another name (`server_name`), which `http` here cannot.');
  const proxy = textIn(options, 'proxy_url');
  return {
    keys: {
      http: addressText(url),
      method: method === 'GET' ? undefined : method,
      headers: headersOf(options),
      body: secretOr(textIn(options, 'body'), 'body'),
      auth: authOf(options),
      client_certificate: clientCertificate,
      authority,
      ip: familyOf(options),
      proxy: proxy === undefined ? undefined : addressText(proxy, 'proxy password'),
      follow_redirects: follows(options) ? undefined : false,
      verify_tls: isUnverified ? false : undefined,
      expect: expectOf(options, url),
    },
  };
}

function follows(options: Fields): boolean {
  return flagIn(options, 'follow_redirects') !== false && flagIn(options, 'no_follow_redirects') !== true;
}

function headersOf(options: Fields): Readonly<Record<string, Written>> | undefined {
  const headers = Object.entries(fieldsIn(options, 'headers') ?? {}).map(([name, value]) => {
    const text = String(value);
    return [name, isTelling(name) ? new Secret(text, name) : text] as const;
  });
  return headers.length === 0 ? undefined : Object.fromEntries(headers);
}

function secretOr(text: string | undefined, name: string): Written | undefined {
  return text !== undefined && isTelling(text) ? new Secret(text, name) : text;
}

function authOf(options: Fields): Written | undefined {
  const basic = fieldsIn(options, 'basic_auth');
  if (basic !== undefined) return basicAuth(basic);
  const oauth = fieldsIn(options, 'oauth2');
  if (oauth !== undefined) return oauthOf(oauth);
  const authorization = fieldsIn(options, 'authorization') ?? {};
  if ((textIn(authorization, 'type') ?? 'Bearer') !== 'Bearer')
    throw new Unlike('Its `authorization` is of another type than Bearer.');
  const token = secretIn(options, 'bearer_token') ?? secretIn(authorization, 'credentials');
  return token === undefined ? undefined : { bearer: token };
}

function basicAuth(basic: Fields): Written {
  refuseOthers(basic, ['username', 'password', 'password_file']);
  return { basic: { user: textIn(basic, 'username') ?? '', password: secretIn(basic, 'password') ?? '' } };
}

function oauthOf(oauth: Fields): Written {
  refuseOthers(oauth, ['client_id', 'client_secret', 'client_secret_file', 'token_url', 'scopes']);
  const missing = 'Its `oauth2` is not complete.';
  const scopes = listIn(oauth, 'scopes').map(String);
  return {
    oauth: {
      token_url: addressText(demand(textIn(oauth, 'token_url'), missing)),
      client_id: demand(textIn(oauth, 'client_id'), missing),
      client_secret: demand(secretIn(oauth, 'client_secret'), missing),
      scope: scopes.length === 0 ? undefined : scopes.join(' '),
    },
  };
}

/** Written out, or in the file that `<key>_file` names. */
function secretIn(fields: Fields, key: string): Written | undefined {
  const [text, file] = [textIn(fields, key), textIn(fields, `${key}_file`)];
  if (file !== undefined) return fileText(file);
  return text === undefined ? undefined : new Secret(text, key.replaceAll('_', ' '));
}

function expectOf(options: Fields, url: string): Written | undefined {
  const further = [...encrypted(options, url), ...bodyConditions(options), ...headerConditions(options)];
  const codes = listIn(options, 'valid_status_codes').map(String);
  if (codes.length > 0)
    return [`[STATUS] == ${codes.length === 1 ? codes[0] : `any(${codes.join(', ')})`}`, ...further];
  // Here any 3xx is right where redirects are not followed.
  return further.length > 0 || !follows(options) ? [USUAL_STATUS, ...further] : undefined;
}

function encrypted(options: Fields, url: string): readonly string[] {
  const isHttps = url.startsWith('https:');
  if (flagIn(options, 'fail_if_ssl') === true && (isHttps || follows(options))) {
    throw new Unlike('It fails when it ends at a page with TLS, which no condition here asks.');
  }
  // Only an answer over TLS has a certificate that could end.
  return flagIn(options, 'fail_if_not_ssl') === true ? ['[CERTIFICATE_EXPIRATION] > 0s'] : [];
}

function bodyConditions(options: Fields): readonly string[] {
  const absent = listIn(options, 'fail_if_body_matches_regexp').flatMap((regexp) => {
    const pattern = withoutAnchors(String(regexp), false);
    return pattern.texts.map((text) => `[BODY] != ${globOf(pattern, text)}`);
  });
  const present = listIn(options, 'fail_if_body_not_matches_regexp').map((regexp) => {
    const pattern = withoutAnchors(String(regexp), true);
    return equals(
      '[BODY]',
      pattern.texts.map((text) => globOf(pattern, text)),
    );
  });
  return [...absent, ...present];
}

/** The space around a body is not looked at here. */
function withoutAnchors(regexp: string, isWanted: boolean) {
  const pattern = plainPattern(regexp, isWanted);
  if (pattern.isAtStart || pattern.isAtEnd) {
    throw new Unlike(
      `Its regular expression ${JSON.stringify(regexp.slice(0, 80))} asks where in the body something stands, which no condition here does.`,
    );
  }
  return pattern;
}

function headerConditions(options: Fields): readonly string[] {
  const absent = listIn(options, 'fail_if_header_matches')
    .filter(isFields)
    .flatMap((match) => {
      const { header, regexp, mayMiss } = matchIn(match);
      if (mayMiss && regexp === '.*') return [`has(${header}) == false`];
      if (mayMiss)
        throw new Unlike(
          'It allows a header to be missing, and looks into it if it is there; no condition here does both.',
        );
      const pattern = plainPattern(regexp, false);
      return pattern.texts.map((text) => `${header} != ${globOf(pattern, text)}`);
    });
  const present = listIn(options, 'fail_if_header_not_matches')
    .filter(isFields)
    .map((match) => {
      const { header, regexp, mayMiss } = matchIn(match);
      if (mayMiss)
        throw new Unlike(
          'It allows a header to be missing, and looks into it if it is there; no condition here does both.',
        );
      const pattern = plainPattern(regexp, true);
      return equals(
        header,
        pattern.texts.map((text) => globOf(pattern, text)),
      );
    });
  return [...absent, ...present];
}

function matchIn(match: Fields) {
  const name = demand(textIn(match, 'header'), 'It looks at a header without a name.');
  return {
    header: `[HEADERS][${JSON.stringify(name.toLowerCase())}]`,
    regexp: textIn(match, 'regexp') ?? '',
    mayMiss: flagIn(match, 'allow_missing') === true,
  };
}

function equals(asked: string, globs: readonly string[]): string {
  return `${asked} == ${globs.length === 1 ? globs[0] : `any(${globs.join(', ')})`}`;
}
