import * as z from 'zod';
import type { HttpRequest, HttpResponse } from '../../kernel/net.ts';
import type { Secret } from '../../kernel/secret.ts';
import { secretText } from '../../kernel/secret-text.ts';
import { failuresOf, type Observed } from '../expectations/evaluate.ts';
import { expectation } from '../expectations/expectation.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { downBecause } from '../protocols/failure.ts';

const REDIRECTS_MAX = 10;
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
/** Visible characters, spaces and Latin-1: what Node's own HTTP client sends (RFC 9110 §5.5). */
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

const HttpSettings = z.strictObject({
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
  expect: z
    .array(expectation(['STATUS', 'RESPONSE_TIME', 'CERTIFICATE_EXPIRATION', 'CONNECTED', 'BODY']))
    .min(1)
    .optional()
    .describe('Conditions that must all hold. Default: the status is 2xx, or 3xx when redirects are not followed.'),
  follow_redirects: z.boolean().default(true).describe('Whether to go where redirects lead. Default true.'),
  verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
});
type HttpSettings = z.output<typeof HttpSettings>;
type Expectations = NonNullable<HttpSettings['expect']>;

export const http = defineMonitor({
  type: 'http',
  summary: 'Requests a web address and looks at status, time, certificate and body of the answer.',
  example: 'home: { http: "https://shop.example/", expect: ["[STATUS] == 200", "[RESPONSE_TIME] < 800ms"] }',
  testedAgainst: 'Node 26 servers',
  settings: HttpSettings,
  target: ({ http: url }) => placeOf(url),
  check,
});

async function check(settings: HttpSettings, io: ProbeIo): Promise<CheckResult> {
  const startedAt = io.clock.ticks();
  try {
    return judge(settings, await io.net.http.send(requestOf(settings, io)), io);
  } catch (error) {
    const down = downBecause(error, io, new URL(settings.http.reveal()).host);
    return mayBeUnreachable(settings) ? { state: 'up', latencyMs: io.clock.ticks() - startedAt } : down;
  }
}

function requestOf(
  { http: url, method, headers = {}, body, ...flags }: HttpSettings,
  { signal }: ProbeIo,
): HttpRequest {
  const revealed = Object.entries(headers).map(([name, value]) => [name, value.reveal()] as const);
  return {
    url: url.reveal(),
    method,
    headers: Object.fromEntries(revealed),
    ...(body !== undefined && { body: body.reveal() }),
    redirectsMax: flags.follow_redirects ? REDIRECTS_MAX : 0,
    verifyTls: flags.verify_tls,
    signal,
  };
}

function judge(settings: HttpSettings, response: HttpResponse, io: ProbeIo): CheckResult {
  const latencyMs = response.timings.totalMs;
  const { expect } = settings;
  const reason =
    expect === undefined ? badStatus(settings, response) : unexpected(settings, expect, observe(response, io));
  return reason === undefined ? { state: 'up', latencyMs } : { state: 'down', latencyMs, reason };
}

function unexpected({ http: url }: HttpSettings, expect: Expectations, observed: Observed): string | undefined {
  const failures = failuresOf(expect, observed);
  return failures && `${placeOf(url)}: ${failures}`;
}

function badStatus({ http: url, follow_redirects: follows }: HttpSettings, response: HttpResponse): string | undefined {
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    const isEndless = follows && headers['location'] !== undefined;
    return isEndless ? `${placeOf(url)} redirects more than ${REDIRECTS_MAX} times.` : undefined;
  }
  return status >= 200 && status < 300 ? undefined : `${placeOf(url)} answered ${status}, expected 2xx.`;
}

/** `[CONNECTED] == false` watches what must not be reachable. */
function mayBeUnreachable({ expect = [] }: HttpSettings): boolean {
  const asks = expect.some(({ subject }) => subject.placeholder === 'CONNECTED');
  return asks && failuresOf(expect, { connected: false }) === undefined;
}

function observe({ status, headers, body, timings, certificateExpiresAt }: HttpResponse, { clock }: ProbeIo): Observed {
  return {
    connected: true,
    status,
    responseTimeMs: timings.totalMs,
    body: textOf(body, headers['content-type'] ?? ''),
    ...(certificateExpiresAt !== undefined && { certificateExpiresInMs: certificateExpiresAt - clock.now() }),
  };
}

function textOf(body: Uint8Array, contentType: string): string {
  const charset = /charset="?(?<charset>[\w-]+)/i.exec(contentType)?.groups?.['charset'] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    // The server names an encoding that does not exist.
    return new TextDecoder().decode(body);
  }
}

/** Host and path: a query often holds a token. */
function placeOf(url: Secret): string {
  const { host, pathname } = new URL(url.reveal());
  return pathname === '/' ? host : `${host}${pathname}`;
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}
