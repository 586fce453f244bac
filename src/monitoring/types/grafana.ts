import * as z from 'zod';
import { type CheckResult, defineMonitor, type Part, type ProbeIo } from '../monitor-type.ts';
import {
  ask,
  consult,
  judged,
  quoted,
  read,
  type WebService,
  webAddress,
  webServiceKeys,
  webServiceOf,
} from '../protocols/web-service.ts';

const DATASOURCES_MAX = 20;

const GrafanaSettings = z.strictObject({
  grafana: webAddress('https://grafana.example').describe('Address of the server, e.g. "https://grafana.example".'),
  datasources: z
    .array(z.string().regex(/^[\w-]{1,40}$/, 'Expected the UID of a data source, as in its address.'))
    .min(1)
    .max(DATASOURCES_MAX)
    .optional()
    .describe('UIDs of data sources that must answer, else it is degraded. Needs a `token` that may query them.'),
  ...webServiceKeys(),
});
type GrafanaSettings = z.output<typeof GrafanaSettings>;

export const grafana = defineMonitor({
  type: 'grafana',
  summary: 'Asks Grafana for its health, that of its database included, and if wanted for that of its data sources.',
  example:
    'dashboards: { grafana: "https://grafana.example", token: "${GRAFANA_TOKEN}", datasources: [prometheus, loki] }',
  testedAgainst: 'a local server that speaks the HTTP API of Grafana 11',
  settings: GrafanaSettings,
  target: (settings) => serviceOf(settings).place,
  check,
});

function serviceOf(settings: GrafanaSettings): WebService {
  return webServiceOf(settings.grafana, 'Grafana', settings);
}

const Health = z.object({ database: z.string() });

async function check(settings: GrafanaSettings, io: ProbeIo): Promise<CheckResult> {
  const service = serviceOf(settings);
  const asked = await consult(service, { method: 'GET', path: '/api/health' }, Health, io);
  if ('failure' in asked) return asked.failure;
  const { answer, content } = asked;
  const { latencyMs } = answer;
  if (content.database !== 'ok') {
    return judged(service, { state: 'down', latencyMs, reason: `${service.place} has lost its database.` }, answer);
  }
  const parts: Part[] = [];
  for (const uid of settings.datasources ?? []) {
    const part = await datasource(service, uid, io);
    if ('failure' in part) return part.failure;
    parts.push(part);
  }
  const failed = parts.find(({ state }) => state !== 'up');
  const found = { latencyMs, ...(parts.length > 0 && { parts }) };
  const own: CheckResult =
    failed === undefined
      ? { ...found, state: 'up' }
      : { ...found, state: 'degraded', reason: `${service.place} cannot use ${failed.name}: ${failed.detail}` };
  return judged(service, own, answer);
}

const DatasourceHealth = z.object({ status: z.string().optional(), message: z.string().optional() });

async function datasource(
  service: WebService,
  uid: string,
  io: ProbeIo,
): Promise<Part | { readonly failure: CheckResult }> {
  const asked = await ask(service, { method: 'GET', path: `/api/datasources/uid/${uid}/health` }, io);
  if ('failure' in asked) return asked;
  const name = `data source ${uid}`;
  if (asked.answer.status === 404) return { name, state: 'down', detail: 'there is none with this UID.' };
  const said = read(service, asked.answer, DatasourceHealth);
  if ('failure' in said) return said;
  const { status, message = '' } = said.content;
  return status === 'OK'
    ? { name, state: 'up', detail: null }
    : { name, state: 'down', detail: `it says ${quoted(service, message)}.` };
}
