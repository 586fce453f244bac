import * as z from 'zod';
import { type CheckResult, defineMonitor, type Part, type ProbeIo } from '../monitor-type.ts';
import {
  ask,
  consult,
  judged,
  quoted,
  read,
  type WebAnswer,
  type WebService,
  webAddress,
  webServiceKeys,
  webServiceOf,
} from '../protocols/web-service.ts';

/** Each plugin of each pipeline has its lines. */
const STATS_BYTES_MAX = 8 * 1024 * 1024;
const PIPELINES_MAX = 50;
const NAME = /^[\w.-]{1,60}$/;

const LogstashSettings = z.strictObject({
  logstash: webAddress('http://logstash.example:9600').describe(
    'Address of its API, e.g. "http://logstash.example:9600".',
  ),
  ...webServiceKeys(),
});
type LogstashSettings = z.output<typeof LogstashSettings>;

export const logstash = defineMonitor({
  type: 'logstash',
  summary: 'Asks Logstash for its status, and whether its pipelines run the configuration they were given.',
  example: 'log-intake: { logstash: "http://logstash.example:9600" }',
  testedAgainst: 'a local server that speaks the monitoring API of Logstash 7 to 9',
  settings: LogstashSettings,
  target: (settings) => serviceOf(settings).place,
  check,
});

function serviceOf(settings: LogstashSettings): WebService {
  return webServiceOf(settings.logstash, 'Logstash', settings);
}

const Reloads = z.object({
  last_failure_timestamp: z.string().nullish(),
  last_success_timestamp: z.string().nullish(),
});
const Pipeline = z.object({
  reloads: Reloads.nullish(),
  queue: z.object({ events_count: z.number().optional() }).nullish(),
});
/** Versions before 7 say no status. */
const Stats = z.object({
  version: z.string(),
  status: z.enum(['green', 'yellow', 'red', 'unknown']).optional(),
  pipelines: z.record(z.string(), Pipeline),
});
type Stats = z.output<typeof Stats>;

async function check(settings: LogstashSettings, io: ProbeIo): Promise<CheckResult> {
  const service = serviceOf(settings);
  const path = '/_node/stats/pipelines';
  const asked = await consult(service, { method: 'GET', path, bytesMax: STATS_BYTES_MAX }, Stats, io);
  if ('failure' in asked) return asked.failure;
  const { content, answer } = asked;
  // Asking for the report makes Logstash look for causes, so that it is not done while nothing is wrong.
  const report = content.status === 'yellow' || content.status === 'red' ? await reportOf(service, io) : undefined;
  if (report !== undefined && 'failure' in report) return report.failure;
  return verdict(service, content, { answer, symptoms: report?.symptoms ?? new Map() });
}

interface Report {
  readonly answer: WebAnswer;
  /** By the name of the pipeline. */
  readonly symptoms: ReadonlyMap<string, Symptom>;
}

const Symptom = z.object({ status: z.string(), symptom: z.string() });
type Symptom = z.output<typeof Symptom>;

const HealthReport = z.object({
  indicators: z.object({ pipelines: z.object({ indicators: z.record(z.string(), Symptom).optional() }).optional() }),
});

/** Since 8.16; those before know no causes. */
async function reportOf(
  service: WebService,
  io: ProbeIo,
): Promise<Pick<Report, 'symptoms'> | { readonly failure: CheckResult }> {
  const asked = await ask(service, { method: 'GET', path: '/_health_report' }, io);
  if ('failure' in asked) return asked;
  if (asked.answer.status === 404) return { symptoms: new Map() };
  const said = read(service, asked.answer, HealthReport);
  if ('failure' in said) return said;
  return { symptoms: new Map(Object.entries(said.content.indicators.pipelines?.indicators ?? {})) };
}

function verdict(service: WebService, stats: Stats, { answer, symptoms }: Report): CheckResult {
  const { latencyMs } = answer;
  const names = [...new Set([...symptoms.keys(), ...Object.keys(stats.pipelines)])];
  const parts = names
    .map((id) => partOf(service, id, { symptom: symptoms.get(id), stats: stats.pipelines[id] }))
    .toSorted((one, other) => WORST_FIRST.indexOf(one.state) - WORST_FIRST.indexOf(other.state))
    .slice(0, PIPELINES_MAX);
  const found = { latencyMs, readings: queuesIn(stats), parts };
  const worst = parts.find(({ state }) => state !== 'up');
  const state = stateOf(stats, worst);
  if (state === 'up') return judged(service, { ...found, state }, answer);
  const says =
    stats.status === 'yellow' || stats.status === 'red' ? `says that its status is ${stats.status}` : 'is up';
  const cause = worst === undefined ? '' : ` Pipeline ${worst.name}: ${worst.detail}`;
  return judged(service, { ...found, state, reason: `${service.place} ${says}.${cause}` }, answer);
}

const WORST_FIRST: readonly Part['state'][] = ['down', 'degraded', 'unknown', 'up'];

function stateOf({ status }: Stats, worst: Part | undefined): CheckResult['state'] {
  if (status === 'red') return 'down';
  return status === 'yellow' || worst !== undefined ? 'degraded' : 'up';
}

/** How many events wait, by pipeline. */
function queuesIn({ pipelines }: Stats): Readonly<Record<string, number>> {
  const counted = Object.entries(pipelines).flatMap(([id, { queue }]) =>
    queue?.events_count === undefined || !NAME.test(id) ? [] : [[`queue:${id}`, queue.events_count] as const],
  );
  return Object.fromEntries(counted.slice(0, PIPELINES_MAX));
}

interface PipelineFacts {
  readonly symptom: Symptom | undefined;
  readonly stats: z.output<typeof Pipeline> | undefined;
}

const STATES: Readonly<Record<string, Part['state']>> = { yellow: 'degraded', red: 'down' };

function partOf(service: WebService, id: string, { symptom, stats }: PipelineFacts): Part {
  const name = NAME.test(id) ? id : quoted(service, id);
  const state = STATES[symptom?.status ?? ''];
  if (symptom !== undefined && state !== undefined) {
    return { name, state, detail: `it says ${quoted(service, symptom.symptom)}.` };
  }
  return hasFailedToReload(stats)
    ? { name, state: 'degraded', detail: 'it could not load its latest configuration and goes on with the one before.' }
    : { name, state: 'up', detail: null };
}

function hasFailedToReload(stats: PipelineFacts['stats']): boolean {
  const { last_failure_timestamp: failed, last_success_timestamp: succeeded } = stats?.reloads ?? {};
  if (failed === undefined || failed === null) return false;
  return succeeded === undefined || succeeded === null || Date.parse(failed) > Date.parse(succeeded);
}
