import { sayComparison } from '../comparison.ts';
import { errors } from '../errors.ts';
import { restoreBackup } from '../restore-backup.ts';
import { findCatalogued, withFirstGood } from './chosen-backup.ts';
import type { Work, WorkDeps, WorkResult } from './run-work.ts';

/** Restores a backup into a new database beside its source. */
export async function workOnRestore(work: Work, deps: WorkDeps): Promise<WorkResult> {
  const { plan, run, signal, progress } = work;
  const found = await findCatalogued(work, deps);
  const source = plan.sources.find(({ service }) => service === run.service);
  if (source === undefined) throw errors.BACKUP_SOURCE_UNKNOWN({ service: run.service });
  if (run.name === null) throw new Error('A restore has a name for what it makes.');
  const into = { kind: 'beside', source, name: run.name } as const;
  const tools = { ...deps, signal, progress, identities: await deps.keys.identities() };
  const { result, passedOver } = await withFirstGood(found, deps, (opened) =>
    restoreBackup(opened, deps.engineOf(found.entry.engine), into, tools),
  );
  const { where, comparison, notes } = result;
  for (const note of notes) deps.log.warn('Something was found beside a restored database.', { run: run.id, note });
  const findings = [...passedOver, `Restored to ${where}.`, sayComparison(comparison), ...notes];
  return { findings, commit: () => Promise.resolve() };
}
