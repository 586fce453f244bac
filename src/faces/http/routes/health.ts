import * as z from 'zod';
import type { MonitoringFacts, MonitorNow } from '../../../contracts/facts.ts';
import { demandAccess } from '../access.ts';
import * as answers from '../answers.ts';
import type { HealthWord } from '../contract.ts';
import { type Health, wordOf } from '../health.ts';
import { type Reply, type Route, type RouteContext, routeFor } from '../route.ts';
import { isoOf, isoOrNull } from '../views.ts';
import type { SelfDeps } from './self.ts';

export interface HealthRouteDeps extends SelfDeps {
  readonly health: Health;
  readonly monitoring: { readonly facts: MonitoringFacts };
}

/** From draft-inadarei-api-health-check-06. */
const TYPE = 'application/health+json; charset=utf-8';

const route = routeFor<HealthRouteDeps>();

const Input = z.object({
  detail: z
    .string()
    .optional()
    .transform((text) => text !== undefined && text !== 'false' && text !== '0')
    .describe('Names, times and reasons too; for operators and owners only.'),
});

/** Everybody learns one word; version, names and reasons would tell an attacker where to begin. */
const own: readonly Route<HealthRouteDeps>[] = (['/health', '/healthz'] as const).map((path) =>
  route({
    method: 'GET',
    path,
    role: 'public',
    summary: 'Whether Evenkeel itself works, in one word.',
    limit: 'health',
    input: Input,
    answer: answers.HealthWordView,
    type: TYPE,
    async handle({ detail }, context) {
      const { status, ...parts } = await context.deps.health.platform();
      const more = detail ? { ...parts, ...(await details(context)) } : {};
      return health(status, more);
    },
  }),
);

const application = route({
  method: 'GET',
  path: '/api/health',
  role: 'public',
  summary: 'One word each for the database, the cache and every kind of external service of the application.',
  limit: 'health',
  input: Input,
  answer: answers.ApplicationHealthView,
  type: TYPE,
  async handle({ detail }, context) {
    const { status, ...parts } = await context.deps.health.application();
    return health(status, { ...parts, ...(detail ? await details(context) : {}) });
  },
});

const probes: readonly Route<HealthRouteDeps>[] = [
  probe('/livez', 'Whether the process lives; it asks nothing else.', async () => true),
  probe('/readyz', 'Whether requests should be sent here.', (deps) => deps.isReady()),
  probe('/startupz', 'Whether the start is over.', async (deps) => deps.hasStarted()),
];

export const healthRoutes = [...own, application, ...probes];

function probe(path: `/${string}`, summary: string, passes: (health: Health) => Promise<boolean>) {
  return route({
    method: 'GET',
    path,
    role: 'public',
    summary,
    limit: 'health',
    input: z.object({}),
    answer: answers.HealthWordView,
    type: TYPE,
    async handle(_input, { deps }) {
      return health((await passes(deps.health)) ? 'pass' : 'fail', {});
    },
  });
}

function health<More extends object>(status: HealthWord, more: More): Reply<{ status: HealthWord } & More> {
  return { status: status === 'fail' ? 503 : 200, type: TYPE, body: { status, ...more } };
}

async function details({ actor, deps }: RouteContext<HealthRouteDeps>) {
  demandAccess(actor, { role: 'operator' });
  const { version, environment, engine } = deps.self();
  const monitors = await deps.monitoring.facts.monitors();
  const time = isoOf(deps.clock.now());
  return {
    version,
    notes: [`environment ${environment}`, `engine ${engine}`],
    checks: Object.fromEntries(monitors.map((monitor) => [`${monitor.name}:responseTime`, [checkOf(monitor, time)]])),
  };
}

function checkOf(monitor: MonitorNow, now: string) {
  const { name, type, target, state, reason, latencyMs, lastCheckedAt } = monitor;
  return {
    componentId: name,
    componentType: type,
    affectedEndpoints: [target],
    status: wordOf(state),
    time: isoOrNull(lastCheckedAt) ?? now,
    ...(latencyMs === null ? {} : { observedValue: latencyMs, observedUnit: 'ms' }),
    ...(reason === null ? {} : { output: reason }),
  };
}
