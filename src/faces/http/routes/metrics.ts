import * as answers from '../answers.ts';
import type { Metrics } from '../metrics.ts';
import { NO_INPUT, routeFor } from '../route.ts';

export interface MetricsRouteDeps {
  readonly metrics: Metrics;
}

const route = routeFor<MetricsRouteDeps>();

const show = route({
  method: 'GET',
  path: '/metrics',
  role: 'viewer',
  summary: 'Everything in numbers, for Prometheus to collect.',
  input: NO_INPUT,
  answer: answers.Text,
  type: 'text/plain; version=0.0.4; charset=utf-8',
  async handle(_input, { deps }) {
    return { status: 200, type: deps.metrics.contentType, body: await deps.metrics.text() };
  },
});

export const metricsRoutes = [show];
