import * as z from 'zod';
import type { HttpRequest, HttpResponse } from '../../kernel/net.ts';
import { secretText } from '../../kernel/secret-text.ts';
import type { Placeholder } from '../expectations/condition.ts';
import { asksFor, type Expectations, expectations } from '../expectations/expectations.ts';
import type { Observed } from '../expectations/observed.ts';
import { resultOf, unreached, type Verdict, verdictOn } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { DIALECT_CHOICES, type DialectChoice } from '../parts/dialect-choice.ts';
import { sentSecrets } from '../parts/sent-secrets.ts';
import { downBecause } from '../protocols/failure.ts';
import { domainExpiresAt, RDAP_SERVER, type RdapQuestion } from '../protocols/rdap.ts';
import { registrableDomain } from '../protocols/rdap-domain.ts';

const REDIRECTS_MAX = 10;
/** A page that nobody looks at is read as far as this, so that most servers end it in peace, and no further. */
const UNREAD_BYTES_MAX = 64 * 1024;
const READ_BYTES_MAX = 1024 * 1024;
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
/** Visible characters, spaces and Latin-1: what Node's own HTTP client sends (RFC 9110 §5.5). */
export const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

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

/** The keys that say what to request and what to expect of it. */
export function httpKeys(known: readonly Placeholder[]) {
  return {
    http: secretText(
      z.string().refine(isHttpUrl, 'Expected a whole web address, such as https://shop.example/health.'),
    ).describe('Address to request, e.g. "https://shop.example/health".'),
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
    expect: expectations(known)
      .optional()
      .describe(
        'Conditions that must all hold, or `{ down: […], degraded: […] }`. Default: the status is 2xx, or 3xx when ' +
          'redirects are not followed.',
      ),
    follow_redirects: z.boolean().default(true).describe('Whether to go where redirects lead. Default true.'),
    verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
    rdap: z
      .string()
      .refine(isHttpUrl, 'Expected a whole web address, such as https://rdap.org.')
      .transform((url) => url.replace(/\/+$/, ''))
      .default(RDAP_SERVER)
      .describe('Whom to ask for [DOMAIN_EXPIRATION], once a day. Default https://rdap.org.'),
  };
}

const HttpSettings = z.strictObject({
  ...httpKeys(HTTP_PLACEHOLDERS),
  dialect: z
    .enum(DIALECT_CHOICES)
    .default('none')
    .describe(
      'How the answer says how its parts are: `auto` finds out, `none` does not read it. Default none, and auto for ' +
        'the `health` address of a service.',
    ),
});
export type HttpSettings = z.output<typeof HttpSettings>;

export const http = defineMonitor({
  type: 'http',
  summary: 'Requests a web address and looks at status, time, certificate and body of the answer.',
  example: [
    'home:',
    '  http: https://shop.example/health',
    '  expect:',
    '    down: ["[STATUS] == any(200, 204)", "has([BODY].errors) == false"]',
    '    degraded: ["[RESPONSE_TIME] < 800ms", "[CERTIFICATE_EXPIRATION] > 14d", "len([BODY].queue) < 100"]',
  ].join('\n'),
  testedAgainst: 'Node 26 servers',
  settings: HttpSettings,
  target: (settings) => planOf(settings).place,
  async check(settings, io) {
    const plan = planOf(settings);
    const asked = await requestOnce(plan, plan.request, io);
    if ('failure' in asked) return asked.failure;
    const { expect } = plan;
    const result = judged(plan, asked, expect && verdictOn(expect, asked.observed));
    return settings.dialect === 'none' ? result : withDialect(result, { plan, asked, choice: settings.dialect });
  },
});

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
}

const plans = new WeakMap<HttpSettings, HttpPlan>();

function planOf(settings: HttpSettings): HttpPlan {
  const plan =
    plans.get(settings) ?? planRequest(settings, settings.dialect !== 'none' || asksFor(settings.expect, 'BODY'));
  plans.set(settings, plan);
  return plan;
}

export function planRequest(
  settings: Omit<HttpSettings, 'dialect'>,
  readsBody = asksFor(settings.expect, 'BODY'),
): HttpPlan {
  const { http: url, method, headers = {}, body, expect, follow_redirects: follows } = settings;
  const { host, hostname, pathname } = new URL(url.reveal());
  const domain = asksFor(expect, 'DOMAIN_EXPIRATION') ? registrableDomain(hostname) : undefined;
  return {
    place: pathname === '/' ? host : `${host}${pathname}`,
    host,
    follows,
    expect,
    readsBody,
    registration: domain === undefined ? undefined : { server: settings.rdap, domain },
    request: {
      url: url.reveal(),
      method,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()])),
      ...(body !== undefined && { body: body.reveal() }),
      redirectsMax: follows ? REDIRECTS_MAX : 0,
      verifyTls: settings.verify_tls,
      bodyBytesMax: readsBody ? READ_BYTES_MAX : UNREAD_BYTES_MAX,
    },
  };
}

interface Read {
  readonly plan: HttpPlan;
  readonly asked: Extract<Asked, { response: HttpResponse }>;
  readonly choice: DialectChoice;
}

/** Only here is it loaded how to read what programs say of themselves. */
async function withDialect(own: CheckResult, { plan, asked, choice }: Read): Promise<CheckResult> {
  const { withHealth } = await import('../parts/health-reading.ts');
  const { status, headers } = asked.response;
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const secrets = sentSecrets(plan.request);
  return withHealth(own, { place: plan.place, status, type, text: asked.observed.body ?? '', secrets }, choice);
}

export type Asked =
  | { readonly response: HttpResponse; readonly observed: Observed }
  | { readonly failure: CheckResult };

export async function requestOnce(plan: HttpPlan, request: HttpPlan['request'], io: ProbeIo): Promise<Asked> {
  const startedAt = io.clock.ticks();
  const expiry = plan.registration && domainExpiresAt(plan.registration, io);
  try {
    const response = await io.net.http.send({ ...request, signal: io.signal });
    return { response, observed: observe(plan, response, { at: io.clock.now(), domainExpiresAt: await expiry }) };
  } catch (error) {
    return { failure: unreached(plan.expect, downBecause(error, io, plan.host), io.clock.ticks() - startedAt) };
  }
}

interface Moment {
  readonly at: number;
  readonly domainExpiresAt: number | null | undefined;
}

function observe({ expect, readsBody }: HttpPlan, response: HttpResponse, moment: Moment): Observed {
  const { status, headers, timings, certificateExpiresAt, address, isTruncated } = response;
  const { at, domainExpiresAt: endsAt = null } = moment;
  if (expect === undefined && !readsBody) return { connected: true };
  return {
    connected: true,
    status,
    responseTimeMs: timings.totalMs,
    ip: address,
    headers,
    at,
    domainExpiresInMs: endsAt === null ? null : endsAt - at,
    ...(readsBody && { body: textOf(response), isBodyCut: isTruncated }),
    ...(certificateExpiresAt !== undefined && { certificateExpiresInMs: certificateExpiresAt - at }),
  };
}

/** The conditions decide; where none says what is down, the status does. */
export function judged(
  plan: HttpPlan,
  { response }: Extract<Asked, { response: HttpResponse }>,
  verdict: Verdict | undefined,
): CheckResult {
  const latencyMs = response.timings.totalMs;
  const isDecided = plan.expect !== undefined && plan.expect.down.length > 0;
  const bad = isDecided ? undefined : badStatus(plan, response);
  if (bad !== undefined) {
    const reason = `${plan.place} ${bad}`;
    return { state: 'down', latencyMs, reason, ...(verdict && { conditions: verdict.conditions }) };
  }
  return verdict === undefined
    ? { state: 'up', latencyMs }
    : resultOf(verdict, { latencyMs, prefix: `${plan.place}: ` });
}

function badStatus({ follows }: HttpPlan, { status, headers }: HttpResponse): string | undefined {
  if (status >= 300 && status < 400) {
    const isEndless = follows && headers['location'] !== undefined;
    return isEndless ? `redirects more than ${REDIRECTS_MAX} times.` : undefined;
  }
  return status >= 200 && status < 300 ? undefined : `answered ${status}, expected 2xx.`;
}

const UTF_8 = new TextDecoder();

function textOf({ body, headers }: HttpResponse): string {
  const charset =
    /charset="?(?<charset>[\w-]+)/i.exec(headers['content-type'] ?? '')?.groups?.['charset']?.toLowerCase() ?? 'utf-8';
  if (charset === 'utf-8') return UTF_8.decode(body);
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    // The server names an encoding that does not exist.
    return UTF_8.decode(body);
  }
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}
