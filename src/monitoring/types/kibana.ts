import * as z from 'zod';
import { type CheckResult, defineMonitor, type Part, type ProbeIo } from '../monitor-type.ts';
import {
  ask,
  judged,
  quoted,
  read,
  type WebAnswer,
  type WebService,
  webAddress,
  webServiceKeys,
  webServiceOf,
} from '../protocols/web-service.ts';

const PARTS_MAX = 50;
const STARTING = /^Kibana server is not ready yet/;

/** In the words of Kibana 8, and of those before. */
const MEANINGS: Readonly<Record<string, Part['state']>> = {
  available: 'up',
  degraded: 'degraded',
  unavailable: 'down',
  critical: 'down',
  green: 'up',
  yellow: 'degraded',
  red: 'down',
  uninitialized: 'down',
  disabled: 'up',
};

const KibanaSettings = z.strictObject({
  kibana: webAddress('https://kibana.example').describe('Address of the server, e.g. "https://kibana.example".'),
  ...webServiceKeys(),
});
type KibanaSettings = z.output<typeof KibanaSettings>;

export const kibana = defineMonitor({
  type: 'kibana',
  summary: 'Asks Kibana for its status and that of its parts, such as its way to Elasticsearch.',
  example: 'search-ui: { kibana: "https://kibana.example", user: monitor, password: "${KIBANA_PASSWORD}" }',
  testedAgainst: 'a local server that speaks the status API of Kibana 6 to 9',
  settings: KibanaSettings,
  target: (settings) => serviceOf(settings).place,
  check,
});

function serviceOf(settings: KibanaSettings): WebService {
  return webServiceOf(settings.kibana, 'Kibana', settings);
}

const Level = z
  .object({
    level: z.string().optional(),
    state: z.string().optional(),
    summary: z.string().optional(),
    title: z.string().optional(),
  })
  .transform(({ level, state, summary, title }) => ({ level: level ?? state ?? '', summary: summary ?? title ?? '' }))
  .refine(({ level }) => Object.hasOwn(MEANINGS, level));
type Level = z.output<typeof Level>;

const Status = z.object({
  status: z.object({
    overall: Level,
    core: z.record(z.string(), Level).optional(),
    plugins: z.record(z.string(), Level).optional(),
  }),
});

async function check(settings: KibanaSettings, io: ProbeIo): Promise<CheckResult> {
  const service = serviceOf(settings);
  const asked = await ask(service, { method: 'GET', path: '/api/status' }, io);
  if ('failure' in asked) return asked.failure;
  const { answer } = asked;
  const { latencyMs } = answer;
  if (STARTING.test(answer.text)) {
    const reason = `${service.place} is not ready yet: it is starting, or Elasticsearch does not answer it.`;
    return { state: 'down', latencyMs, reason };
  }
  const said = read(service, answer, Status);
  return 'failure' in said ? said.failure : verdict(service, said.content, answer);
}

function verdict(service: WebService, { status }: z.output<typeof Status>, answer: WebAnswer): CheckResult {
  const { latencyMs } = answer;
  const { overall, core = {}, plugins = {} } = status;
  const parts = [...Object.entries(core), ...Object.entries(plugins)].map(([name, level]) =>
    partOf(service, name, level),
  );
  // Hundreds of plugins are well; what is not is what matters.
  const shown = parts.filter(({ name, state }) => state !== 'up' || name in core).slice(0, PARTS_MAX);
  const found = { latencyMs, ...(shown.length > 0 && { parts: shown }) };
  const state = MEANINGS[overall.level];
  if (state === 'up') return judged(service, { ...found, state }, answer);
  const affected = shown.filter((part) => part.state !== 'up').slice(0, 3);
  const names = affected.length === 0 ? '' : ` (${affected.map(({ name }) => name).join(', ')})`;
  const reason = `${service.place} says that it is ${overall.level}${names}.`;
  return judged(service, { ...found, state: state === 'degraded' ? state : 'down', reason }, answer);
}

function partOf(service: WebService, name: string, { level, summary }: Level): Part {
  return { name, state: MEANINGS[level] ?? 'unknown', detail: summary === '' ? null : quoted(service, summary) };
}
