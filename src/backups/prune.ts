import { DAY_MS } from '../kernel/clock.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import * as catalogue from './catalogue.ts';
import { removeBackup, sweepService } from './format/backup-folder.ts';
import type { PlannedSource } from './plan.ts';
import { expired } from './retention.ts';
import * as runLife from './runs/run-life.ts';
import type { WorkDeps } from './runs/run-work.ts';
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
    const left = await removeFrom(holding, backup.folder, log);
    const names = left.map(({ name }) => name);
    await db.quiet('what is kept is no event', (tx) => catalogue.keepIn(tx, backup.id, names));
    if (left.length === 0) log.info('An old backup was removed.', { service, backup: backup.id, keep });
  }
  for (const vault of vaults) {
    await attempt(vault, log, async () => {
      await vault.sweep(now - LEFTOVER_MS);
      await sweepService(vault, { app, environment, service }, now - LEFTOVER_MS);
    });
  }
  await db.quiet('forgetting is no event', (tx) => runLife.deleteEndedBefore(tx, environment, now - RUNS_KEPT_MS));
}

/** Returns the vaults that would not let go of it; the next backup asks them again. */
async function removeFrom(vaults: readonly Vault[], folder: string, log: Log): Promise<readonly Vault[]> {
  const left: Vault[] = [];
  for (const vault of vaults) {
    if (!(await attempt(vault, log, () => removeBackup(vault, folder)))) left.push(vault);
  }
  return left;
}

/** One vault in which nothing can be removed keeps no other from being tidied up. */
async function attempt(vault: Vault, log: Log, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    log.warn('A vault could not be tidied up; it is tried again after the next backup.', {
      vault: vault.name,
      reason: messageOf(error),
    });
    return false;
  }
}
