import * as z from 'zod';
import * as answers from '../answers.ts';
import type { ManifestView, ProblemView } from '../contract.ts';
import { DryRun, NO_INPUT, routeFor } from '../route.ts';
import { isoOf, isoOrNull } from '../views.ts';

/** The loaded manifest, as whoever loads it tells it. Times are epoch milliseconds. */
export interface ManifestStatus {
  readonly app: string | null;
  readonly environment: string;
  readonly digest: string | null;
  /** Null until a manifest has been loaded. */
  readonly appliedAt: number | null;
  readonly files: readonly string[];
  readonly services: number;
  readonly monitors: number;
  readonly warnings: readonly ProblemView[];
  /** The newest attempt, when it was refused. */
  readonly rejected: { readonly at: number; readonly problems: readonly ProblemView[] } | null;
}

export interface ManifestReload {
  readonly outcome: 'applied' | 'unchanged' | 'rejected';
  readonly problems: readonly ProblemView[];
  readonly warnings: readonly ProblemView[];
}

export interface ManifestDeps {
  readonly manifest: {
    status(): ManifestStatus;
    /** Reads the files again; a dry run says what would come of it. */
    reload(options: { readonly dryRun: boolean }): Promise<ManifestReload>;
  };
}

const route = routeFor<ManifestDeps>();

const show = route({
  method: 'GET',
  path: '/api/v1/manifest',
  role: 'viewer',
  summary: 'The files that are applied, and what is wrong with newer ones.',
  input: NO_INPUT,
  answer: answers.ManifestView,
  async handle(_input, { deps }) {
    return { status: 200, body: manifestView(deps.manifest.status()) };
  },
});

const reload = route({
  method: 'POST',
  path: '/api/v1/manifest/reload',
  role: 'operator',
  summary: 'Reads the files again at once; a wrong file keeps what is applied.',
  input: z.strictObject({ dryRun: DryRun }),
  answer: answers.ManifestReloadView,
  async handle({ dryRun }, { deps }) {
    const { outcome, problems, warnings } = await deps.manifest.reload({ dryRun });
    const manifest = manifestView(deps.manifest.status());
    const body = {
      outcome,
      isDryRun: dryRun,
      problems: problems.map(problemView),
      warnings: warnings.map(problemView),
    };
    return { status: 200, body: { ...body, manifest } };
  },
});

export const manifestRoutes = [show, reload];

function manifestView({ appliedAt, rejected, ...status }: ManifestStatus): ManifestView {
  return {
    isLoaded: appliedAt !== null,
    app: status.app,
    environment: status.environment,
    digest: status.digest,
    appliedAt: isoOrNull(appliedAt),
    files: status.files,
    services: status.services,
    monitors: status.monitors,
    warnings: status.warnings.map(problemView),
    rejected: rejected && { at: isoOf(rejected.at), problems: rejected.problems.map(problemView) },
  };
}

function problemView({ file, line, column, message, hint }: ProblemView): ProblemView {
  return { file, line, column, message, hint };
}
