import * as z from 'zod';
import type { PageProblem, PageSeen } from '../../kernel/browser.ts';
import { formatDuration } from '../../kernel/duration.ts';
import { codeOf, EvenkeelError } from '../../kernel/errors.ts';
import { secretText } from '../../kernel/secret-text.ts';
import { expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { downBecause } from '../protocols/failure.ts';
import { shown } from '../protocols/shown.ts';

/** What is left of the time for a look at the page and a picture of it, when it does not come. */
const LAST_LOOK_MS = 2_000;
const SHOWN_CHARS_MAX = 80;
/** Width to height, as of most screens; telephones stand upright. */
const SCREEN = 0.625;
const UPRIGHT_BELOW = 700;

const BrowserSettings = z.strictObject({
  browser: secretText(
    z.string().refine(isHttpUrl, 'Expected a whole web address, such as https://shop.example/checkout.'),
  ).describe('Address of the page to open in a web browser, e.g. "https://shop.example/checkout".'),
  text: z
    .string()
    .trim()
    .min(1)
    .max(1_000)
    .optional()
    .describe('Text that has to be readable on the page; it is waited for. Spaces and line breaks are all the same.'),
  selector: z
    .string()
    .min(1)
    .max(1_000)
    .optional()
    .describe('A CSS selector of something that has to be visible, e.g. "#pay button"; it is waited for.'),
  title_contains: z.string().min(1).max(300).optional().describe('What has to stand in the title of the page.'),
  width: z.int().min(320).max(3_840).default(1_280).describe('How wide the window is, in CSS pixels. Default 1280.'),
  headers: z
    .record(
      z.string().regex(/^[!#$%&'*+.^_`|~\w-]+$/, 'Expected the name of a header, such as Accept-Language.'),
      secretText(z.string().regex(/^[\t\u0020-\u007e\u0080-\u00ff]*$/, 'Expected a single line of text.')),
    )
    .optional()
    .describe('Headers to send to the host of the page, and to no other that the page takes something from.'),
  script_errors: z
    .enum(['degraded', 'ignored'])
    .default('degraded')
    .describe('What it means when scripts of the page fail: degraded or ignored. Default degraded.'),
  expect: expectations(['STATUS', 'RESPONSE_TIME', 'CONNECTED', 'BODY'])
    .optional()
    .describe(
      'Conditions that must hold beside it, or `{ down: […], degraded: […] }`; [BODY] is what can be read. Default: the ' +
        'status is 2xx.',
    ),
  verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
});
type BrowserSettings = z.output<typeof BrowserSettings>;

export const browser = defineMonitor({
  type: 'browser',
  summary: 'Opens a page in a real web browser, waits for what has to be seen, and keeps a picture when it is not.',
  example:
    'checkout: { browser: "https://shop.example/checkout", text: Pay now, expect: { degraded: ["[RESPONSE_TIME] < 3s"] } }',
  testedAgainst: 'Chromium 150',
  isLocal: true,
  settings: BrowserSettings,
  target: placeOf,
  async check(settings, io) {
    const startedAt = io.clock.ticks();
    try {
      const { picture, ...seen } = await io.browser.visit(visitOf(settings, io), io.signal);
      return { ...judge(seen, settings, io), ...(picture !== undefined && { picture }) };
    } catch (error) {
      // That its turn did not come says nothing about the page.
      if (codeOf(error) === 'BROWSER_BUSY') return undefined;
      return unreached(settings.expect, failure(error, settings, io), io.clock.ticks() - startedAt);
    }
  },
});

type Seen = Omit<PageSeen, 'picture'>;

function visitOf(settings: BrowserSettings, io: ProbeIo) {
  const { browser: url, text, selector, width, headers, verify_tls: verifyTls } = settings;
  return {
    url: url.reveal(),
    until: { ...(text !== undefined && { text }), ...(selector !== undefined && { selector }) },
    ...(headers !== undefined && {
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()])),
    }),
    width,
    height: Math.round(width < UPRIGHT_BELOW ? width / SCREEN : width * SCREEN),
    verifyTls,
    patienceMs: io.timeoutMs - Math.min(LAST_LOOK_MS, io.timeoutMs / 3),
    isWorthAPicture: (seen: Seen) => judge(seen, settings, io).state !== 'up',
  };
}

function judge(seen: Seen, settings: BrowserSettings, io: ProbeIo): CheckResult {
  const { status, text, timings, scriptErrors } = seen;
  const latencyMs = timings.totalMs;
  const { firstByteMs, loadMs } = timings;
  const readings = {
    ...(firstByteMs !== null && { first_byte: firstByteMs }),
    ...(loadMs !== null && { load: loadMs }),
    script_errors: scriptErrors.length,
  };
  const own = { ...stateOf(seen, settings, io), latencyMs, readings };
  const observed = { connected: true, responseTimeMs: latencyMs, body: text, ...(status !== null && { status }) };
  return withExpectations(settings.expect, own, observed);
}

function stateOf(seen: Seen, settings: BrowserSettings, io: ProbeIo): CheckResult {
  const place = placeOf(settings);
  const fault = statusFault(seen, settings) ?? problemIn(seen, settings, io) ?? titleFault(seen, settings);
  if (fault !== undefined) return { state: 'down', reason: `${place} ${fault}.` };
  const [first] = seen.scriptErrors;
  if (first === undefined || settings.script_errors === 'ignored') return { state: 'up' };
  const many =
    seen.scriptErrors.length === 1
      ? 'an error in its scripts'
      : `${seen.scriptErrors.length} errors in its scripts, first`;
  return { state: 'degraded', reason: `${place} has ${many} ${quoted(first, settings)}.` };
}

/** Where no condition says what is down, the status does. */
function statusFault({ status }: Seen, { expect }: BrowserSettings): string | undefined {
  const isDecided = expect !== undefined && expect.down.length > 0;
  const isBad = status !== null && (status < 200 || status > 299);
  return isBad && !isDecided ? `answered ${status}, expected 2xx` : undefined;
}

function problemIn({ problem }: Seen, settings: BrowserSettings, { timeoutMs }: ProbeIo): string | undefined {
  if (problem === null) return undefined;
  const { text = '', selector = '' } = settings;
  const within = `within ${formatDuration(timeoutMs)}`;
  const words: Readonly<Record<PageProblem['kind'], string>> = {
    slow: `was not loaded ${within}`,
    'text missing': `did not show ${quoted(text, settings)} ${within}`,
    'selector missing': `did not show anything that is ${quoted(selector, settings)} ${within}`,
    'selector invalid': `was not searched, for ${quoted(selector, settings)} is no CSS selector`,
    download: 'is a file and no page',
    crash: 'made the browser break down',
    browser: '',
  };
  return problem.kind === 'browser' ? refusalWords(problem.code) : words[problem.kind];
}

/** Of Chromium's own names (net_error_list.h), those with a meaning that people can act on. */
function refusalWords(code: string): string {
  const words: Readonly<Record<string, string>> = {
    ERR_TOO_MANY_REDIRECTS: 'redirects without end',
    ERR_EMPTY_RESPONSE: 'closed the connection without an answer',
    ERR_CONNECTION_RESET: 'broke off the connection',
    ERR_CERT_DATE_INVALID: 'has a certificate that is over, or not valid yet',
    ERR_CERT_COMMON_NAME_INVALID: 'has a certificate that is made out to another name',
    ERR_CERT_AUTHORITY_INVALID: 'has a certificate of an authority that browsers do not trust',
  };
  return words[code] ?? `could not be opened (${code.slice(0, SHOWN_CHARS_MAX)})`;
}

function titleFault({ title }: Seen, settings: BrowserSettings): string | undefined {
  const { title_contains: expected } = settings;
  if (expected === undefined || title.includes(expected)) return undefined;
  return `is called ${quoted(title, settings)}, expected ${quoted(expected, settings)} in its title`;
}

function failure(error: unknown, settings: BrowserSettings, io: ProbeIo): CheckResult {
  if (error instanceof EvenkeelError && error.code.startsWith('BROWSER_') && !io.signal.aborted) {
    return { state: 'down', reason: `${error.message} ${error.hint}` };
  }
  return downBecause(error, io, new URL(settings.browser.reveal()).host);
}

/** Fit for a sentence; hidden when the page says back what only we should know. */
function quoted(text: string, { browser: url, headers = {} }: BrowserSettings): string {
  const { username, password, search } = new URL(url.reveal());
  const secrets = [...Object.values(headers).map((value) => value.reveal()), username, password, search.slice(1)];
  if (secrets.some((secret) => secret.length > 3 && text.includes(secret))) return '(hidden)';
  return shown(text);
}

/** Host and path: a query often holds a token. */
function placeOf({ browser: url }: BrowserSettings): string {
  const { host, pathname } = new URL(url.reveal());
  return pathname === '/' ? host : `${host}${pathname}`;
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}
