import type { ManifestStatus } from '../faces/http/index.ts';
import type { ManifestSource, Problem } from '../manifest/index.ts';
import type { Described } from './described.ts';

/** The manifest as the API tells of it. */
export function statusOf(
  described: Described,
  { applied, rejected }: ReturnType<ManifestSource['status']>,
): ManifestStatus {
  const { model, monitoring, digest, notes } = described;
  const { warnings = [], files = [] } = applied?.loaded ?? {};
  // An empty folder is not a mistake: nothing was refused.
  const refused = rejected?.result.outcome === 'invalid' ? rejected : null;
  return {
    app: model.app,
    environment: model.environment,
    digest,
    appliedAt: applied?.at ?? null,
    files,
    services: model.services.length,
    monitors: monitoring.monitors.length,
    warnings: [...warnings, ...notes].map(problemView),
    rejected: refused && { at: refused.at, problems: refused.result.problems.map(problemView) },
  };
}

export function problemView({ file, line, column, message, hint }: Problem): ManifestStatus['warnings'][number] {
  return { file, line, column, message, hint: hint ?? null };
}
