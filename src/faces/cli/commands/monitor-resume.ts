import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { DONE } from '../maintenance-words.ts';
import { argument, DRY_RUN_FLAG, JSON_FLAG } from '../options.ts';
import { bold, line } from '../styled.ts';
import { lasting } from '../time-words.ts';

export const monitorResume = defineCommand({
  name: 'monitor resume',
  kind: 'change',
  summary: 'Check a paused monitor again.',
  description: 'It is checked from now on, and its state is decided from the checks.',
  arguments: { monitor: argument('Its name in the manifest.') },
  options: { dryRun: DRY_RUN_FLAG, json: JSON_FLAG },
  exitStatus: {
    0: 'It is checked again.',
    4: 'There is no such monitor.',
    5: 'It is not paused, or only together with others.',
  },
  examples: ['evenkeel monitor resume checkout', 'evenkeel monitor resume checkout --dry-run'],

  async run({ monitor: name, dryRun, json }, { api, clock, out, ...terminal }) {
    const answer = await api.call('POST /api/v1/monitors/:name/resume', dryRun ? { name, dryRun } : { name });
    const { window, isDryRun } = answer;
    const lasted = lasting(window.startsAt, clock.now());
    if (json) terminal.json(answer);
    else if (isDryRun) out(line`Would check ${bold(name)} again, after a pause of ${lasted}.`);
    else out(line`${DONE} ${bold(name)} is checked again, after a pause of ${lasted}.`);
    return EXIT.ok;
  },
});
