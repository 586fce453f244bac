import { BACKUP_ARGUMENT, backupChoice, backupIdOf } from '../backup-choice.ts';
import { seeThrough, tellDone, tookMsOf } from '../backup-run.ts';
import { defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import {
  DRY_RUN_FLAG,
  IDENTITY_OPTION,
  JSON_FLAG,
  NO_WAIT_FLAG,
  requiredText,
  SIGNER_OPTION,
  VAULT_OPTION,
} from '../options.ts';
import { demandName, restorePlace } from '../restore-place.ts';
import { bold, line } from '../styled.ts';
import { demandVault, type VaultWishes, withVault } from '../with-vault.ts';

export const backupRestore = defineCommand({
  name: 'backup restore',
  kind: 'change',
  summary: 'Bring a backup back, to a place where nothing is yet.',
  description: [
    'The server makes a new database beside the source, under the name after --to. The source is never touched, and nothing is ever overwritten.',
    'With --vault it asks no server: it reads that folder with the private key of --identity, and --to is an empty PostgreSQL database or a file that does not exist yet. The password of the database comes from PGPASSWORD or PGPASSFILE, never from the command line.',
  ].join('\n'),
  arguments: { backup: BACKUP_ARGUMENT },
  options: {
    to: requiredText('place', 'Name of the new database; with --vault an address or a file.'),
    vault: VAULT_OPTION,
    identity: IDENTITY_OPTION,
    signer: SIGNER_OPTION,
    noWait: NO_WAIT_FLAG,
    dryRun: DRY_RUN_FLAG,
    json: JSON_FLAG,
  },
  exitStatus: {
    0: 'Restored, and it holds what it held; with --no-wait: asked for.',
    3: 'Nobody we believe has signed it, it is for another key, or the role owner is missing.',
    4: 'There is no such backup.',
    5: 'It is damaged, or there is something at that place already.',
  },
  examples: [
    'evenkeel backup restore latest:db --to shop_yesterday',
    'evenkeel backup restore bak_01k9example --to shop_yesterday --dry-run',
    'evenkeel backup restore latest:db --vault /mnt/vault --identity offline.agekey --to postgres://shop@db.example/shop',
    'evenkeel backup restore latest:uploads --vault /mnt/vault --identity offline.agekey --to uploads.db',
  ],

  async run({ backup, to, noWait, dryRun, json, ...wishes }, context) {
    if (demandVault(wishes)) return restoreOffline({ backup, to, dryRun, json, wishes }, context);
    demandName(to);
    const id = await backupIdOf(backup, context.api);
    const input = { id, name: to, ...(dryRun ? { dryRun } : {}) };
    const asked = await context.api.call('POST /api/v1/backups/:id/restore', input);
    const { service = '?' } = asked.backup ?? {};
    const what = line`${bold(id)} of ${service}`;
    const would = line`Would restore ${what} into the new database ${bold(to)} beside it.`;
    const later = `GET /api/v1/backups/runs/${asked.run?.id} says how far it is.`;
    const run = await seeThrough(asked, { json, noWait, would, later }, context);
    if (run === undefined) return EXIT.ok;
    const restored = line`${what}: restored into ${bold(to)}`;
    tellDone({ what: restored, tookMs: tookMsOf(run), findings: run.findings }, context);
    return EXIT.ok;
  },
});

interface OfflineWish {
  readonly backup: string;
  readonly to: string;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly wishes: VaultWishes & { readonly vault: string };
}

async function restoreOffline(
  { backup, to, dryRun, json, wishes }: OfflineWish,
  context: CliContext,
): Promise<ExitCode> {
  const place = restorePlace(to, context.folder);
  const done = await withVault(wishes, backupChoice(backup), context, (selection) =>
    context.offline.restoreFromVault({ ...selection, to: place, isDryRun: dryRun }),
  );
  const what = line`${bold(done.backup.id)} of ${done.backup.service}`;
  if (json) context.json({ isDryRun: dryRun, ...done });
  else if (dryRun) context.out(line`Would restore ${what} to ${bold(done.where)}.`);
  else tellDone({ ...done, what: line`${what}: restored to ${bold(done.where)}` }, context);
  return EXIT.ok;
}
