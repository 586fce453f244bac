import * as catalogue from '../catalogue.ts';
import { sayComparison } from '../comparison.ts';
import { proveBackup } from '../restore-backup.ts';
import { findCatalogued, isDamage, withFirstGood } from './chosen-backup.ts';
import type { Work, WorkDeps, WorkResult } from './run-work.ts';

/** Restores a backup into a scratch database; only then it counts. */
export async function workOnProof(work: Work, deps: WorkDeps): Promise<WorkResult> {
  const { plan, run, signal, progress } = work;
  const found = await findCatalogued(work, deps);
  const { id, service, engine } = found.entry;
  const assertions = plan.sources.find((source) => source.service === run.service)?.assertions ?? [];
  const tools = { ...deps, signal, progress, identities: await deps.keys.identities() };
  try {
    const { result, passedOver } = await withFirstGood(found, deps, (opened) =>
      proveBackup(opened, deps.engineOf(engine), assertions, tools),
    );
    const { comparison, tookMs } = result;
    return {
      findings: [...passedOver, sayComparison(comparison), ...sayAnswers(assertions.length)],
      async commit(tx, at) {
        const { tables, rows } = comparison;
        await catalogue.setProven(tx, id, { at, tookMs, tables, rows, assertions: assertions.length });
        await tx.emit('backup.proven', { environment: deps.environment, service, backup: id, tookMs, at });
      },
    };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { findings: [], failure: error, commit: (tx) => catalogue.setLevel(tx, id, 'none') };
  }
}

function sayAnswers(assertions: number): readonly string[] {
  if (assertions === 0) return [];
  return [assertions === 1 ? 'The one assertion holds.' : `All ${assertions} assertions hold.`];
}
