import * as z from 'zod';
import { SECOND_MS } from '../../kernel/clock.ts';
import { duration, formatDuration } from '../../kernel/duration.ts';
import { secretText } from '../../kernel/secret-text.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import type { AnalyticsProduct, Counted, SentEvent } from '../protocols/analytics-products.ts';
import {
  ask,
  consult,
  judged,
  quoted,
  type WebAnswer,
  type WebService,
  webAddress,
  webServiceKeys,
  webServiceOf,
} from '../protocols/web-service.ts';

const ID_BYTES = 8;
/** Kept back from the deadline, for the last question. */
const RESERVE_MS = 2 * SECOND_MS;
const FIRST_WAIT_MS = SECOND_MS / 2;
/** Those who count allow only so many questions an hour. */
const WAIT_MAX_MS = 2 * SECOND_MS;

const AnalyticsSettings = z
  .strictObject({
    analytics: webAddress('https://plausible.example').describe(
      'Address of the server, e.g. "https://plausible.example".',
    ),
    product: z
      .enum(['plausible', 'matomo', 'umami', 'posthog'])
      .describe('What runs there. Umami only where you run it yourself.'),
    site: z
      .string()
      .regex(/^[\w.-]{1,200}$/, 'Expected the name or number of a site, such as shop.example or 1.')
      .describe(
        'Its domain in Plausible, its number in Matomo, its ID in Umami, the number of the project in PostHog.',
      ),
    event: z
      .string()
      .regex(/^[\w -]{1,50}$/, 'Expected a name such as evenkeel.')
      .default('evenkeel')
      .describe('The name under which the events of this check are counted, one with each check. Default evenkeel.'),
    write_key: secretText().optional().describe('The key of the project, with which PostHog takes events.'),
    sent_to: webAddress('https://eu.i.posthog.com')
      .optional()
      .describe('Where events are sent, where that is not the address itself, as with the cloud of PostHog.'),
    counted_within: duration({ minMs: 100 })
      .optional()
      .describe(
        'How long it may take until an event is counted; longer is degraded. Default 2s less than the timeout.',
      ),
    ...webServiceKeys(),
  })
  .refine(({ product, write_key: key }) => product !== 'posthog' || key !== undefined, {
    path: ['write_key'],
    message: 'Expected the key of the project: PostHog takes no event without it.',
  });
type AnalyticsSettings = z.output<typeof AnalyticsSettings>;

/** The reading `counted` says how many milliseconds it took until the event was counted. */
export const analytics = defineMonitor({
  type: 'analytics',
  summary: 'Sends one event to Plausible, Matomo, Umami or PostHog, and waits until it is counted.',
  example:
    'visitors: { analytics: "https://plausible.example", product: plausible, site: shop.example, ' +
    'token: "${PLAUSIBLE_TOKEN}" }',
  testedAgainst: 'local servers that speak the APIs of Plausible, Matomo 5, Umami 2 and PostHog',
  settings: AnalyticsSettings,
  target: ({ analytics: address, ...settings }) => webServiceOf(address, '', settings).place,
  check,
});

async function check(settings: AnalyticsSettings, io: ProbeIo): Promise<CheckResult> {
  const { ANALYTICS } = await import('../protocols/analytics-products.ts');
  const product: AnalyticsProduct = ANALYTICS[settings.product];
  const { verify_tls: verify, expect } = settings;
  const receiver = webServiceOf(settings.sent_to ?? settings.analytics, product.name, { verify_tls: verify, expect });
  const event = eventOf(settings, io);
  const startedAt = io.clock.ticks();
  const sent = await ask(receiver, product.send(event), io);
  if ('failure' in sent) return sent.failure;
  const { latencyMs } = sent.answer;
  const complaint = complaintAbout(product, sent.answer);
  if (complaint !== undefined) return { state: 'down', latencyMs, reason: `${receiver.place} ${complaint}` };
  const found = await untilCounted(settings, { product, event, startedAt }, io);
  if ('failure' in found) return found.failure;
  return judged(found.service, { ...found.result, latencyMs }, sent.answer);
}

function eventOf({ site, event: name, write_key: key }: AnalyticsSettings, { ids, clock }: ProbeIo): SentEvent {
  const id = Buffer.from(ids.secret(ID_BYTES), 'base64url').toString('hex');
  return { site, name, id, at: clock.now(), writeKey: key?.reveal() ?? '' };
}

function complaintAbout(product: AnalyticsProduct, answer: WebAnswer): string | undefined {
  const { status } = answer;
  if (status < 200 || status > 299) return `did not take an event: it answered ${status}, expected 2xx.`;
  if (!product.hasDropped(answer)) return undefined;
  return 'took an event and threw it away: it takes us for a robot, or filters our address.';
}

interface Waiting {
  readonly product: AnalyticsProduct;
  readonly event: SentEvent;
  readonly startedAt: number;
}

type Failed = { readonly failure: CheckResult };

async function untilCounted(
  settings: AnalyticsSettings,
  { product, event, startedAt }: Waiting,
  io: ProbeIo,
): Promise<{ readonly service: WebService; readonly result: CheckResult } | Failed> {
  const reader = await readerOf(settings, product, io);
  if ('failure' in reader) return reader;
  const { service, token } = reader;
  const { timeoutMs, clock, signal } = io;
  const usual = Math.max(timeoutMs / 2, timeoutMs - RESERVE_MS);
  const withinMs = Math.min(settings.counted_within ?? usual, usual);
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, WAIT_MAX_MS)) {
    const asked = await counted(service, { product, event, token }, io);
    if ('failure' in asked) return asked;
    const tookMs = clock.ticks() - startedAt;
    if (asked.isCounted) return { service, result: { state: 'up', readings: { counted: tookMs } } };
    if (tookMs >= withinMs) {
      const reason = `${service.place} took an event, and has not counted it within ${formatDuration(withinMs)}.`;
      return { service, result: { state: 'degraded', reason } };
    }
    await clock.sleep(Math.min(waitMs, withinMs - tookMs), signal).catch(() => undefined);
  }
}

interface Reading {
  readonly product: AnalyticsProduct;
  readonly event: SentEvent;
  readonly token: string;
}

async function counted(
  service: WebService,
  { product, event, token }: Reading,
  io: ProbeIo,
): Promise<{ readonly isCounted: boolean } | Failed> {
  const asked = await consult<Counted>(service, product.count(event, token), product.counted(event), io);
  if ('failure' in asked) return asked;
  const { content, answer } = asked;
  if ('isCounted' in content) return content;
  const reason = `${service.place} does not tell what it has counted. It says ${quoted(service, content.error)}.`;
  return { failure: { state: 'down', latencyMs: answer.latencyMs, reason } };
}

/** Whom to ask what was counted, as whom. */
async function readerOf(
  settings: AnalyticsSettings,
  product: AnalyticsProduct,
  io: ProbeIo,
): Promise<{ readonly service: WebService; readonly token: string } | Failed> {
  const service = webServiceOf(settings.analytics, product.name, settings);
  const { user, password, token } = settings;
  if (product.logIn === undefined || user === undefined || password === undefined) {
    return { service, token: token?.reveal() ?? '' };
  }
  const { Login } = await import('../protocols/analytics-products.ts');
  const asked = await consult(service, product.logIn(user, password.reveal()), Login, io);
  if ('failure' in asked) return asked;
  const key = asked.content.token;
  const secrets = [...service.secrets, key];
  return { service: { ...service, authorization: `Bearer ${key}`, secrets }, token: key };
}
