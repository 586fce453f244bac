import { formatDuration } from '../../../kernel/duration.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { DONE, endWords } from '../maintenance-words.ts';
import { argument, DRY_RUN_FLAG, durationOption, JSON_FLAG, text } from '../options.ts';
import { bold, line } from '../styled.ts';

export const monitorPause = defineCommand({
  name: 'monitor pause',
  kind: 'change',
  summary: 'Check one monitor no more, for a while or until it is resumed.',
  description:
    'Nothing is asked of its target, its state is `maintenance`, and nobody is told of it. Give it an end with --for: a pause that was forgotten hides the next failure.',
  arguments: { monitor: argument('Its name in the manifest.') },
  options: {
    for: durationOption('duration', 'How long, e.g. 2h, at most 31d. Default: until it is resumed.'),
    reason: text('text', 'Why, for those who look later.'),
    dryRun: DRY_RUN_FLAG,
    json: JSON_FLAG,
  },
  exitStatus: { 0: 'It is paused.', 4: 'There is no such monitor.', 5: 'It is paused already.' },
  examples: ['evenkeel monitor pause checkout --for 2h --reason OPS-12', 'evenkeel monitor pause checkout --dry-run'],

  async run({ monitor: name, for: forMs, reason, dryRun, json }, { api, clock, out, ...terminal }) {
    const answer = await api.call('POST /api/v1/monitors/:name/pause', {
      name,
      ...(forMs === undefined ? {} : { for: formatDuration(forMs) }),
      ...(reason === undefined ? {} : { reason }),
      ...(dryRun ? { dryRun } : {}),
    });
    const { window, isDryRun } = answer;
    const end = window.endsAt === null ? 'until it is resumed' : endWords(window, clock.now());
    if (json) terminal.json(answer);
    else if (isDryRun) out(line`Would pause ${bold(name)} ${end}.`);
    else {
      out(line`${DONE} ${bold(name)} is paused ${end}.`);
      out(line`  It is checked again before with: evenkeel monitor resume ${name}`);
    }
    return EXIT.ok;
  },
});
