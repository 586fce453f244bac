import path from 'node:path';
import { EvenkeelError } from '../../kernel/errors.ts';
import { didYouMean } from '../../kernel/nearest-word.ts';
import type { CliContext } from './context.ts';
import { errors } from './errors.ts';
import type { BackupChoice, VaultSelection } from './offline-vault.ts';
import { createProgress } from './progress.ts';
import { sizeWords } from './size-words.ts';

/** What was typed about a vault that is read without a server. */
export interface VaultWishes {
  readonly vault: string | undefined;
  readonly identity: string | undefined;
  readonly signer: string | undefined;
}

/** False without `--vault`: then a server is asked, which has keys of its own. */
export function demandVault(wishes: VaultWishes): wishes is VaultWishes & { readonly vault: string } {
  if (wishes.vault !== undefined) return true;
  const stray = wishes.identity === undefined ? wishes.signer && '--signer' : '--identity';
  if (!stray) return false;
  throw errors.CLI_USAGE({
    problem: `${stray} only goes with --vault.`,
    next: 'A server reads backups with its own keys: leave it out, or name the folder with --vault.',
  });
}

/** Does something with a backup in a vault, and shows how far it is. */
export async function withVault<Result>(
  { vault, identity, signer }: VaultWishes & { readonly vault: string },
  backup: BackupChoice,
  context: CliContext,
  work: (selection: VaultSelection) => Promise<Result>,
): Promise<Result> {
  const progress = createProgress(context, context.clock);
  const resolved = (typed: string) => path.resolve(context.folder, typed);
  try {
    return await work({
      vault: resolved(vault),
      backup,
      identityFile: identity === undefined ? undefined : resolved(identity),
      signers: signer?.split(',').map((key) => key.trim()),
      onProgress: ({ phase, bytes }) => progress.show(`${phase}, ${sizeWords(bytes)}`),
    });
  } catch (error) {
    const isUnknown = error instanceof EvenkeelError && error.code === 'BACKUP_UNKNOWN';
    if (!isUnknown || backup.by === 'id') throw error;
    throw await noneInVault(backup.service, resolved(vault), context);
  } finally {
    progress.end();
  }
}

/** That a vault has no backup of this service, with the one that was probably meant. */
export async function noneInVault(service: string, vault: string, { offline }: CliContext): Promise<EvenkeelError> {
  const { backups } = await offline.listVault({ vault, service: undefined });
  const nearest = didYouMean(service, new Set(backups.map((each) => each.service)));
  return errors.CLI_VAULT_BACKUP_NONE({ service, vault, nearest: nearest === undefined ? '' : `${nearest} ` });
}
