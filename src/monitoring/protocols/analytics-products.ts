import * as z from 'zod';
import { DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import type { Question, WebAnswer } from './web-service.ts';

/** A robot is not counted, and whoever does not say what it is is taken for one. */
const AGENT = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Evenkeel/1' };
const EVENTS_MAX = '100';

/** One event that nobody else sends. */
export interface SentEvent {
  readonly site: string;
  /** The same for all, so that lists of names stay short. */
  readonly name: string;
  /** Of this event alone, in hexadecimal, 16 characters. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly writeKey: string;
}

/** What was found out about an event: whether it is counted, or why that is not told. */
export type Counted = { readonly isCounted: boolean } | { readonly error: string };

/** One product and its public API; `read` needs to know who we are, `send` is open to everybody. */
export interface AnalyticsProduct {
  readonly name: string;
  readonly send: (event: SentEvent) => Question;
  /** It answered well, and still threw the event away. */
  readonly hasDropped: (answer: WebAnswer) => boolean;
  readonly count: (event: SentEvent, token: string) => Question;
  readonly counted: (event: SentEvent) => z.ZodType<Counted>;
  /** Where a user and a password become a token. */
  readonly logIn?: (user: string, password: string) => Question;
}

const isCounted = (yes: boolean): Counted => ({ isCounted: yes });

/** https://plausible.io/docs/events-api and https://plausible.io/docs/stats-api */
const plausible: AnalyticsProduct = {
  name: 'Plausible',
  send: (event) => ({
    method: 'POST',
    path: '/api/event',
    headers: AGENT,
    json: { name: event.name, domain: event.site, url: `https://${event.site}${pageOf(event)}` },
  }),
  hasDropped: ({ headers }) => headers['x-plausible-dropped'] === '1',
  count: (event) => ({
    method: 'POST',
    path: '/api/v2/query',
    json: {
      site_id: event.site,
      metrics: ['events'],
      date_range: [isoOf(event.at - HOUR_MS), isoOf(event.at + HOUR_MS)],
      filters: [['is', 'event:page', [pageOf(event)]]],
    },
  }),
  counted: () =>
    z.union([
      z
        .object({ results: z.array(z.object({ metrics: z.array(z.number()) })) })
        .transform(({ results }) => isCounted((results[0]?.metrics[0] ?? 0) > 0)),
      z.object({ error: z.string() }),
    ]),
};

/** https://developer.matomo.org/api-reference/tracking-api and https://developer.matomo.org/api-reference/reporting-api */
const matomo: AnalyticsProduct = {
  name: 'Matomo',
  send: (event) => ({
    method: 'POST',
    path: '/matomo.php',
    headers: AGENT,
    form: {
      idsite: event.site,
      rec: '1',
      apiv: '1',
      send_image: '0',
      bots: '1',
      _id: event.id,
      rand: event.id,
      url: `https://evenkeel.invalid${pageOf(event)}`,
      e_c: event.name,
      e_a: 'check',
      e_n: event.id,
    },
  }),
  hasDropped: () => false,
  count: (event, token) => ({
    method: 'POST',
    path: '/index.php',
    form: {
      module: 'API',
      method: 'Live.getLastVisitsDetails',
      idSite: event.site,
      period: 'range',
      // By the clock of the site, which may be in yesterday or tomorrow.
      date: `${dayOf(event.at - DAY_MS)},${dayOf(event.at + DAY_MS)}`,
      segment: `visitorId==${event.id}`,
      filter_limit: '1',
      format: 'json',
      token_auth: token,
    },
  }),
  counted: () =>
    z.union([
      z.array(z.object({ visitorId: z.string() })).transform((visits) => isCounted(visits.length > 0)),
      z.object({ result: z.literal('error'), message: z.string() }).transform(({ message }) => ({ error: message })),
    ]),
};

/** https://umami.is/docs/api/sending-stats and https://umami.is/docs/api/events */
const umami: AnalyticsProduct = {
  name: 'Umami',
  logIn: (username, password) => ({ method: 'POST', path: '/api/auth/login', json: { username, password } }),
  send: (event) => ({
    method: 'POST',
    path: '/api/send',
    headers: AGENT,
    json: {
      type: 'event',
      payload: {
        website: event.site,
        hostname: 'evenkeel.invalid',
        language: 'en-US',
        screen: '1920x1080',
        url: pageOf(event),
        name: event.name,
      },
    },
  }),
  // What it says to those it takes for robots.
  hasDropped: ({ text }) => /"beep"\s*:\s*"boop"/.test(text),
  count(event) {
    const query = new URLSearchParams({
      startAt: String(event.at - HOUR_MS),
      endAt: String(event.at + HOUR_MS),
      // Version 3 calls it otherwise than those before.
      query: event.name,
      search: event.name,
      orderBy: 'createdAt',
      pageSize: EVENTS_MAX,
    });
    return { method: 'GET', path: `/api/websites/${encodeURIComponent(event.site)}/events?${query.toString()}` };
  },
  counted: (event) =>
    z.union([
      z
        .object({ data: z.array(z.object({ urlPath: z.string() })) })
        .transform(({ data }) => isCounted(data.some(({ urlPath }) => urlPath === pageOf(event)))),
      z
        .object({ error: z.union([z.string(), z.object({ message: z.string() })]) })
        .transform(({ error }) => ({ error: typeof error === 'string' ? error : error.message })),
    ]),
};

/** https://posthog.com/docs/api/capture and https://posthog.com/docs/api/query */
const posthog: AnalyticsProduct = {
  name: 'PostHog',
  send: (event) => ({
    method: 'POST',
    path: '/i/v0/e/',
    headers: AGENT,
    json: {
      api_key: event.writeKey,
      event: event.name,
      distinct_id: 'evenkeel',
      timestamp: isoOf(event.at),
      // No person is made of it, which would cost more.
      properties: { $process_person_profile: false, evenkeel_check: event.id },
    },
  }),
  hasDropped: () => false,
  count: (event) => ({
    method: 'POST',
    path: `/api/projects/${encodeURIComponent(event.site)}/query/`,
    json: {
      query: {
        kind: 'HogQLQuery',
        query: `select count() from events where properties.evenkeel_check = '${event.id}' and timestamp > now() - interval 1 day`,
      },
      refresh: 'force_blocking',
    },
  }),
  counted: () =>
    z.union([
      z
        .object({ results: z.array(z.array(z.number())) })
        .transform(({ results }) => isCounted((results[0]?.[0] ?? 0) > 0)),
      z.object({ detail: z.string() }).transform(({ detail }) => ({ error: detail })),
    ]),
};

export const ANALYTICS = { plausible, matomo, umami, posthog } as const satisfies Record<string, AnalyticsProduct>;

export const Login = z.object({ token: z.string().min(1) });

function pageOf({ id }: SentEvent): string {
  return `/evenkeel/${id}`;
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}

function dayOf(at: number): string {
  return isoOf(at).slice(0, 10);
}
