import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { DONE } from '../maintenance-words.ts';
import { argument, DRY_RUN_FLAG, JSON_FLAG } from '../options.ts';
import { bold, line } from '../styled.ts';
import { lasting } from '../time-words.ts';

export const maintenanceEnd = defineCommand({
  name: 'maintenance end',
  kind: 'change',
  summary: 'End maintenance that was begun by hand.',
  description:
    'What is watched counts again at once: its state is decided from the checks. A window that evenkeel.yaml plans is shortened there.',
  arguments: { id: argument('Its id, from `evenkeel maintenance list`.') },
  options: { dryRun: DRY_RUN_FLAG, json: JSON_FLAG },
  exitStatus: {
    0: 'It is over.',
    4: 'There is no such maintenance.',
    5: 'It is over already, or planned in the manifest.',
  },
  examples: ['evenkeel maintenance end mnt_01k9example', 'evenkeel maintenance end mnt_01k9example --dry-run'],

  async run({ id, dryRun, json }, { api, clock, out, ...terminal }) {
    const answer = await api.call('POST /api/v1/maintenance/:id/end', dryRun ? { id, dryRun } : { id });
    const { window, isDryRun } = answer;
    const lasted = lasting(window.startsAt, clock.now());
    if (json) terminal.json(answer);
    else if (isDryRun) out(line`Would end ${bold(window.title)} (${window.id}), open for ${lasted}.`);
    else out(line`${DONE} ${bold(window.title)} (${window.id}) is over after ${lasted}.`);
    return EXIT.ok;
  },
});
