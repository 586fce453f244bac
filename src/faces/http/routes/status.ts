import type { AppModel } from '../../../contracts/app-model.ts';
import type { DeliveryNow, MonitoringFacts } from '../../../contracts/facts.ts';
import { DAY_MS } from '../../../kernel/clock.ts';
import { alertView, deliveryView, MESSAGES_MAX } from '../alert-views.ts';
import * as answers from '../answers.ts';
import { backupSourceView } from '../backup-views.ts';
import type { Health } from '../health.ts';
import { NO_INPUT, routeFor } from '../route.ts';
import { countsOf, monitorView, worstOf } from '../views.ts';
import type { AlertDeps } from './alerts.ts';
import type { BackupDeps } from './backups.ts';
import { type SelfDeps, uptimeOf } from './self.ts';

export interface StatusDeps extends SelfDeps, AlertDeps {
  readonly backups: Pick<BackupDeps['backups'], 'facts'>;
  readonly monitoring: { readonly facts: MonitoringFacts };
  readonly model: () => AppModel | null;
  readonly health: Health;
}

/** More than anybody reads on one screen. */
const NEWEST = 100;

const route = routeFor<StatusDeps>();

const show = route({
  method: 'GET',
  path: '/api/v1/status',
  role: 'viewer',
  summary: 'The state of the application and of Evenkeel itself.',
  input: NO_INPUT,
  answer: answers.StatusView,
  async handle(_input, { deps }) {
    const [monitors, alerts, deliveries, sources, own] = await Promise.all([
      deps.monitoring.facts.monitors(),
      deps.alerting.facts.alerts(NEWEST),
      deps.delivery.facts.deliveries(MESSAGES_MAX),
      deps.backups.facts.sources(),
      deps.health.platform(),
    ]);
    const states = monitors.map(({ state }) => state);
    const self = deps.self();
    const body = {
      app: deps.model()?.app ?? null,
      environment: self.environment,
      state: worstOf(states),
      counts: countsOf(states),
      monitors: monitors.map(monitorView),
      alerts: alerts.filter(({ state }) => state === 'open').map((alert) => alertView(alert, deliveries)),
      undelivered: deliveries.filter((each) => isTroubled(each, deps.clock.now())).map(deliveryView),
      readiness: sources.map(backupSourceView),
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

/** What was given up long ago has been seen, or will not be. */
function isTroubled({ state, queuedAt, attempts }: DeliveryNow, now: number): boolean {
  if (state === 'dead') return (attempts.at(-1)?.at ?? queuedAt) > now - DAY_MS;
  return state !== 'delivered' && attempts.some(({ outcome }) => outcome === 'failed');
}
