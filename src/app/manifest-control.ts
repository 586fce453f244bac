import type { AppModel } from '../contracts/app-model.ts';
import { ENVIRONMENT_ALIASES } from '../contracts/app-model.ts';
import type { Db } from '../contracts/database.ts';
import type { ManifestReload, ManifestStatus } from '../faces/http/index.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { createManifestSource, formatProblems, type LoadedManifest, type Problem } from '../manifest/index.ts';
import { type Monitoring, monitorsOf } from '../monitoring/index.ts';
import { diskFiles } from '../platform/files.ts';
import { STATUS_DEFAULTS, type StatusSettings } from '../status/index.ts';
import type { Config, Variables } from './config.ts';
import { errors } from './errors.ts';
import { selfModel } from './self-watch.ts';

export interface ManifestControlDeps {
  readonly config: Config;
  readonly variables: Variables;
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
}

/** What holds now, and the one way in which it changes. */
export interface ManifestControl {
  described(): Described;
  /** For the routes: the same model as `described`. */
  model(): AppModel;
  status(): ManifestStatus;
  reload(options: { readonly dryRun: boolean }): Promise<ManifestReload>;
  /** From now on monitoring watches what the manifest says, now and after every change. */
  applyTo(monitoring: Monitoring): Promise<void>;
  onApplied(listener: () => void): void;
  /** Looks for changed files from now on. */
  watch(): void;
  stop(): Promise<void>;
}

export interface Described {
  readonly model: AppModel;
  readonly settings: StatusSettings;
}

/** Reads the manifest once. Without a file we watch ourselves; a wrong one is refused, because nothing holds yet. */
export async function createManifestControl(deps: ManifestControlDeps): Promise<ManifestControl> {
  const { config, variables, db, clock, log } = deps;
  const listeners = new Set<() => void>();
  let described = ourselves(config);
  let target: Monitoring | undefined;
  let notes: readonly Problem[] = [];
  let monitorCount = 0;

  const source = createManifestSource({
    path: config.manifest,
    files: diskFiles,
    environmentVariable: (name) => variables[name],
    environment: config.environment ?? undefined,
    clock,
    log,
    apply,
  });
  await readFirst();

  return {
    described: () => described,
    model: () => described.model,
    status,
    async reload(options) {
      const { outcome, problems, warnings } = await source.reload(options);
      return { outcome, problems: problems.map(view), warnings: warnings.map(view) };
    },
    async applyTo(monitoring) {
      target = monitoring;
      await put(source.status().applied?.loaded);
    },
    onApplied: (listener) => void listeners.add(listener),
    watch: () => source.start(),
    stop: () => source.stop(),
  };

  async function readFirst(): Promise<void> {
    const { outcome, problems } = await source.reload();
    if (outcome !== 'rejected') return;
    if (source.status().rejected?.result.outcome === 'invalid') {
      throw errors.MANIFEST_WRONG({
        count: problems.length,
        problems: formatProblems(problems, { hasColours: false }),
      });
    }
    log.info('There is no evenkeel.yaml here, so Evenkeel watches itself. Next: `evenkeel init` writes one for you.');
  }

  async function apply(loaded: LoadedManifest): Promise<void> {
    const { environment } = loaded.model;
    if (target !== undefined && environment !== described.model.environment) {
      throw errors.ENVIRONMENT_CHANGED({ from: described.model.environment, to: environment });
    }
    await put(loaded);
  }

  async function put(loaded: LoadedManifest | undefined): Promise<void> {
    const next = loaded === undefined ? ourselves(config) : describedBy(loaded);
    const plan = monitorsOf(next.model, {
      monitors: loaded?.manifest.monitors ?? {},
      services: loaded?.manifest.services ?? {},
    });
    await target?.apply(plan.monitors);
    described = next;
    monitorCount = plan.monitors.length;
    notes = plan.unwatched.flatMap(({ service, reason }) => loaded?.problemAt(['services', service], reason) ?? []);
    if (target === undefined) return;
    const { app, services } = next.model;
    const event = { app, digest: loaded?.digest ?? '', services: services.length, monitors: monitorCount };
    await db.tx((tx) => tx.emit('manifest.applied', { ...event, at: clock.now() }));
    for (const listener of listeners) listener();
  }

  function status(): ManifestStatus {
    const { applied, rejected } = source.status();
    const isAbsent = rejected?.result.outcome === 'absent';
    return {
      app: described.model.app,
      environment: described.model.environment,
      digest: applied?.loaded.digest ?? null,
      appliedAt: applied?.at ?? null,
      files: applied?.loaded.files ?? [],
      services: described.model.services.length,
      monitors: monitorCount,
      warnings: [...(applied?.loaded.warnings ?? []), ...notes].map(view),
      rejected:
        rejected === null || isAbsent ? null : { at: rejected.at, problems: rejected.result.problems.map(view) },
    };
  }
}

function describedBy({ model, manifest }: LoadedManifest): Described {
  return { model, settings: manifest.status ?? STATUS_DEFAULTS };
}

function ourselves({ environment, port }: Config): Described {
  const name = ENVIRONMENT_ALIASES[environment ?? ''] ?? environment ?? 'local';
  return { model: selfModel(name, `http://127.0.0.1:${port}`), settings: STATUS_DEFAULTS };
}

function view({ file, line, column, message, hint }: Problem): ManifestStatus['warnings'][number] {
  return { file, line, column, message, hint: hint ?? null };
}
