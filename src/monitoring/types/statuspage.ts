import * as z from 'zod';
import { nearestWord } from '../../kernel/nearest-word.ts';
import { type CheckResult, defineMonitor, type Part, type ProbeIo } from '../monitor-type.ts';
import { createPartList } from '../parts/part-list.ts';
import {
  consult,
  judged,
  quoted,
  type WebAnswer,
  type WebService,
  webAddress,
  webServiceKeys,
  webServiceOf,
} from '../protocols/web-service.ts';

const WATCHED_MAX = 100;
const COMPONENTS_MAX = 5_000;
const PAGE_BYTES_MAX = 4 * 1024 * 1024;
const NAMED_MAX = 3;

const IMPACTS = ['none', 'maintenance', 'minor', 'major', 'critical'] as const;
type Impact = (typeof IMPACTS)[number];

const IMPACT_OF_STATUS: Readonly<Record<string, Impact>> = {
  operational: 'none',
  under_maintenance: 'maintenance',
  degraded_performance: 'minor',
  partial_outage: 'major',
  major_outage: 'critical',
};

const StatuspageSettings = z.strictObject({
  statuspage: webAddress('https://status.example').describe(
    'Address of the page, e.g. "https://status.example". What it publishes for programs is read, not what people see.',
  ),
  component: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(WATCHED_MAX)])
    .transform((names) => [names].flat())
    .optional()
    .describe('The components that count, by name or as "group: name". Default: what the page says of the whole.'),
  down_at: z
    .enum(['minor', 'major', 'critical'])
    .default('major')
    .describe('From which impact on it is down. Less than that is degraded, and so is maintenance. Default major.'),
  ...webServiceKeys(),
});
type StatuspageSettings = z.output<typeof StatuspageSettings>;

export const statuspage = defineMonitor({
  type: 'statuspage',
  summary: 'Reads the status page of somebody else, as Statuspage and those that took over its form publish it.',
  example: 'payments-provider: { statuspage: "https://status.example", component: [API, "Europe: Webhooks"] }',
  testedAgainst: 'a local server that speaks the public API of Statuspage, version 2',
  settings: StatuspageSettings,
  target: (settings) => serviceOf(settings).place,
  check,
});

function serviceOf(settings: StatuspageSettings): WebService {
  return webServiceOf(settings.statuspage, 'a status page', settings);
}

const Summary = z.object({
  status: z.object({ indicator: z.enum(IMPACTS), description: z.string().optional() }),
  components: z
    .array(z.object({ id: z.string(), name: z.string(), status: z.string(), group_id: z.string().nullish() }))
    .max(COMPONENTS_MAX)
    .default([]),
});
type Summary = z.output<typeof Summary>;

async function check(settings: StatuspageSettings, io: ProbeIo): Promise<CheckResult> {
  const service = serviceOf(settings);
  const question = { method: 'GET', path: '/api/v2/summary.json', bytesMax: PAGE_BYTES_MAX } as const;
  const asked = await consult(service, question, Summary, io);
  if ('failure' in asked) return asked.failure;
  return settings.component === undefined
    ? ofWholePage(service, settings, asked)
    : ofComponents(service, { ...settings, component: settings.component }, asked);
}

interface Page {
  readonly answer: WebAnswer;
  readonly content: Summary;
}

function ofWholePage(service: WebService, settings: StatuspageSettings, { answer, content }: Page): CheckResult {
  const { indicator, description = indicator } = content.status;
  const list = createPartList(service);
  // What is in a group is told by the state of the group.
  for (const { name, impact, group } of componentsIn(content)) {
    if (group === undefined) list.add(name, stateOf(impact, settings));
  }
  const parts = list.parts();
  const found = { latencyMs: answer.latencyMs, ...(parts.length > 0 && { parts }) };
  const state = stateOf(indicator, settings);
  if (state === 'up') return judged(service, { ...found, state }, answer);
  const reason = `${service.place} says ${quoted(service, description)}${affected(service, parts)}.`;
  return judged(service, { ...found, state: state === 'down' ? 'down' : 'degraded', reason }, answer);
}

function ofComponents(
  service: WebService,
  settings: StatuspageSettings & { readonly component: readonly string[] },
  { answer, content }: Page,
): CheckResult {
  const { latencyMs } = answer;
  const known = componentsIn(content);
  const list = createPartList(service);
  for (const name of settings.component) {
    const component = known.find((each) => each.name === name) ?? known.find((each) => each.ownName === name);
    if (component === undefined) return { state: 'down', latencyMs, reason: missing(service, name, known) };
    list.add(component.name, stateOf(component.impact, settings));
  }
  const parts = list.parts();
  const found = { latencyMs, parts };
  const isDown = parts.some(({ state }) => state === 'down');
  if (parts.every(({ state }) => state === 'up')) return judged(service, { ...found, state: 'up' }, answer);
  const reason = `${service.place} says that not all is well${affected(service, parts)}.`;
  return judged(service, { ...found, state: isDown ? 'down' : 'degraded', reason }, answer);
}

interface Component {
  readonly ownName: string;
  /** With its group before it: the same names stand in several. */
  readonly name: string;
  readonly group: string | undefined;
  readonly impact: Impact | undefined;
}

function componentsIn({ components }: Summary): readonly Component[] {
  const names = new Map(components.map(({ id, name }) => [id, name]));
  return components.map(({ name, status, group_id: groupId }) => {
    const group = names.get(groupId ?? '');
    return {
      ownName: name,
      name: group === undefined ? name : `${group}: ${name}`,
      group,
      impact: IMPACT_OF_STATUS[status],
    };
  });
}

function stateOf(impact: Impact | undefined, { down_at: downAt }: StatuspageSettings): Part['state'] {
  if (impact === undefined) return 'unknown';
  if (impact === 'none') return 'up';
  return IMPACTS.indexOf(impact) >= IMPACTS.indexOf(downAt) ? 'down' : 'degraded';
}

function affected(service: WebService, parts: readonly Part[]): string {
  const names = parts.filter(({ state }) => state !== 'up').map(({ name }) => quoted(service, name));
  if (names.length === 0) return '';
  const more = names.length > NAMED_MAX ? ` and ${names.length - NAMED_MAX} more` : '';
  return `; affected: ${names.slice(0, NAMED_MAX).join(', ')}${more}`;
}

function missing(service: WebService, name: string, known: readonly Component[]): string {
  const nearest = nearestWord(
    name,
    known.flatMap((each) => [each.name, each.ownName]),
  );
  const hint = nearest === undefined ? '' : ` The nearest is ${quoted(service, nearest)}.`;
  return `${service.place} has no component ${JSON.stringify(name)}.${hint}`;
}
