import type { AppModel } from '../../contracts/app-model.ts';
import type { MonitoringFacts, MonitorNow } from '../../contracts/facts.ts';
import type { State } from '../../contracts/state.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { HealthWord } from './contract.ts';
import { isDoneWithin } from './deadline.ts';
import { type ServiceKind, serviceKindOf } from './service-kind.ts';

export interface HealthDeps {
  readonly clock: Clock;
  /** Rejects when our own database does not answer a real query. */
  readonly database: { ping(): Promise<void> };
  readonly monitoring: { readonly facts: MonitoringFacts };
  readonly lifecycle: Lifecycle;
  /** The described application; null until a manifest has been loaded. */
  readonly model: () => AppModel | null;
  /** Whether the newest version of the manifest was refused. */
  readonly isManifestRejected: () => boolean;
}

/** Where the process is in its life. */
export interface Lifecycle {
  hasStarted(): boolean;
  isStopping(): boolean;
}

/** Evenkeel's own health. */
export interface PlatformHealth {
  readonly status: HealthWord;
  readonly database: HealthWord;
  readonly manifest: HealthWord;
}

/** One word for each kind of thing the application stands on. */
export interface ApplicationHealth {
  readonly status: HealthWord;
  readonly database: HealthWord;
  readonly cache: HealthWord | 'none';
  readonly external: Readonly<Partial<Record<ServiceKind, HealthWord>>>;
}

export interface Health {
  /** Whether this process can do its work; the watched application does not matter here. */
  platform(): Promise<PlatformHealth>;
  application(): Promise<ApplicationHealth>;
  hasStarted(): boolean;
  /** Whether requests should be sent here: not before the first manifest, not while stopping. */
  isReady(): Promise<boolean>;
}

const DATABASE_DEADLINE_MS = 2 * SECOND_MS;
/** However many probes ask, the database is asked once in this time. */
const DATABASE_FRESH_MS = SECOND_MS;

export function createHealth(deps: HealthDeps): Health {
  const { lifecycle, model } = deps;
  const isDatabaseUp = createDatabaseProbe(deps);

  async function platform(): Promise<PlatformHealth> {
    const database = (await isDatabaseUp()) ? 'pass' : 'fail';
    const manifest = model() === null || deps.isManifestRejected() ? 'warn' : 'pass';
    return { status: worstWord([database, manifest]), database, manifest };
  }

  return {
    platform,
    async application() {
      const own = await platform();
      // The history of the monitors is in that database: without it there is nothing to tell.
      const monitors = own.database === 'fail' ? [] : await deps.monitoring.facts.monitors();
      return applicationHealth(own, monitors, model());
    },
    hasStarted: () => lifecycle.hasStarted(),
    isReady: async () => !lifecycle.isStopping() && model() !== null && (await isDatabaseUp()),
  };
}

function applicationHealth(
  own: PlatformHealth,
  monitors: readonly MonitorNow[],
  model: AppModel | null,
): ApplicationHealth {
  const words = new Map<ServiceKind, HealthWord>();
  for (const monitor of monitors) {
    const kind = serviceKindOf(monitor, model);
    words.set(kind, worstWord([words.get(kind) ?? 'pass', wordOf(monitor.state)]));
  }
  const database = worstWord([own.database, words.get('database') ?? 'pass']);
  const cache = words.get('cache') ?? 'none';
  const status = worstWord([own.status, database, ...words.values()]);
  words.delete('database');
  words.delete('cache');
  return { status, database, cache, external: Object.fromEntries(words) };
}

/** Not knowing is a warning: a monitor that stopped checking is not a reason to turn traffic away. */
export function wordOf(state: State): HealthWord {
  if (state === 'up') return 'pass';
  return state === 'down' ? 'fail' : 'warn';
}

function worstWord(words: readonly HealthWord[]): HealthWord {
  if (words.includes('fail')) return 'fail';
  return words.includes('warn') ? 'warn' : 'pass';
}

/** Asks the database with a real query; callers at the same time, and shortly after, share one answer. */
function createDatabaseProbe({ clock, database }: HealthDeps): () => Promise<boolean> {
  let answer: Promise<boolean> | undefined;
  let askedAt = 0;
  return () => {
    if (answer === undefined || clock.ticks() - askedAt >= DATABASE_FRESH_MS) {
      askedAt = clock.ticks();
      answer = isDoneWithin(clock, DATABASE_DEADLINE_MS, database.ping());
    }
    return answer;
  };
}
