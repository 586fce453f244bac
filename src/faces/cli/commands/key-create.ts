import path from 'node:path';
import { amount } from '../amount.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { DRY_RUN_FLAG, JSON_FLAG, KEY_FOLDER_OPTION } from '../options.ts';
import { bold, dim, good, line } from '../styled.ts';

export const keyCreate = defineCommand({
  name: 'key create',
  kind: 'change',
  summary: 'Make the keys that backups are encrypted for and signed with.',
  description: [
    'Writes files that only you can read: a key for the server, a key that you take away from it, and a key that signs. Whoever has one of the first two can open every backup; without both, nobody can.',
    'The part of evenkeel.yaml that goes with them is printed on standard output; it holds public keys only. An existing key is never overwritten.',
  ].join('\n'),
  options: { folder: KEY_FOLDER_OPTION, dryRun: DRY_RUN_FLAG, json: JSON_FLAG },
  exitStatus: { 0: 'Made, or shown with --dry-run.', 5: 'There are keys in that folder already.' },
  examples: ['evenkeel key create', 'evenkeel key create --folder /etc/evenkeel/keys', 'evenkeel key create --dry-run'],

  async run({ folder = 'keys', dryRun, json }, { offline, out, note, ...context }) {
    const report = await offline.createKeys({ folder: path.resolve(context.folder, folder), isDryRun: dryRun });
    if (json) {
      context.json({ isDryRun: dryRun, ...report });
      return EXIT.ok;
    }
    const made = amount(report.keys.length, 'key');
    if (dryRun) note(line`Would make ${made} in ${bold(report.folder)}:`);
    else note(line`${good('✓')} Made ${made} in ${bold(report.folder)}, for nobody else to read:`);
    const width = Math.max(0, ...report.keys.map(({ file }) => file.length));
    for (const { file, use, place } of report.keys) {
      note(line`  ${bold(file.padEnd(width))}  ${use}`);
      note(line`  ${' '.repeat(width)}  ${dim(place)}`);
    }
    if (report.manifest === null) return EXIT.ok;
    note('This goes into evenkeel.yaml:');
    out(report.manifest.trimEnd());
    return EXIT.ok;
  },
});
