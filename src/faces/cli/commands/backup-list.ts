import path from 'node:path';
import type { BackupView } from '../../http/contract.ts';
import { defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { VaultBackup, VaultListing } from '../offline-vault.ts';
import { integer, JSON_FLAG, optionalArgument, VAULT_OPTION } from '../options.ts';
import { proofWord } from '../proof-word.ts';
import { sizeWords } from '../size-words.ts';
import { bad, dim, good, line, type Piece } from '../styled.ts';
import { type Column, table } from '../table.ts';
import { ago, instantWords } from '../time-words.ts';
import { noneInVault } from '../with-vault.ts';

const FIRST: readonly Column[] = [
  { title: 'backup' },
  { title: 'service', mayShrink: true },
  { title: 'taken' },
  { title: 'ago', isNumeric: true },
  { title: 'size', isNumeric: true },
];
const COLUMNS: readonly Column[] = [
  ...FIRST,
  { title: 'level' },
  { title: 'proven' },
  { title: 'in', mayShrink: true },
];
const VAULT_COLUMNS: readonly Column[] = [...FIRST, { title: 'signature' }, { title: 'folder' }];

export const backupList = defineCommand({
  name: 'backup list',
  kind: 'read',
  summary: 'The backups that are kept, and what each is worth.',
  description: [
    'Stored means that it is there, readable that it was read to its end, proven that it was restored and held what it should. Newest first.',
    'With --vault it asks no server, but looks into that folder: for the day on which there is no server.',
  ].join('\n'),
  arguments: { service: optionalArgument('Only backups of this service.') },
  options: {
    vault: VAULT_OPTION,
    limit: integer('number', { min: 1, max: 1_000 }, 'How many at most. Default: 50.'),
    json: JSON_FLAG,
  },
  exitStatus: { 4: 'Nothing of this name is backed up, or there is no such folder.' },
  examples: [
    'evenkeel backup list',
    'evenkeel backup list db --limit 5',
    'evenkeel backup list --vault /mnt/vault',
    "evenkeel backup list --json | jq -r '.backups[0].id'",
  ],

  async run({ service, vault, limit, json }, context) {
    if (vault !== undefined) return listVault({ service, vault, limit, json }, context);
    const filter = { ...(service === undefined ? {} : { service }), ...(limit === undefined ? {} : { limit }) };
    const answer = await context.api.call('GET /api/v1/backups', filter);
    if (json) context.json(answer);
    else if (answer.backups.length === 0) context.note(nothingWords(service));
    else tell(answer.backups, context);
    return EXIT.ok;
  },
});

interface VaultWish {
  readonly service: string | undefined;
  readonly vault: string;
  readonly limit: number | undefined;
  readonly json: boolean;
}

async function listVault({ service, vault, limit, json }: VaultWish, context: CliContext): Promise<ExitCode> {
  const folder = path.resolve(context.folder, vault);
  const listing = await context.offline.listVault({ vault: folder, service });
  const hasNone = listing.backups.length === 0 && listing.incomplete.length === 0;
  if (service !== undefined && hasNone) throw await noneInVault(service, folder, context);
  const shown = { ...listing, backups: listing.backups.slice(0, limit ?? 50) };
  if (json) context.json(shown);
  else tellVault(shown, context);
  return EXIT.ok;
}

function nothingWords(service: string | undefined): string {
  return service === undefined
    ? 'There is no backup yet: they would stand here. `evenkeel status` says what is backed up and when next.'
    : `There is no backup of ${service}. \`evenkeel backup run ${service}\` takes one.`;
}

function tell(backups: readonly BackupView[], { out, clock, columns }: CliContext): void {
  const now = clock.now();
  const rows = backups.map(({ id, service, takenAt, bytes, level, provenAt, vaults }) => [
    ...firstCells({ id, service, takenAt, bytes }, now),
    proofWord(level),
    provenAt === null ? 'never' : ago(provenAt, now),
    vaults.join(', '),
  ]);
  for (const each of table(COLUMNS, rows, columns)) out(each);
}

function tellVault({ backups, incomplete, where }: VaultListing, { out, note, clock, columns }: CliContext): void {
  if (backups.length === 0) note(`There is no complete backup in ${where}. Is it the folder of a vault?`);
  else {
    const rows = backups.map((backup) => [
      ...firstCells({ ...backup, takenAt: new Date(backup.takenAt).toISOString() }, clock.now()),
      signatureWord(backup),
      backup.folder,
    ]);
    for (const each of table(VAULT_COLUMNS, rows, columns)) out(each);
  }
  for (const { folder, reason } of incomplete) note(line`${bad('✗ no complete backup')}  ${folder}: ${reason}`);
}

type First = Pick<BackupView, 'id' | 'service' | 'takenAt' | 'bytes'>;

function firstCells({ id, service, takenAt, bytes }: First, now: number): readonly Piece[] {
  return [id, service, instantWords(takenAt), ago(takenAt, now), sizeWords(bytes)];
}

function signatureWord({ isSignatureTrusted }: VaultBackup): Piece {
  return isSignatureTrusted ? good('✓ known') : dim('? unknown');
}
