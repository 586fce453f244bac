import * as catalogue from '../catalogue.ts';
import { openBackup } from '../open-backup.ts';
import { verifyBackup } from '../verify-backup.ts';
import { findCatalogued, isDamage } from './chosen-backup.ts';
import type { Work, WorkDeps, WorkResult } from './run-work.ts';

/** Reads a backup to its end in each of its vaults. A copy that is bad fails the run, after the others were looked at. */
export async function workOnVerify(work: Work, deps: WorkDeps): Promise<WorkResult> {
  const { entry, vaults, signers } = await findCatalogued(work, deps);
  const identities = await deps.keys.identities();
  const tools = { ...deps, signal: work.signal, progress: work.progress, identities };
  const findings: string[] = [];
  const failures: unknown[] = [];
  for (const vault of vaults) {
    try {
      const level = await verifyBackup(
        await openBackup(vault, entry.folder, signers),
        deps.engineOf(entry.engine),
        tools,
      );
      findings.push(`In ${vault.name} it ${READ_AS[level]}.`);
    } catch (error) {
      work.signal.throwIfAborted();
      failures.push(error);
    }
  }
  return {
    findings,
    ...(failures.length > 0 && { failure: failures[0] }),
    async commit(tx) {
      // A vault that is away, or a key that does not fit, says nothing against what is stored.
      if (findings.length === 0 && failures.every(isDamage)) await catalogue.setLevel(tx, entry.id, 'none');
      else if (findings.length > 0 && (entry.level === 'none' || entry.level === 'stored'))
        await catalogue.setLevel(tx, entry.id, identities.length > 0 ? 'readable' : 'stored');
    },
  };
}

const READ_AS = {
  stored: 'is, byte for byte, what was stored; there was no private key to open it with',
  readable: 'was read to its end, decrypted, unpacked and understood',
};
