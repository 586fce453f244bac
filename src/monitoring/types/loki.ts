import * as z from 'zod';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import {
  ask,
  judged,
  type WebAnswer,
  type WebService,
  webAddress,
  webServiceKeys,
  webServiceOf,
} from '../protocols/web-service.ts';

/** What stands in the answer of `/ready`, and what it means. Its own words are not shown: they are made for programs. */
const UNREADY: readonly (readonly [RegExp, string])[] = [
  [/^Ingester not ready/, 'Its ingester is not ready, so that logs may not be taken in.'],
  [/^Query Frontend not ready/, 'Its query frontend is not ready, so that logs cannot be searched.'],
  [/^Some services are not Running/, 'Some of its services are not running.'],
];
/** It takes logs in already, and lets the balancer in front of it wait. */
const SETTLING = /^Ingester not ready: waiting for \S+ after being ready/;

const LokiSettings = z.strictObject({
  loki: webAddress('http://loki.example:3100').describe('Address of the server, e.g. "http://loki.example:3100".'),
  tenant: z
    .string()
    .regex(/^[\w!.*'()-]{1,150}$/, 'Expected the name of a tenant, such as team-a.')
    .optional()
    .describe('Whose logs to look at, where Loki serves several tenants.'),
  query: z
    .string()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      'A metric query in LogQL. Its answer is [BODY] for `expect` and, where it is a single number, the reading `query`.',
    ),
  ...webServiceKeys(),
});
type LokiSettings = z.output<typeof LokiSettings>;

export const loki = defineMonitor({
  type: 'loki',
  summary: 'Asks Grafana Loki whether it is ready, its ingester included, and if wanted for the answer to a query.',
  example: 'logs: { loki: "http://loki.example:3100", tenant: "shop", query: "sum(rate({app=\\"shop\\"}[5m]))" }',
  testedAgainst: 'a local server that speaks the HTTP API of Loki 3',
  settings: LokiSettings,
  target: (settings) => serviceOf(settings).place,
  check,
});

function serviceOf(settings: LokiSettings): WebService {
  return webServiceOf(settings.loki, 'Loki', settings);
}

async function check(settings: LokiSettings, io: ProbeIo): Promise<CheckResult> {
  const service = serviceOf(settings);
  const headers = settings.tenant === undefined ? {} : { 'x-scope-orgid': settings.tenant };
  const asked = await ask(service, { method: 'GET', path: '/ready', headers }, io);
  if ('failure' in asked) return asked.failure;
  const { latencyMs } = asked.answer;
  const own = readiness(service, asked.answer);
  if (own.state === 'down' || settings.query === undefined) return judged(service, own, asked.answer);
  const { query, readingOf } = await import('../protocols/query-result.ts');
  const path = `/loki/api/v1/query?query=${encodeURIComponent(settings.query)}`;
  const result = await query(service, { method: 'GET', path, headers }, io);
  if ('failure' in result) return result.failure;
  return judged(service, { ...own, readings: readingOf(result.series) }, { ...result.answer, latencyMs });
}

function readiness(service: WebService, { status, text, latencyMs }: WebAnswer): CheckResult {
  if (status === 200 && text.trim() === 'ready') return { state: 'up', latencyMs };
  if (!SETTLING.test(text)) return { state: 'down', latencyMs, reason: notReady(service, status, text) };
  return { state: 'degraded', latencyMs, reason: `${service.place} has just started, and its ingester is settling.` };
}

function notReady({ place }: WebService, status: number, text: string): string {
  const known = UNREADY.find(([words]) => words.test(text))?.[1];
  if (known !== undefined) return `${place} is not ready. ${known}`;
  return status === 200
    ? `${place} does not answer as Loki does: status 200 with something else in it.`
    : `${place} answered ${status}, expected 200.`;
}
