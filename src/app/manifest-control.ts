import type { Db } from '../contracts/database.ts';
import type { ManifestReload, ManifestStatus } from '../faces/http/index.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { createManifestSource, formatProblems, type LoadedManifest, type LoadOptions } from '../manifest/index.ts';
import { diskFiles } from '../platform/files.ts';
import type { Config, Variables } from './config.ts';
import { type Described, describedBy, ourselves } from './described.ts';
import { errors } from './errors.ts';
import { problemView, statusOf } from './manifest-view.ts';

export interface ManifestControlDeps {
  readonly config: Config;
  readonly variables: Variables;
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
}

/** Hands what is described to whoever acts on it. Rejecting keeps what was in force in force. */
export type Apply = (next: Described) => Promise<void>;

/** What holds now, and the one way in which it changes. */
export interface ManifestControl {
  described(): Described;
  /** For the routes: the same model as `described`. */
  model(): Described['model'];
  status(): ManifestStatus;
  reload(options: { readonly dryRun: boolean }): Promise<ManifestReload>;
  /** From now on the areas do what the manifest says, now and after every change. */
  applyTo(areas: Apply): Promise<void>;
  onApplied(listener: () => void): void;
  /** Looks for changed files from now on. */
  watch(): void;
  stop(): Promise<void>;
  /** How the files are read, for whoever asks what would come of a change. */
  readonly load: LoadOptions;
}

/** Reads the manifest once. Without a file we watch ourselves; a wrong one is refused, because nothing holds yet. */
export async function createManifestControl(deps: ManifestControlDeps): Promise<ManifestControl> {
  const { config, variables, db, clock, log } = deps;
  const listeners = new Set<() => void>();
  let described = ourselves(config);
  let areas: Apply | undefined;

  const load: LoadOptions = {
    path: config.manifest,
    files: diskFiles,
    environmentVariable: (name) => variables[name],
    environment: config.environment ?? undefined,
  };
  const source = createManifestSource({
    ...load,
    clock,
    log,
    apply,
  });
  const { outcome, problems } = await source.reload();
  if (outcome === 'rejected' && source.status().rejected?.result.outcome === 'invalid') {
    throw errors.MANIFEST_WRONG({ problems: formatProblems(problems, { hasColours: false }) });
  }
  if (outcome === 'rejected')
    log.info('There is no evenkeel.yaml here, so Evenkeel watches itself: see `evenkeel init`.');

  return {
    load,
    described: () => described,
    model: () => described.model,
    status: () => statusOf(described, source.status()),
    async reload(options) {
      const result = await source.reload(options);
      return { ...result, problems: result.problems.map(problemView), warnings: result.warnings.map(problemView) };
    },
    async applyTo(target) {
      areas = target;
      await put(described, target);
    },
    onApplied: (listener) => void listeners.add(listener),
    watch: () => source.start(),
    stop: () => source.stop(),
  };

  async function apply(loaded: LoadedManifest): Promise<void> {
    const next = describedBy(loaded, config);
    if (areas !== undefined) await put(next, areas);
    described = next;
    for (const listener of listeners) listener();
  }

  async function put(next: Described, target: Apply): Promise<void> {
    const [from, to] = [described.model.environment, next.model.environment];
    if (from !== to) throw errors.ENVIRONMENT_CHANGED({ from, to });
    await target(next);
    const { app, services } = next.model;
    const event = {
      app,
      digest: next.digest ?? '',
      services: services.length,
      monitors: next.monitoring.monitors.length,
    };
    await db.tx((tx) => tx.emit('manifest.applied', { ...event, at: clock.now() }));
  }
}
