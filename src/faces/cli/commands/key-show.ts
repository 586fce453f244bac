import path from 'node:path';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { JSON_FLAG, KEY_FOLDER_OPTION } from '../options.ts';
import { table } from '../table.ts';

export const keyShow = defineCommand({
  name: 'key show',
  kind: 'read',
  summary: 'The public halves of the keys in a folder, and what each is for.',
  description:
    'They are what stands under `keys:` in evenkeel.yaml. A private half is never shown: its file is all there is.',
  options: { folder: KEY_FOLDER_OPTION, json: JSON_FLAG },
  exitStatus: { 0: 'Shown.', 4: 'There is no key in that folder.' },
  examples: [
    'evenkeel key show',
    'evenkeel key show --folder /etc/evenkeel/keys',
    "evenkeel key show --json | jq -r '.keys[].publicKey'",
  ],

  async run({ folder = 'keys', json }, { offline, out, columns, ...context }) {
    const report = await offline.showKeys({ folder: path.resolve(context.folder, folder) });
    if (json) {
      context.json(report);
      return EXIT.ok;
    }
    const rows = report.keys.map(({ file, publicKey, use }) => [file, use, publicKey ?? '-']);
    for (const each of table(
      [{ title: 'file' }, { title: 'use', mayShrink: true }, { title: 'public key' }],
      rows,
      columns,
    )) {
      out(each);
    }
    return EXIT.ok;
  },
});
