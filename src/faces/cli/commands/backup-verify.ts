import type { ProofLevel } from '../../../contracts/facts.ts';
import { BACKUP_ARGUMENT, backupChoice, backupIdOf } from '../backup-choice.ts';
import { seeThrough, tellDone, tookMsOf } from '../backup-run.ts';
import { defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import {
  DRY_RUN_FLAG,
  flag,
  IDENTITY_OPTION,
  JSON_FLAG,
  NO_WAIT_FLAG,
  SIGNER_OPTION,
  VAULT_OPTION,
} from '../options.ts';
import { bold, line, type Piece } from '../styled.ts';
import { demandVault, type VaultWishes, withVault } from '../with-vault.ts';

export const backupVerify = defineCommand({
  name: 'backup verify',
  kind: 'change',
  summary: 'Read a backup to its end, or prove it by a restore.',
  description: [
    'Reads it from every vault it is in, and opens it as the tool of its database does. --prove restores it into a scratch database that nobody else can reach, counts the rows and asks your assertions.',
    'With --vault it asks no server, but reads that folder with the private key of --identity.',
  ].join('\n'),
  arguments: { backup: BACKUP_ARGUMENT },
  options: {
    prove: flag('Restore it into a scratch database and look at what comes out.'),
    vault: VAULT_OPTION,
    identity: IDENTITY_OPTION,
    signer: SIGNER_OPTION,
    noWait: NO_WAIT_FLAG,
    dryRun: DRY_RUN_FLAG,
    json: JSON_FLAG,
  },
  exitStatus: {
    0: 'It is what it should be; with --no-wait: asked for.',
    1: 'With --vault and without a private key: it is what was stored, but it was not opened.',
    3: 'Nobody we believe has signed it, it is for another key, or the role operator is missing.',
    4: 'There is no such backup.',
    5: 'It is damaged, or what was restored is not what it was.',
  },
  examples: [
    'evenkeel backup verify latest:db',
    'evenkeel backup verify latest:db --prove',
    'evenkeel backup verify latest:db --vault /mnt/vault --identity offline.agekey',
  ],

  async run({ backup, prove, noWait, dryRun, json, ...wishes }, context) {
    if (demandVault(wishes)) return verifyOffline({ backup, prove, dryRun, json, wishes }, context);
    const id = await backupIdOf(backup, context.api);
    const input = { id, ...(prove ? { prove } : {}), ...(dryRun ? { dryRun } : {}) };
    const asked = await context.api.call('POST /api/v1/backups/:id/verify', input);
    const { service = '?' } = asked.backup ?? {};
    const what = line`${bold(id)} of ${service}`;
    const words = {
      json,
      noWait,
      would: wouldWords(what, prove),
      later: `\`evenkeel backup list ${service}\` shows what it is worth then.`,
    };
    const run = await seeThrough(asked, words, context);
    if (run === undefined) return EXIT.ok;
    // How far it was read stands in the findings: it may differ from one vault to the next.
    const found = line`${what}: ${prove ? FOUND.restored : 'verified'}`;
    tellDone({ what: found, tookMs: tookMsOf(run), findings: run.findings }, context);
    return EXIT.ok;
  },
});

function wouldWords(what: Piece, prove: boolean): Piece {
  return prove
    ? line`Would restore ${what} into a scratch database, to prove it.`
    : line`Would read ${what} to its end.`;
}

const FOUND: Readonly<Record<ProofLevel, string>> = {
  none: 'nothing is known of it',
  stored: 'stored as it was written, but not opened, for want of a private key (--identity)',
  readable: 'read to its end',
  restored: 'proven by a restore',
};

interface OfflineWish {
  readonly backup: string;
  readonly prove: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly wishes: VaultWishes & { readonly vault: string };
}

async function verifyOffline(
  { backup, prove, dryRun, json, wishes }: OfflineWish,
  context: CliContext,
): Promise<ExitCode> {
  const found = await withVault(wishes, backupChoice(backup), context, (selection) =>
    context.offline.verifyInVault({ ...selection, isProof: prove, isDryRun: dryRun }),
  );
  const what = line`${bold(found.backup.id)} of ${found.backup.service}`;
  // Whoever watches the exit status must not take bytes that nobody could read for a backup.
  const isOpened = dryRun || found.level !== 'stored';
  if (json) context.json({ isDryRun: dryRun, ...found });
  else if (dryRun) context.out(wouldWords(what, prove));
  else tellDone({ ...found, what: line`${what}: ${FOUND[found.level]}`, isDoubtful: !isOpened }, context);
  return isOpened ? EXIT.ok : EXIT.no;
}
