import type { BackupRequestedView, BackupRunView, BackupView } from '../../http/contract.ts';
import { seeThrough, tellDone, tookMsOf } from '../backup-run.ts';
import { defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { argument, DRY_RUN_FLAG, JSON_FLAG, NO_WAIT_FLAG } from '../options.ts';
import { proofWord } from '../proof-word.ts';
import { sizeWords } from '../size-words.ts';
import { bold, dim, line, type Piece } from '../styled.ts';
import { ago, until } from '../time-words.ts';

export const backupRun = defineCommand({
  name: 'backup run',
  kind: 'change',
  summary: 'Take a backup of a service now.',
  description: [
    'Waits until it is stored in every vault and was read back from there to its end. When one is being taken already, that one is waited for.',
    'A restore proves it as often as the manifest says; `evenkeel backup verify latest:db --prove` does so now.',
    'When it fails, nothing that looks finished is left, and the exit status is that of the error.',
  ].join('\n'),
  arguments: { service: argument('Its name in the manifest.') },
  options: { noWait: NO_WAIT_FLAG, dryRun: DRY_RUN_FLAG, json: JSON_FLAG },
  exitStatus: {
    0: 'Taken and read back; with --no-wait: asked for.',
    4: 'Nothing of this name is backed up.',
    6: 'It failed, and trying again may help.',
  },
  examples: [
    'evenkeel backup run db',
    'evenkeel backup run db --dry-run',
    'evenkeel backup run db --no-wait --json | jq -r .run.id',
  ],

  async run({ service, noWait, dryRun, json }, context) {
    const asked = await context.api.call('POST /api/v1/backups', dryRun ? { service, dryRun } : { service });
    const words = {
      json,
      noWait,
      would: planWords(asked, context),
      later: `\`evenkeel backup list ${service}\` shows it once it is there.`,
    };
    const run = await seeThrough(asked, words, context);
    if (run !== undefined) tell(run, await backupOf(run, context), context);
    return EXIT.ok;
  },
});

function planWords({ source }: BackupRequestedView, { clock }: CliContext): Piece {
  if (source === null) return '';
  const { service, engine, lastBackup, nextAt } = source;
  const last = lastBackup === null ? 'there is none yet' : `the newest is from ${ago(lastBackup.takenAt, clock.now())}`;
  const next = nextAt === null ? '' : `, the next is due ${until(nextAt, clock.now())}`;
  return line`Would take a backup of ${bold(service)} (${engine}): ${last}${next}.`;
}

async function backupOf({ service, backup }: BackupRunView, { api }: CliContext): Promise<BackupView | undefined> {
  const { backups } = await api.call('GET /api/v1/backups', { service, limit: 50 });
  return backups.find(({ id }) => id === backup);
}

function tell(run: BackupRunView, backup: BackupView | undefined, context: CliContext): void {
  const what = line`Backup of ${bold(run.service)}: ${run.backup ?? run.id}${storedWords(backup)}`;
  tellDone({ what, tookMs: tookMsOf(run), findings: run.findings }, context);
  if (backup !== undefined) context.out(line`  ${proofWord(backup.level)}${provenWords(backup)}`);
}

function storedWords(backup: BackupView | undefined): string {
  if (backup === undefined) return '';
  const { bytes, plainBytes, vaults } = backup;
  return `, ${sizeWords(bytes)} (${sizeWords(plainBytes)} unpacked) in ${vaults.join(', ')}`;
}

function provenWords({ level, id }: BackupView): Piece {
  if (level === 'restored') return ' by a restore';
  return [', not proven by a restore yet: ', dim(`evenkeel backup verify ${id} --prove`)];
}
