import * as z from 'zod';
import type { Secret } from '../../kernel/secret.ts';
import { secretText } from '../../kernel/secret-text.ts';
import type { Placeholder } from '../expectations/condition.ts';
import { expectations } from '../expectations/expectations.ts';
import { ClientCertificate, pemText } from './certificate-keys.ts';
import { HttpAuth } from './http-auth.ts';
import { RDAP_SERVER } from './rdap.ts';

const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
/** Visible characters, spaces and Latin-1: what Node's own HTTP client sends (RFC 9110 §5.5). */
export const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
const PROXY = /^(?:https?|socks5):\/\//;

export const HTTP_PLACEHOLDERS = [
  'STATUS',
  'RESPONSE_TIME',
  'CERTIFICATE_EXPIRATION',
  'DOMAIN_EXPIRATION',
  'CONNECTED',
  'IP',
  'HEADERS',
  'BODY',
] as const satisfies readonly Placeholder[];

/** The main setting of a type that requests one address. */
export function webAddress() {
  return secretText(
    z.string().refine(isHttpUrl, 'Expected a whole web address, such as https://shop.example/health.'),
  ).describe('Address to request, e.g. "https://shop.example/health".');
}

/** The keys that say how to request an address and what to expect of the answer. */
export function requestKeys(known: readonly Placeholder[]) {
  return {
    ...askingKeys,
    ...wayKeys,
    expect: expectations(known)
      .optional()
      .describe(
        'Conditions that must all hold, or `{ down: […], degraded: […] }`. Default: the status is 2xx, or 3xx when ' +
          'redirects are not followed.',
      ),
    rdap: z
      .string()
      .refine(isHttpUrl, 'Expected a whole web address, such as https://rdap.org.')
      .transform((url) => url.replace(/\/+$/, ''))
      .default(RDAP_SERVER)
      .describe('Whom to ask for [DOMAIN_EXPIRATION], once a day. Default https://rdap.org.'),
  };
}

const askingKeys = {
  method: z
    .enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    .default('GET')
    .describe('Method of the request. Default GET.'),
  headers: z
    .record(
      z.string().regex(HEADER_NAME, 'Expected the name of a header, such as Accept.'),
      secretText(z.string().regex(HEADER_VALUE, 'Expected a single line of text.')),
    )
    .optional()
    .describe('Headers to send. They stay behind when a redirect leads to another host.'),
  body: secretText(z.string()).optional().describe('What to send.'),
  auth: HttpAuth.optional().describe(
    'How to log in: `basic`, `bearer` or `oauth`. It stays behind when a redirect leads to another host.',
  ),
  client_certificate: ClientCertificate.optional().describe(
    'Proves to the server who asks (mTLS). It stays behind when a redirect leads to another host.',
  ),
};

const wayKeys = {
  authority: pemText('CERTIFICATE')
    .optional()
    .describe('Authorities to trust about this server instead of those of this machine, as PEM.'),
  ip: z
    .literal([4, 6], 'Expected 4 or 6.')
    .optional()
    .describe(
      'Uses only addresses of this kind, 4 or 6. Default: whichever answers first. To know that both work, make two ' +
        'monitors.',
    ),
  proxy: secretText(
    z
      .string()
      .refine(
        (text) => PROXY.test(text) && URL.canParse(text) && new URL(text).hostname !== '',
        'Expected the address of a proxy, such as http://proxy.example:3128 or socks5://proxy.example:1080.',
      ),
  )
    .optional()
    .describe(
      'Goes through this proxy: `http://`, `https://` or `socks5://`, with credentials if it wants any. It looks names up.',
    ),
  follow_redirects: z.boolean().default(true).describe('Whether to go where redirects lead. Default true.'),
  verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
};

const requestShape = z.object(requestKeys(HTTP_PLACEHOLDERS));
/** How to request, whatever it is called that says where. */
export type RequestSettings = z.output<typeof requestShape>;

interface Contradiction {
  readonly key: 'auth' | 'authority' | 'client_certificate' | 'ip';
  readonly message: string;
  /** Asked only where the key is set. */
  readonly isThere: (settings: RequestSettings, url: URL) => boolean;
}

const isUnencrypted: Contradiction['isThere'] = (_settings, { protocol }) => protocol === 'http:';
const CONTRADICTIONS: readonly Contradiction[] = [
  {
    key: 'auth',
    message: 'The header Authorization is set already.',
    isThere: ({ headers = {} }) => Object.keys(headers).some((name) => name.toLowerCase() === 'authorization'),
  },
  {
    key: 'auth',
    message: 'The address has credentials already.',
    isThere: (_settings, { username, password }) => username !== '' || password !== '',
  },
  { key: 'authority', message: 'Only https has certificates.', isThere: isUnencrypted },
  { key: 'client_certificate', message: 'Only https has certificates.', isThere: isUnencrypted },
  {
    key: 'ip',
    message: 'Behind a proxy, the proxy chooses the address.',
    isThere: ({ proxy }) => proxy !== undefined,
  },
];

/** What no key can see by itself: settings that contradict each other. `main` is the key that holds the address. */
export function checkTogether<Main extends string>(main: Main) {
  return (settings: RequestSettings & Readonly<Record<Main, Secret>>, context: z.RefinementCtx): void => {
    // What is wrong by itself is told first; it has not become what its key says.
    if (context.issues.length > 0) return;
    const url = new URL(settings[main].reveal());
    for (const { key, message, isThere } of CONTRADICTIONS) {
      if (settings[key] === undefined || !isThere(settings, url)) continue;
      context.addIssue({ code: 'custom', path: [key], message });
    }
  };
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}
