import * as z from 'zod';
import type { AlertingFacts, DeliveryFacts } from '../../../contracts/facts.ts';
import * as answers from '../alert-answers.ts';
import { alertView, deliveryView, MESSAGES_MAX } from '../alert-views.ts';
import { routeFor } from '../route.ts';

export interface AlertDeps {
  readonly alerting: { readonly facts: AlertingFacts };
  readonly delivery: { readonly facts: DeliveryFacts };
}

const LIMIT_MAX = 200;
const LIMIT_DEFAULT = 50;

const Limit = z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT);

const route = routeFor<AlertDeps>();

const list = route({
  method: 'GET',
  path: '/api/v1/alerts',
  role: 'viewer',
  summary: 'What people were told of: open alerts first, then those that are over.',
  input: z.strictObject({ limit: Limit }),
  answer: answers.AlertListView,
  async handle({ limit }, { deps }) {
    const [alerts, messages] = await Promise.all([
      deps.alerting.facts.alerts(limit),
      deps.delivery.facts.deliveries(MESSAGES_MAX),
    ]);
    return { status: 200, body: { alerts: alerts.map((alert) => alertView(alert, messages)) } };
  },
});

const deliveries = route({
  method: 'GET',
  path: '/api/v1/alerts/deliveries',
  role: 'viewer',
  summary: 'Messages that were sent or are about to be, with their latest attempts, newest first.',
  input: z.strictObject({ limit: Limit }),
  answer: answers.DeliveryListView,
  async handle({ limit }, { deps }) {
    const messages = await deps.delivery.facts.deliveries(limit);
    return { status: 200, body: { deliveries: messages.map(deliveryView) } };
  },
});

export const alertRoutes = [list, deliveries];
