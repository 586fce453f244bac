import type { AppModel } from '../../../contracts/app-model.ts';
import type { MonitoringFacts } from '../../../contracts/facts.ts';
import * as answers from '../answers.ts';
import type { Health } from '../health.ts';
import { NO_INPUT, routeFor } from '../route.ts';
import { countsOf, monitorView, worstOf } from '../views.ts';
import { type SelfDeps, uptimeOf } from './self.ts';

export interface StatusDeps extends SelfDeps {
  readonly monitoring: { readonly facts: MonitoringFacts };
  readonly model: () => AppModel | null;
  readonly health: Health;
}

const route = routeFor<StatusDeps>();

const show = route({
  method: 'GET',
  path: '/api/v1/status',
  role: 'viewer',
  summary: 'The state of the application and of Evenkeel itself.',
  input: NO_INPUT,
  answer: answers.StatusView,
  async handle(_input, { deps }) {
    const [monitors, own] = await Promise.all([deps.monitoring.facts.monitors(), deps.health.platform()]);
    const states = monitors.map(({ state }) => state);
    const self = deps.self();
    const body = {
      app: deps.model()?.app ?? null,
      environment: self.environment,
      state: worstOf(states),
      counts: countsOf(states),
      monitors: monitors.map(monitorView),
      platform: {
        health: own.status,
        database: own.database,
        manifest: own.manifest,
        version: self.version,
        uptimeMs: uptimeOf(self, deps.clock),
      },
    };
    return { status: 200, body };
  },
});

export const statusRoutes = [show];
