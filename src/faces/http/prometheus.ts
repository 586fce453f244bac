import { collectDefaultMetrics, Gauge, Histogram, Registry } from '@prometheus-io/client';
import type { MonitoringFacts, MonitorNow } from '../../contracts/facts.ts';
import { STATES } from '../../contracts/state.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { alertGauges, deliveryGauges } from './alert-gauges.ts';
import { backupGauges } from './backup-gauges.ts';
import type { GaugeSource, MetricsDeps, ObservedRequest } from './metrics.ts';
import { objectiveGauges } from './objective-gauges.ts';
import { thresholdGauges } from './threshold-gauges.ts';

const REQUEST_BUCKETS_S = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const UPTIME_WINDOWS = [
  { label: '1d', days: 1 },
  { label: '30d', days: 30 },
] as const;

/**
 * Of the package, against Prometheus' conventions: gauges that end like counters, and types in names. What they count is
 * told by type too (`nodejs_active_handles`), and of the event loop its lag is.
 */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
  'nodejs_eventloop_utilization_histogram',
  'nodejs_eventloop_utilization_summary',
];

export interface PrometheusRegistry {
  observeRequest(request: ObservedRequest): void;
  text(): Promise<string>;
}

/** A registry of its own: the package's global one would be shared with whoever else uses the package. */
export function createRegistry(deps: MetricsDeps): PrometheusRegistry {
  const registry = new Registry();
  // A finer look at the event loop costs a timer every 10 ms, also in an idle process.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 50 });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const requests = new Histogram({
    name: 'evenkeel_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_BUCKETS_S,
    registers: [registry],
  });
  const groups = [
    monitorGauges(registry, deps.monitoring.facts),
    objectiveGauges(registry, deps.objectives.facts),
    thresholdGauges(registry, deps.thresholds.facts),
    alertGauges(registry, deps.alerting.facts),
    deliveryGauges(registry, deps.delivery.facts),
    backupGauges(registry, deps.backups.facts),
  ];
  for (const source of deps.gauges ?? []) addGauge(registry, source, deps.log);

  return {
    observeRequest: ({ method, route, status, seconds }) => requests.observe({ method, route, status }, seconds),
    async text() {
      for (const group of groups) await refreshed(group, deps.log);
      return registry.metrics();
    },
  };
}

/** Numbers that are read together. */
export interface GaugeGroup {
  readonly gauges: readonly Gauge[];
  refresh(): Promise<void>;
}

/** What one area cannot tell must not take everybody else's numbers with it, nor stay as it last was. */
async function refreshed({ gauges, refresh }: GaugeGroup, log: Log): Promise<void> {
  try {
    await refresh();
  } catch (error) {
    for (const gauge of gauges) gauge.reset();
    log.warn('Metrics could not be read', { error });
  }
}

function monitorGauges(registry: Registry, facts: MonitoringFacts): GaugeGroup {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({
      name: `evenkeel_monitor_${name}`,
      help,
      labelNames: ['monitor', ...labelNames],
      registers: [registry],
    });
  const state = gauge('state', '1 for the state the monitor is in, 0 for the others.', 'type', 'state');
  const latency = gauge('latency_seconds', 'How long the latest answer took.');
  const checked = gauge('last_check_timestamp_seconds', 'When it was last checked.');
  const uptime = gauge('uptime_ratio', 'Share of known time in which it worked.', 'window');

  const reading = gauge('reading', 'What its latest check measured; shares are 0 to 1, times milliseconds.', 'reading');

  const gauges = [state, latency, checked, uptime, reading];

  const tell = ({ name, type, readings, ...now }: MonitorNow) => {
    const labels = { monitor: name };
    for (const each of STATES) state.set({ ...labels, type, state: each }, each === now.state ? 1 : 0);
    if (now.latencyMs !== null) latency.set(labels, now.latencyMs / SECOND_MS);
    if (now.lastCheckedAt !== null) checked.set(labels, now.lastCheckedAt / SECOND_MS);
    for (const [each, value] of Object.entries(readings)) reading.set({ ...labels, reading: each }, value);
  };

  const refresh = async () => {
    const monitors = await facts.monitors();
    // What is no longer watched must disappear, not stay as it last was.
    for (const each of gauges) each.reset();
    for (const monitor of monitors) tell(monitor);
    const names = monitors.map(({ name }) => name);
    for (const { label, days } of UPTIME_WINDOWS) {
      for (const [monitor, { availability }] of await facts.history(names, days)) {
        if (availability.ratio !== null) uptime.set({ monitor, window: label }, availability.ratio);
      }
    }
  };
  return { gauges, refresh };
}

function addGauge(registry: Registry, { name, help, read }: GaugeSource, log: Log): void {
  const gauge = new Gauge({
    name,
    help,
    registers: [registry],
    async collect() {
      try {
        gauge.set(await read());
      } catch (error) {
        // One number that cannot be had must not take all the others with it.
        gauge.reset();
        log.warn('A metric could not be read', { metric: name, error });
      }
    },
  });
}
