import type { Tx } from '../../contracts/database.ts';
import type { BackupRun, BackupWork } from '../backups.ts';
import * as catalogue from '../catalogue.ts';
import { errors } from '../errors.ts';
import type { BackupPlan } from '../plan.ts';
import * as runLife from './run-life.ts';
import type { StoredRun } from './run-store.ts';
import * as runStore from './run-store.ts';
import type { WorkDeps } from './run-work.ts';

export interface RequestDeps extends Pick<WorkDeps, 'db' | 'clock' | 'ids' | 'environment'> {
  readonly plan: () => BackupPlan;
  readonly wake: (tx: Tx, service: string) => Promise<void>;
}

/** What somebody asks for, as a run that waits; or the one under way, when there is one for the same. */
export async function requestRun(wanted: BackupWork, deps: RequestDeps): Promise<BackupRun> {
  const asked = await workAsked(wanted, deps);
  return deps.db.quiet('a run announces how it ends', (tx) => requestOnce(tx, asked, deps));
}

type Asked = Pick<runStore.NewRun, 'environment' | 'kind' | 'service' | 'backup' | 'name'>;

async function workAsked(wanted: BackupWork, { db, environment, plan }: RequestDeps): Promise<Asked> {
  if (wanted.kind === 'backup') {
    const { kind, service } = wanted;
    if (!plan().sources.some((source) => source.service === service)) throw errors.BACKUP_SOURCE_UNKNOWN({ service });
    return { environment, kind, service, backup: null, name: null };
  }
  const { kind, backup } = wanted;
  const entry = await catalogue.find(db, environment, backup);
  if (entry === undefined) throw errors.BACKUP_UNKNOWN({ id: backup });
  return { environment, kind, service: entry.service, backup, name: kind === 'restore' ? wanted.name : null };
}

async function requestOnce(tx: Tx, asked: Asked, { clock, ids, environment, wake }: RequestDeps): Promise<BackupRun> {
  await runLife.takeTurn(tx, asked);
  const open = await runStore.findOpen(tx, asked);
  const now = clock.now();
  const id = open?.id ?? ids.next('run');
  if (open === undefined) await runStore.insert(tx, { ...asked, id, attempt: 1, queuedAt: now, runAt: now });
  else await runStore.hurry(tx, id, now);
  await wake(tx, asked.service);
  const run = await runStore.find(tx, environment, id);
  if (run === undefined) throw new Error('A run that was just written cannot be read.');
  return runNow(run);
}

/** As everybody may see it. */
export function runNow({ name: _name, attempt: _attempt, ...run }: StoredRun): BackupRun {
  return run;
}
