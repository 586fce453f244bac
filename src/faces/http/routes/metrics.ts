import * as answers from '../answers.ts';
import type { Metrics } from '../metrics.ts';
import { NO_INPUT, routeFor } from '../route.ts';

export interface MetricsRouteDeps {
  readonly metrics: Metrics;
}

/** Prometheus' text format. */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const route = routeFor<MetricsRouteDeps>();

const show = route({
  method: 'GET',
  path: '/metrics',
  role: 'viewer',
  summary: 'Everything in numbers, for Prometheus to collect.',
  input: NO_INPUT,
  answer: answers.Text,
  type: CONTENT_TYPE,
  async handle(_input, { deps }) {
    return { status: 200, type: CONTENT_TYPE, body: await deps.metrics.text() };
  },
});

export const metricsRoutes = [show];
