import type { HttpRequest } from '../../kernel/net.ts';
import type { Secret } from '../../kernel/secret.ts';
import { asksFor, type Expectations } from '../expectations/expectations.ts';
import { fixedAuthorization, secretsOf, type TokenKeeper } from './http-auth.ts';
import type { RequestSettings } from './http-keys.ts';
import type { RdapQuestion } from './rdap.ts';
import { registrableDomain } from './rdap-domain.ts';

export const REDIRECTS_MAX = 10;
/** A page that nobody looks at is read as far as this, so that most servers end it in peace, and no further. */
const UNREAD_BYTES_MAX = 64 * 1024;
const READ_BYTES_MAX = 1024 * 1024;

/** What can be worked out before the first check, and is the same for all of them. */
export interface HttpPlan {
  /** Host and path, for people: a query often holds a token. */
  readonly place: string;
  readonly host: string;
  readonly request: Omit<HttpRequest, 'signal'>;
  readonly follows: boolean;
  readonly expect: Expectations | undefined;
  readonly readsBody: boolean;
  /** Only when a condition names it. */
  readonly registration: RdapQuestion | undefined;
  /** Only where each request needs a token of another server. */
  readonly tokens: TokenKeeper | undefined;
  /** What the settings log in with and no header shows as it is; an answer may say it back all the same. */
  readonly secrets: readonly string[];
}

export function planRequest(
  url: Secret,
  settings: RequestSettings,
  readsBody = asksFor(settings.expect, 'BODY'),
): HttpPlan {
  const { expect, follow_redirects: follows, auth, proxy } = settings;
  const { host, hostname, pathname } = new URL(url.reveal());
  const domain = asksFor(expect, 'DOMAIN_EXPIRATION') ? registrableDomain(hostname) : undefined;
  const fixed = fixedAuthorization(auth);
  return {
    place: pathname === '/' ? host : `${host}${pathname}`,
    host,
    follows,
    expect,
    readsBody,
    registration: domain === undefined ? undefined : { server: settings.rdap, domain },
    tokens: auth?.oauth === undefined ? undefined : { settings: auth.oauth, proxy, kept: undefined },
    secrets: secretsOf(auth),
    request: {
      url: url.reveal(),
      headers: { ...revealed(settings.headers), ...fixed },
      redirectsMax: follows ? REDIRECTS_MAX : 0,
      bodyBytesMax: readsBody ? READ_BYTES_MAX : UNREAD_BYTES_MAX,
      ...sending(settings),
      ...wayThere(settings),
    },
  };
}

function sending({ method, body, client_certificate: identity }: RequestSettings) {
  return {
    method,
    ...(body !== undefined && { body: body.reveal() }),
    ...(identity !== undefined && {
      clientCertificate: { certificate: identity.certificate.reveal(), key: identity.key.reveal() },
    }),
  };
}

function wayThere({ ip, proxy, authority, verify_tls: verifyTls }: RequestSettings) {
  return {
    verifyTls,
    ...(ip !== undefined && { family: ip }),
    ...(proxy !== undefined && { proxy: proxy.reveal() }),
    ...(authority !== undefined && { authority: authority.reveal() }),
  };
}

function revealed(headers: RequestSettings['headers'] = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()]));
}
