import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { argument, DRY_RUN_FLAG, JSON_FLAG } from '../options.ts';
import { bold, good, line } from '../styled.ts';

export const monitorRemove = defineCommand({
  name: 'monitor remove',
  kind: 'change',
  summary: 'Stop watching what `monitor add` added.',
  description:
    'Its file in evenkeel.d/ is taken away; its history is kept, and comes back with its name. What a person wrote into the manifest is taken out with an editor.',
  arguments: { monitor: argument('Its name.') },
  options: { dryRun: DRY_RUN_FLAG, json: JSON_FLAG },
  exitStatus: { 0: 'It is watched no more.', 5: 'No command added it.' },
  examples: ['evenkeel monitor remove checkout', 'evenkeel monitor remove checkout --dry-run'],

  async run({ monitor: name, dryRun, json }, { api, out, ...terminal }) {
    const answer = await api.call('DELETE /api/v1/monitors/:name', { name, ...(dryRun ? { dryRun } : {}) });
    if (json) terminal.json(answer);
    else if (dryRun)
      out(line`Would delete ${bold(answer.file)}, and stop watching ${bold(name)}. Its history is kept.`);
    else out(line`${good('✓')} ${bold(name)} is watched no more; ${answer.file} is gone. Its history is kept.`);
    return EXIT.ok;
  },
});
