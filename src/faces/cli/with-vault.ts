import path from 'node:path';
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
  } finally {
    progress.end();
  }
}
