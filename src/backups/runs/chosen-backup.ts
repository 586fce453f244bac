import { EvenkeelError } from '../../kernel/errors.ts';
import * as catalogue from '../catalogue.ts';
import { errors } from '../errors.ts';
import { type OpenedBackup, openBackup } from '../open-backup.ts';
import type { Vault } from '../vault.ts';
import type { Work, WorkDeps } from './run-work.ts';

/** The backup a run is about, with those of its vaults that there still are. */
export interface Catalogued {
  readonly entry: catalogue.CataloguedBackup;
  readonly vaults: readonly [Vault, ...Vault[]];
  readonly signers: readonly string[];
}

export async function findCatalogued({ run, plan }: Work, deps: WorkDeps): Promise<Catalogued> {
  const id = run.backup ?? '';
  const entry = await catalogue.find(deps.db, deps.environment, id);
  if (entry === undefined) throw errors.BACKUP_UNKNOWN({ id });
  const [first, ...others] = plan.vaults.filter(({ name }) => entry.vaults.includes(name)).map(deps.openVault);
  if (first === undefined) throw errors.BACKUP_VAULT_GONE({ id, vaults: entry.vaults.join(', ') });
  return { entry, vaults: [first, ...others], signers: await trustedBy(plan.signers, deps) };
}

interface FromFirstGood<Result> {
  readonly result: Result;
  /** A sentence for each vault before it, for whoever thinks that the copies there are good. */
  readonly passedOver: readonly string[];
}

/** Does it with the first vault in which the backup is good. When it is in none, what may pass is thrown first. */
export async function withFirstGood<Result>(
  { entry, vaults, signers }: Catalogued,
  { log }: WorkDeps,
  use: (opened: OpenedBackup) => Promise<Result>,
): Promise<FromFirstGood<Result>> {
  const problems: EvenkeelError[] = [];
  const passedOver: string[] = [];
  for (const vault of vaults) {
    try {
      return { result: await use(await openBackup(vault, entry.folder, signers)), passedOver };
    } catch (error) {
      if (!(error instanceof EvenkeelError) || !isAboutTheCopy(error)) throw error;
      problems.push(error);
      passedOver.push(`The copy in ${vault.name} was passed over: ${error.message}`);
      log.warn('A copy of a backup is not good.', { backup: entry.id, vault: vault.name, reason: error.message });
    }
  }
  throw problems.find((problem) => !isDamage(problem)) ?? problems[0] ?? new Error('There is one vault at least.');
}

/** It says that what is stored is worth nothing, rather than that it could not be looked at. */
export function isDamage(error: unknown): boolean {
  return error instanceof EvenkeelError && DAMAGE.includes(error.code);
}

const DAMAGE = [
  'BACKUP_DAMAGED',
  'BACKUP_MANIFEST_INVALID',
  'BACKUP_MISPLACED',
  'BACKUP_SIGNATURE_INVALID',
  'BACKUP_SIGNER_UNKNOWN',
  'VAULT_ENTRY_MISSING',
  'VAULT_ENTRY_TOO_LONG',
];

/** Another vault may have a better one. */
function isAboutTheCopy(error: EvenkeelError): boolean {
  return error.code.startsWith('VAULT_') || isDamage(error);
}

/** Where nobody is pinned, only what we signed ourselves is believed. */
async function trustedBy(signers: readonly string[], { keys }: WorkDeps): Promise<readonly string[]> {
  if (signers.length > 0) return signers;
  const own = await keys.signingKey();
  return own === null ? [] : [own.signer];
}
