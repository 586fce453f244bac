import type {
  AlertingFacts,
  BackupFacts,
  DeliveryFacts,
  MonitoringFacts,
  ObjectiveFacts,
  ThresholdFacts,
} from '../../contracts/facts.ts';
import type { Log } from '../../kernel/log.ts';
import type { PrometheusRegistry } from './prometheus.ts';

export interface MetricsDeps {
  readonly monitoring: { readonly facts: MonitoringFacts };
  readonly objectives: { readonly facts: ObjectiveFacts };
  readonly thresholds: { readonly facts: ThresholdFacts };
  readonly alerting: { readonly facts: AlertingFacts };
  readonly delivery: { readonly facts: DeliveryFacts };
  readonly backups: { readonly facts: BackupFacts };
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

/** Requests that nobody has asked about yet; a busy server cannot gather them for ever. */
const WAITING_MAX = 1_000;

/**
 * Counts every request. The library, a hundred modules and 6 MB, is loaded when somebody first asks for the numbers:
 * many never do. What was counted until then is handed over.
 */
export function createMetrics(deps: MetricsDeps): Metrics {
  let waiting: ObservedRequest[] = [];
  let registry: PrometheusRegistry | undefined;
  let loading: Promise<PrometheusRegistry> | undefined;

  return {
    observeRequest(request) {
      if (registry !== undefined) return registry.observeRequest(request);
      waiting.push(request);
      if (waiting.length >= WAITING_MAX) load().catch(forget);
    },
    async text() {
      return (await load()).text();
    },
  };

  /** What cannot be loaded cannot count either; whoever asks for the text is told why. */
  function forget(): void {
    waiting = [];
  }

  function load(): Promise<PrometheusRegistry> {
    loading ??= import('./prometheus.ts').then(({ createRegistry }) => {
      const loaded = createRegistry(deps);
      for (const request of waiting) loaded.observeRequest(request);
      forget();
      registry = loaded;
      return loaded;
    });
    return loading;
  }
}
