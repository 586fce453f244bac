import * as z from 'zod';
import { mayAct } from '../../../contracts/roles.ts';
import type { Pictures } from '../../../kernel/pictures.ts';
import { type Monitoring, monitorTypes } from '../../../monitoring/index.ts';
import * as answers from '../answers.ts';
import { errors } from '../errors.ts';
import { monitorNamed } from '../monitor-named.ts';
import { DryRun, Instant, NO_INPUT, routeFor } from '../route.ts';
import { historyView, isoOf, monitorView, partView, picturesView, pingView, resultView } from '../views.ts';

export interface MonitorDeps {
  readonly monitoring: Pick<Monitoring, 'facts' | 'checkNow' | 'results' | 'parts' | 'pingKeyOf' | 'pings' | 'say'>;
  /** How people and jobs reach this server: EVENKEEL_PUBLIC_URL, or what is listened on. Never from a Host header. */
  readonly address: () => string;
  readonly pictures: Pick<Pictures, 'list'>;
}

const DAYS_MAX = 90;
const RESULTS_MAX = 1_000;
const RESULTS_DEFAULT = 100;
const PINGS_SHOWN = 20;

const Name = z.string().min(1).max(100).describe('Name of a monitor.');

/** Stands in messages of one line: a line break could write the next one. */
const OneLine = z
  .string()
  .trim()
  .min(1)
  .regex(/^[^\p{Cc}\u2028-\u202e\u2066-\u2069]*$/u, 'Expected one line of text.');

const route = routeFor<MonitorDeps>();

const list = route({
  method: 'GET',
  path: '/api/v1/monitors',
  role: 'viewer',
  summary: 'Everything that is watched, in the order of the manifest.',
  input: NO_INPUT,
  answer: answers.MonitorListView,
  async handle(_input, { deps }) {
    const monitors = await deps.monitoring.facts.monitors();
    return { status: 200, body: { monitors: monitors.map(monitorView) } };
  },
});

const show = route({
  method: 'GET',
  path: '/api/v1/monitors/:name',
  role: 'viewer',
  summary: 'One monitor with its history.',
  input: z.strictObject({ name: Name, days: z.coerce.number().int().min(1).max(DAYS_MAX).default(DAYS_MAX) }),
  answer: answers.MonitorDetailView,
  async handle({ name, days }, { actor, deps }) {
    const { monitoring } = deps;
    const monitor = await monitorNamed(name, monitoring.facts);
    const history = (await monitoring.facts.history([name], days)).get(name);
    if (history === undefined) throw errors.HTTP_MONITOR_UNKNOWN({ name, nearest: '' });
    const showsPings = monitorTypes.get(monitor.type).takesPings && mayAct(actor, 'operator');
    const pingUrl = showsPings ? `${deps.address()}/ping/${await monitoring.pingKeyOf(name)}` : null;
    const pings = showsPings ? (await monitoring.pings(name, PINGS_SHOWN)).map(pingView) : null;
    const parts = (await monitoring.parts(name)).map(partView);
    const pictures = mayAct(actor, 'operator')
      ? picturesView(deps.address(), name, await deps.pictures.list(name))
      : null;
    const body = { ...monitorView(monitor), parts, history: historyView(history), pingUrl, pings, pictures };
    return { status: 200, body };
  },
});

const results = route({
  method: 'GET',
  path: '/api/v1/monitors/:name/results',
  role: 'viewer',
  summary: 'What single checks saw, newest first.',
  input: z.strictObject({
    name: Name,
    since: Instant.default(0).describe('Only results that are not older than this instant.'),
    limit: z.coerce.number().int().min(1).max(RESULTS_MAX).default(RESULTS_DEFAULT),
  }),
  answer: answers.ResultListView,
  async handle({ name, since, limit }, { deps: { monitoring } }) {
    await monitorNamed(name, monitoring.facts);
    const rows = await monitoring.results(name, { since, limit });
    return { status: 200, body: { monitor: name, results: rows.map(resultView) } };
  },
});

const check = route({
  method: 'POST',
  path: '/api/v1/monitors/:name/run',
  role: 'operator',
  summary: 'Checks one monitor now; the result counts like any other.',
  input: z.strictObject({ name: Name }),
  answer: answers.CheckView,
  async handle({ name }, { deps: { monitoring } }) {
    await monitorNamed(name, monitoring.facts);
    const said = await monitoring.checkNow(name);
    // What was found before is no answer to a check that was not made.
    if (said === null) throw errors.HTTP_MONITOR_NOT_ASKED({ name });
    const [newest] = await monitoring.results(name, { since: 0, limit: 1 });
    if (newest === undefined) throw new Error('A check ended without a result.');
    const monitor = await monitorNamed(name, monitoring.facts);
    return {
      status: 200,
      body: {
        result: resultView(newest),
        conditions: [...(said.conditions ?? [])],
        parts: (said.parts ?? []).map(partView),
        monitor: monitorView(monitor),
      },
    };
  },
});

const say = route({
  method: 'POST',
  path: '/api/v1/monitors/:name/state',
  role: 'operator',
  summary: 'Says how a manual monitor is; it stays so until somebody says something else.',
  input: z.strictObject({
    name: Name,
    state: z.enum(['up', 'degraded', 'down']).describe('How it is.'),
    because: OneLine.max(200).optional().describe('Why, for those who are told of it.'),
    dryRun: DryRun,
  }),
  answer: answers.MonitorSaidView,
  async handle({ name, state, because = null, dryRun }, { actor, deps: { monitoring } }) {
    await monitorNamed(name, monitoring.facts);
    const said = await monitoring.say(name, { state, because, by: actor.name }, { dryRun });
    const monitor = monitorView(await monitorNamed(name, monitoring.facts));
    return { status: 200, body: { isDryRun: dryRun, said: { at: isoOf(said.at), state, because }, monitor } };
  },
});

export const monitorRoutes = [list, show, results, check, say];
