import type { MonitoringFacts } from '../../contracts/facts.ts';
import type { Log } from '../../kernel/log.ts';
import type { PrometheusRegistry } from './prometheus.ts';

export interface MetricsDeps {
  readonly monitoring: { readonly facts: MonitoringFacts };
  readonly gauges?: readonly GaugeSource[];
  readonly log: Log;
}

/** A number that somebody else knows, read when it is asked for: length of a queue, lag of a consumer. */
export interface GaugeSource {
  /** After Prometheus' conventions, e.g. `evenkeel_jobs_waiting`. */
  readonly name: string;
  readonly help: string;
  read(): number | Promise<number>;
}

export interface Metrics {
  observeRequest(request: ObservedRequest): void;
  /** The text format of Prometheus. */
  text(): Promise<string>;
}

export interface ObservedRequest {
  readonly method: string;
  /** The template, never the address itself: a label for each address would be one for each ping key. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** Counts every request. The library, a hundred modules, is loaded after the first one, so that no start waits for it. */
export function createMetrics(deps: MetricsDeps): Metrics {
  let loading: Promise<PrometheusRegistry> | undefined;
  const registry = () => {
    loading ??= import('./prometheus.ts').then(({ createRegistry }) => createRegistry(deps));
    return loading;
  };
  return {
    observeRequest(request) {
      registry().then(
        ({ observeRequest }) => observeRequest(request),
        () => undefined, // Whoever asks for the text is told.
      );
    },
    async text() {
      return (await registry()).text();
    },
  };
}
