import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { LoadedManifest, RejectedManifest } from './load.ts';
import type { Problem } from './problem.ts';
import type { WitnessedFiles } from './witnessed-files.ts';

export interface ManifestSourceStatus {
  /** What holds; null until a first manifest was applied. Times are epoch milliseconds. */
  readonly applied: { readonly loaded: LoadedManifest; readonly at: number } | null;
  /** The newest attempt, when it was refused. */
  readonly rejected: { readonly result: RejectedManifest; readonly at: number } | null;
}

export interface ReloadResult {
  readonly outcome: 'applied' | 'unchanged' | 'rejected';
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

export interface Attempt {
  readonly result: LoadedManifest | RejectedManifest;
  readonly files: WitnessedFiles;
}

export interface ManifestInForce {
  status(): ManifestSourceStatus;
  /** What the newest attempt read, whatever became of it. */
  newest(): WitnessedFiles | undefined;
  /** Applies what is right and new; a dry run only says what would happen. */
  conclude(attempt: Attempt, dryRun: boolean): Promise<ReloadResult>;
}

export interface ManifestInForceDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Makes it hold. When this rejects the manifest before stays in force, and this one is tried again. */
  readonly apply: (loaded: LoadedManifest) => Promise<void>;
}

/** A wrong manifest never takes a right one out of force, and is told about once. */
export function createManifestInForce({ clock, log, apply }: ManifestInForceDeps): ManifestInForce {
  let status: ManifestSourceStatus = { applied: null, rejected: null };
  let inForce: string | undefined;
  let newest: WitnessedFiles | undefined;

  return {
    status: () => status,
    newest: () => newest,
    async conclude({ result, files }, dryRun) {
      if (result.outcome !== 'loaded') {
        if (!dryRun) reject(result, files);
        return { outcome: 'rejected', problems: result.problems, warnings: [] };
      }
      const isSame = files.fingerprint() === inForce;
      if (!dryRun && !isSame) await putInForce(result, files);
      if (!dryRun) {
        newest = files;
        status = { ...status, rejected: null };
      }
      return { outcome: isSame ? 'unchanged' : 'applied', problems: [], warnings: result.warnings };
    },
  };

  function reject(result: RejectedManifest, files: WitnessedFiles): void {
    const isNews = newest?.fingerprint() !== files.fingerprint();
    newest = files;
    if (!isNews) return;
    status = { ...status, rejected: { result, at: clock.now() } };
    // An empty folder is where everybody starts, and nothing to warn of.
    if (result.outcome === 'absent' && status.applied === null) return;
    // Problems name their places; what they say stays out of the log, where nobody expects the text of a file.
    const places = result.problems.map(({ file, line, column, path }) => `${file}:${line}:${column} ${path}`.trim());
    const stays = status.applied === null ? 'nothing was in force' : 'what was in force stays in force';
    log.warn(`The manifest was refused; ${stays}.`, { places });
  }

  async function putInForce(loaded: LoadedManifest, files: WitnessedFiles): Promise<void> {
    await apply(loaded);
    inForce = files.fingerprint();
    status = { ...status, applied: { loaded, at: clock.now() } };
    const { app, environment, services } = loaded.model;
    log.info('The manifest is in force.', { app, environment, services: services.length, files: loaded.files });
  }
}
