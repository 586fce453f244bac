import * as z from 'zod';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import type { Series } from '../protocols/query-result.ts';
import {
  ask,
  judged,
  type Question,
  read,
  type WebAnswer,
  type WebService,
  webAddress,
  webServiceKeys,
  webServiceOf,
} from '../protocols/web-service.ts';

/** One short answer for however many targets there are: how many of them have each value. */
const TARGETS = 'count_values("value", up)';

const PrometheusSettings = z.strictObject({
  prometheus: webAddress('http://prometheus.example:9090').describe(
    'Address of the server, e.g. "http://prometheus.example:9090".',
  ),
  query: z
    .string()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      'A question in PromQL. Its answer is [BODY] for `expect` and, where it is a single number, the reading `query`.',
    ),
  ...webServiceKeys(),
});
type PrometheusSettings = z.output<typeof PrometheusSettings>;

/** Up while it works, whatever it sees: thresholds on `targets_down` and `query` say what is too much. */
export const prometheus = defineMonitor({
  type: 'prometheus',
  summary: 'Asks Prometheus whether it is ready, runs the configuration it was given, and reaches its targets.',
  example: [
    'metrics-store:',
    '  prometheus: http://prometheus.example:9090',
    '  query: sum(rate(http_requests_total[5m]))',
    '  expect: { degraded: ["[BODY].data.result[0].value[1] > 0.1"] }',
  ].join('\n'),
  testedAgainst: 'Prometheus 2.42',
  settings: PrometheusSettings,
  target: (settings) => serviceOf(settings).place,
  check,
});

function serviceOf(settings: PrometheusSettings): WebService {
  return webServiceOf(settings.prometheus, 'Prometheus', settings);
}

async function check(settings: PrometheusSettings, io: ProbeIo): Promise<CheckResult> {
  const service = serviceOf(settings);
  const asked = await ask(service, { method: 'GET', path: '/-/ready' }, io);
  if ('failure' in asked) return asked.failure;
  const { latencyMs, status } = asked.answer;
  if (status !== 200) return { state: 'down', latencyMs, reason: `${service.place} ${notReady(status)}` };
  return look(service, settings, latencyMs, io);
}

async function look(
  service: WebService,
  settings: PrometheusSettings,
  latencyMs: number,
  io: ProbeIo,
): Promise<CheckResult> {
  const { query, readingOf } = await import('../protocols/query-result.ts');
  const [configuration, targets, own] = await Promise.all([
    configurationOf(service, io),
    query(service, questionFor(TARGETS), io),
    settings.query === undefined ? undefined : query(service, questionFor(settings.query), io),
  ]);
  if ('failure' in configuration) return configuration.failure;
  if ('failure' in targets) return targets.failure;
  if (own !== undefined && 'failure' in own) return own.failure;
  const found = { latencyMs, readings: { ...counted(targets.series), ...readingOf(own?.series ?? []) } };
  const reason = `${service.place} could not load its latest configuration and goes on with the one before.`;
  const state: CheckResult = configuration.isCurrent
    ? { ...found, state: 'up' }
    : { ...found, state: 'degraded', reason };
  return judged(service, state, { ...(own ?? configuration).answer, latencyMs });
}

function questionFor(query: string): Question {
  return { method: 'GET', path: `/api/v1/query?query=${encodeURIComponent(query)}` };
}

function notReady(status: number): string {
  return status === 503 ? 'is not ready: it is still starting.' : `answered ${status}, expected 200.`;
}

type Failed = { readonly failure: CheckResult };

const RuntimeInfo = z.object({ data: z.object({ reloadConfigSuccess: z.boolean() }) });

/** Others that speak as Prometheus does may have no configuration that could be asked for. */
async function configurationOf(
  service: WebService,
  io: ProbeIo,
): Promise<{ readonly isCurrent: boolean; readonly answer: WebAnswer } | Failed> {
  const asked = await ask(service, { method: 'GET', path: '/api/v1/status/runtimeinfo' }, io);
  if ('failure' in asked) return asked;
  if (asked.answer.status === 404) return { ...asked, isCurrent: true };
  const said = read(service, asked.answer, RuntimeInfo);
  return 'failure' in said ? said : { ...asked, isCurrent: said.content.data.reloadConfigSuccess };
}

function counted(series: readonly Series[]): Readonly<Record<string, number>> {
  const total = series.reduce((sum, { value }) => sum + value, 0);
  const down = series.find(({ labels }) => labels['value'] === '0')?.value ?? 0;
  return { targets: total, targets_down: down };
}
