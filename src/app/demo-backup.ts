import type { BackupRun, Backups, BackupWork } from '../backups/index.ts';
import type { BackupSourceNow } from '../contracts/facts.ts';
import { EvenkeelError } from '../kernel/errors.ts';
import { demoLook, type Looking } from './demo-look.ts';

export interface BackupDeps extends Looking {
  readonly backups: Pick<Backups, 'facts' | 'request' | 'run'>;
}

export type BackupOutcome =
  | { readonly outcome: 'proven'; readonly bytes: number; readonly proof: NonNullable<BackupSourceNow['lastProof']> }
  | { readonly outcome: 'failed'; readonly message: string; readonly hint: string };

/** Takes a backup of this service and restores it, as `evenkeel backup run` and the nightly proof do. */
export async function takeAndProve(service: string, deps: BackupDeps): Promise<BackupOutcome> {
  try {
    const taken = await finished({ kind: 'backup', service }, deps);
    if (taken.error !== null || taken.backup === null) return failed(taken);
    const proven = await finished({ kind: 'prove', backup: taken.backup }, deps);
    return proven.error === null ? await provenNow(service, deps) : failed(proven);
  } catch (error) {
    if (!(error instanceof EvenkeelError)) throw error;
    return { outcome: 'failed', message: error.message, hint: error.hint };
  }
}

async function provenNow(service: string, { backups }: BackupDeps): Promise<BackupOutcome> {
  const source = (await backups.facts.sources()).find((candidate) => candidate.service === service);
  if (source?.lastProof === undefined || source.lastProof === null) {
    throw new Error(`The backup of ${service} was proven, and nothing is known of it.`);
  }
  return { outcome: 'proven', bytes: source.lastBackup?.bytes ?? 0, proof: source.lastProof };
}

async function finished(work: BackupWork, { backups, ...looking }: BackupDeps): Promise<BackupRun> {
  const { id } = await backups.request(work);
  return demoLook(looking, async () => {
    const run = await backups.run(id);
    return run.endedAt === null ? undefined : run;
  });
}

function failed({ error, kind }: BackupRun): BackupOutcome {
  if (error === null) throw new Error(`A run (${kind}) ended without a backup and without a reason.`);
  const { message, hint } = error;
  return { outcome: 'failed', message, hint };
}
