import path from 'node:path';
import { defineCommand } from '../command.ts';
import type { CliContext, ManifestProposal } from '../context.ts';
import { errors } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { DRY_RUN_FLAG, text } from '../options.ts';
import { bold, dim, good, line } from '../styled.ts';

export const init = defineCommand({
  name: 'init',
  kind: 'change',
  summary: 'Write an evenkeel.yaml for the project in this folder.',
  description: [
    'Looks at what is there (compose files, package.json, pyproject.toml, Dockerfiles, .env.example) and writes a commented manifest that says what was found and why.',
    'An existing file is never overwritten.',
  ].join('\n'),
  options: {
    output: text('file', 'Where to write it. Default: evenkeel.yaml.'),
    dryRun: DRY_RUN_FLAG,
  },
  exitStatus: { 0: 'Written, or shown with --dry-run.', 5: 'The file exists already.' },
  examples: ['evenkeel init', 'evenkeel init --dry-run', 'evenkeel init --output ops/evenkeel.yaml'],

  async run({ output = 'evenkeel.yaml', dryRun }, context) {
    const { folder, files, offline, out, note } = context;
    const proposal = await offline.proposeManifest(folder);
    tellFindings(proposal, context);
    if (dryRun) {
      out(proposal.text.trimEnd());
      return EXIT.ok;
    }
    const isNew = await files.create(path.resolve(folder, output), proposal.text);
    if (!isNew) throw errors.CLI_FILE_EXISTS({ file: output });
    await offline.writeEditorSchema(path.dirname(path.resolve(folder, output)));
    note(line`${good('✓')} Wrote ${bold(output)}. Read it through, then:`);
    note(line`  evenkeel check   ${dim('Find mistakes before they matter.')}`);
    note(line`  evenkeel serve   ${dim('Watch it.')}`);
    return EXIT.ok;
  },
});

function tellFindings({ findings }: ManifestProposal, { note }: CliContext): void {
  if (findings.length === 0) {
    note('Found nothing that says what this project is made of; the manifest shows how to describe it.');
  } else {
    note('Found:');
    const width = Math.max(...findings.map(({ what }) => what.length));
    for (const { what, why } of findings) note(line`  ${bold(what.padEnd(width))}  ${why}`);
  }
  note('');
}
