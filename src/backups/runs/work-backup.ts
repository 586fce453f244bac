import type { Tx } from '../../contracts/database.ts';
import * as catalogue from '../catalogue.ts';
import { type CataloguedBackup } from '../catalogue.ts';
import { errors } from '../errors.ts';
import { removeBackup } from '../format/backup-folder.ts';
import type { PlannedSource } from '../plan.ts';
import { prune } from '../prune.ts';
import { isProofDue } from '../schedule.ts';
import { type TakenBackup, takeBackup } from '../take-backup.ts';
import type { Vault } from '../vault.ts';
import * as runStore from './run-store.ts';
import type { Work, WorkDeps, WorkResult } from './run-work.ts';

/** Takes a backup, asks for its proof when that is due, and lets go of what need not be kept any longer. */
export async function workOnBackup({ run, plan, progress, signal }: Work, deps: WorkDeps): Promise<WorkResult> {
  const { environment, ids, clock } = deps;
  const source = plan.sources.find(({ service }) => service === run.service);
  if (source === undefined) throw errors.BACKUP_SOURCE_UNKNOWN({ service: run.service });
  const signingKey = await deps.keys.signingKey();
  if (signingKey === null) throw errors.BACKUP_SIGNING_KEY_MISSING({});
  const vaults = plan.vaults.filter(({ name }) => source.vaults.includes(name)).map(deps.openVault);
  const [first, ...others] = vaults;
  if (first === undefined) throw new Error(`The plan has no vault for ${source.service}.`);

  const id = ids.next('bak');
  progress.name(id);
  const startedAt = clock.ticks();
  const taken = await takeBackup(
    {
      id,
      app: plan.app,
      environment,
      source,
      engine: deps.engineOf(source.engine),
      vaults: [first, ...others],
      recipients: plan.recipients,
      signingKey,
      signers: plan.signers.length === 0 ? [signingKey.signer] : plan.signers,
      madeBy: `Evenkeel ${deps.version}`,
    },
    { exec: deps.exec, clock, ids, log: deps.log, signal, progress },
  );
  const entry = entryOf(taken, { environment, vaults, tookMs: Math.round(clock.ticks() - startedAt) });
  const isProvable = await mayOpen(deps);
  return {
    findings: [],
    async commit(tx, at) {
      await catalogue.insert(tx, entry);
      if (isProvable) await requestProof(tx, source, entry, { deps, at });
      const event = { environment, service: entry.service, backup: id, bytes: entry.bytes, at };
      await tx.emit('backup.taken', event);
    },
    async undo() {
      for (const vault of vaults) await removeBackup(vault, taken.folder);
    },
    afterwards: () => prune({ source, vaults, app: plan.app }, deps),
  };
}

/** A server without a private key only makes backups, and that is no fault; one that cannot be read is told of. */
function mayOpen({ keys }: WorkDeps): Promise<boolean> {
  return keys.identities().then(
    ({ length }) => length > 0,
    () => true,
  );
}

interface Circumstances {
  readonly environment: string;
  readonly vaults: readonly Vault[];
  readonly tookMs: number;
}

type Entry = Omit<CataloguedBackup, 'proof'>;

function entryOf({ folder, manifest }: TakenBackup, { environment, vaults, tookMs }: Circumstances): Entry {
  const { id, service, engine, startedAt, dump } = manifest;
  return {
    id,
    environment,
    service,
    engine,
    folder,
    vaults: vaults.map(({ name }) => name),
    takenAt: Date.parse(startedAt),
    tookMs,
    bytes: dump.stored.bytes,
    plainBytes: dump.plain.bytes,
    level: 'readable',
  };
}

async function requestProof(
  tx: Tx,
  { prove }: PlannedSource,
  { id, service, environment }: Entry,
  { deps, at }: { readonly deps: WorkDeps; readonly at: number },
): Promise<void> {
  const proven = await catalogue.newest(tx, { environment, service, isProven: true });
  if (!isProofDue(prove, proven?.proof?.at ?? null, at)) return;
  const run = { id: deps.ids.next('run'), environment, kind: 'prove', service, backup: id, name: null } as const;
  await runStore.insert(tx, { ...run, attempt: 1, queuedAt: at, runAt: at });
}
