import { DAY_MS } from '../kernel/clock.ts';
import { removeBackup, sweepService } from './backup-folder.ts';
import * as catalogue from './catalogue.ts';
import type { PlannedSource } from './plan.ts';
import { expired } from './retention.ts';
import * as runLife from './run-life.ts';
import type { WorkDeps } from './run-work.ts';
import type { Vault } from './vault.ts';

/** Half-written things may belong to somebody who is still writing, but not for so long. */
const LEFTOVER_MS = DAY_MS;
const RUNS_KEPT_MS = 90 * DAY_MS;

export interface Pruned {
  readonly source: PlannedSource;
  /** Those that the source goes to. */
  readonly vaults: readonly Vault[];
  readonly app: string;
}

/** Removes what no rule keeps any longer, and what crashes have left. Only ever called after a backup has succeeded. */
export async function prune({ source, vaults, app }: Pruned, deps: WorkDeps): Promise<void> {
  const { db, clock, log, environment } = deps;
  const { service, keep } = source;
  const now = clock.now();
  const all = await catalogue.list(db, { environment, service });
  const good = all.filter(({ level }) => level === 'readable' || level === 'restored');
  const ages = good.map(({ id, takenAt, proof }) => ({ id, takenAt, provenAt: proof?.at ?? null }));
  const old = expired(ages, keep, now).map(({ id }) => id);
  for (const backup of good.filter(({ id }) => old.includes(id))) {
    const holding = vaults.filter(({ name }) => backup.vaults.includes(name));
    // In a vault that the manifest has no more nothing can be removed, so it is not forgotten either.
    if (holding.length < backup.vaults.length) continue;
    for (const vault of holding) await removeBackup(vault, backup.folder);
    await db.quiet('what is kept is no event', (tx) => catalogue.remove(tx, backup.id));
    log.info('An old backup was removed.', { service, backup: backup.id, keep });
  }
  for (const vault of vaults) {
    await vault.sweep(now - LEFTOVER_MS);
    await sweepService(vault, { app, environment, service }, now - LEFTOVER_MS);
  }
  await db.quiet('forgetting is no event', (tx) => runLife.deleteEndedBefore(tx, environment, now - RUNS_KEPT_MS));
}
