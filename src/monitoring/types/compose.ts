import * as z from 'zod';
import { type CheckResult, defineMonitor } from '../monitor-type.ts';
import type { Container } from '../protocols/docker-engine.ts';
import { ENGINE_KEYS, engineDown, placeOf } from '../protocols/docker-settings.ts';

const CONTAINERS_MAX = 100;
/** As Docker Compose allows names to be. */
const NAME = /^[a-zA-Z0-9][\w.-]{0,127}$/;

const ComposeSettings = z.strictObject({
  compose: z
    .string()
    .regex(NAME, 'Expected the name of a service, such as web.')
    .describe('The service, as the compose file calls it, e.g. "web".'),
  project: z
    .string()
    .regex(NAME, 'Expected the name of a project, such as shop.')
    .describe('The project: `name` of the compose file, otherwise the name of the folder it is in.'),
  replicas_min: z.int().min(1).max(CONTAINERS_MAX).default(1).describe('At least so many have to be well. Default 1.'),
  ...ENGINE_KEYS,
});
type ComposeSettings = z.output<typeof ComposeSettings>;

export const compose = defineMonitor({
  type: 'compose',
  summary: 'Asks Docker about all containers of a service of Docker Compose.',
  example: 'web: { compose: web, project: shop, replicas_min: 2 }',
  testedAgainst: 'Docker Engine 20.10, with the labels of Docker Compose 2',
  isLocal: true,
  settings: ComposeSettings,
  target: ({ compose: service, project }) => `service ${service} of project ${project}`,
  async check(settings, io): Promise<CheckResult> {
    const { engineOf } = await import('../protocols/docker-engine.ts');
    const startedAt = io.clock.ticks();
    try {
      const engine = engineOf(settings, io);
      const ids = await engine.withLabels(labelsOf(settings));
      const found = await Promise.all(ids.slice(0, CONTAINERS_MAX).map((id) => engine.container(id)));
      // One that is gone by now was replaced or taken away on purpose.
      const containers = found.filter((one) => one !== undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1));
      return { ...stateOf(containers, settings), latencyMs: io.clock.ticks() - startedAt, ...findingsIn(containers) };
    } catch (error) {
      return engineDown(error, settings, io);
    }
  },
});

/** Those of `docker compose run` come and go as people like. */
function labelsOf({ compose: service, project }: ComposeSettings): readonly string[] {
  const labels = { project, service, oneoff: 'False' };
  return Object.entries(labels).map(([label, value]) => `com.docker.compose.${label}=${value}`);
}

function findingsIn(containers: readonly Container[]) {
  return {
    readings: {
      containers: containers.length,
      healthy: countOf(containers),
      restarts: containers.reduce((sum, { restarts }) => sum + restarts, 0),
    },
    parts: containers.map(({ name, state, fault }) => ({ name, state, detail: fault && `${name} ${fault}.` })),
  };
}

function countOf(containers: readonly Container[]): number {
  return containers.filter(({ state }) => state === 'up').length;
}

function stateOf(containers: readonly Container[], settings: ComposeSettings): CheckResult {
  const { compose: service, project, replicas_min: least } = settings;
  if (containers.length === 0) {
    return { state: 'down', reason: `${placeOf(settings)} has no container of ${service} in project ${project}.` };
  }
  const faults = containers.filter(({ state }) => state !== 'up');
  const well = countOf(containers);
  if (faults.length === 0 && well >= least) return { state: 'up' };
  const expected = least === 1 ? '' : `, expected at least ${least}`;
  const [first] = faults;
  const example = first === undefined ? '' : ` ${first.name} ${first.fault}.`;
  const reason = `${well} of ${containers.length} containers of ${service} are well${expected}.${example}`;
  // Those that have only just started may be well in a moment.
  const isGone = containers.every(({ state }) => state === 'down');
  return { state: isGone ? 'down' : 'degraded', reason };
}
