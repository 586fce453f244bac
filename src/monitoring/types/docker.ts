import * as z from 'zod';
import { type CheckResult, defineMonitor } from '../monitor-type.ts';
import { ENGINE_KEYS, engineDown, placeOf } from '../protocols/docker-settings.ts';

const DockerSettings = z.strictObject({
  docker: z
    .string()
    .regex(/^[a-zA-Z0-9][\w.-]{1,127}$/, 'Expected the name or the id of a container, such as shop-db-1.')
    .describe('The name or the id of the container, e.g. "shop-db-1".'),
  ...ENGINE_KEYS,
});

export const docker = defineMonitor({
  type: 'docker',
  summary: 'Asks Docker whether a container runs, and what its health check says.',
  example: 'db-container: { docker: shop-db-1 }',
  testedAgainst: 'Docker Engine 20.10',
  isLocal: true,
  settings: DockerSettings,
  target: (settings) => `container ${settings.docker}, ${placeOf(settings)}`,
  async check(settings, io): Promise<CheckResult> {
    const { engineOf } = await import('../protocols/docker-engine.ts');
    const startedAt = io.clock.ticks();
    try {
      const container = await engineOf(settings, io).container(settings.docker);
      const latencyMs = io.clock.ticks() - startedAt;
      if (container === undefined) {
        return { state: 'down', latencyMs, reason: `${placeOf(settings)} has no container ${settings.docker}.` };
      }
      const { state, fault, restarts } = container;
      const found = { latencyMs, readings: { restarts } };
      return state === 'up' ? { state, ...found } : { state, ...found, reason: `${settings.docker} ${fault}.` };
    } catch (error) {
      return engineDown(error, settings, io);
    }
  },
});
