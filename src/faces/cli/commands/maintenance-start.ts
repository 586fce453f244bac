import { formatDuration } from '../../../kernel/duration.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { DONE, endWords } from '../maintenance-words.ts';
import { DRY_RUN_FLAG, durationOption, flag, JSON_FLAG, requiredText, text } from '../options.ts';
import { bold, line } from '../styled.ts';

export const maintenanceStart = defineCommand({
  name: 'maintenance start',
  kind: 'change',
  summary: 'Begin maintenance now: nobody is told of failures meanwhile.',
  description: [
    'Checks go on, and what they see is kept; the state becomes `maintenance`, and is decided from the checks when it is over. With --pause-checks nothing is asked of the targets either.',
    'Without --for it lasts until `evenkeel maintenance end`. Work that is known beforehand stands better in evenkeel.yaml, where visitors can be told of it.',
  ].join('\n'),
  options: {
    title: requiredText('text', 'What is done, in one line.'),
    reason: requiredText('text', 'Why, for those who look later.'),
    monitors: text('names', 'What it is about, separated by commas. Default: everything that is watched.'),
    for: durationOption('duration', 'How long, e.g. 2h, at most 31d. Default: until somebody ends it.'),
    pauseChecks: flag('Let checks rest too.'),
    dryRun: DRY_RUN_FLAG,
    json: JSON_FLAG,
  },
  exitStatus: { 0: 'It is open.', 2: 'Its end cannot be used.', 4: 'There is no such monitor.' },
  examples: [
    'evenkeel maintenance start --title Disks --reason OPS-12 --monitors db,api --for 2h',
    'evenkeel maintenance start --title Move --reason OPS-12 --dry-run',
  ],

  async run({ monitors, for: forMs, pauseChecks, dryRun, json, ...wish }, { api, clock, out, ...terminal }) {
    const names = monitors?.split(',').map((each) => each.trim());
    const answer = await api.call('POST /api/v1/maintenance', {
      ...wish,
      ...(names === undefined ? {} : { monitors: names }),
      ...(forMs === undefined ? {} : { for: formatDuration(forMs) }),
      ...(pauseChecks ? { pausesChecks: true } : {}),
      ...(dryRun ? { dryRun } : {}),
    });
    const { window, isDryRun } = answer;
    const what = line`${bold(window.title)} on ${window.monitors.join(', ')}, ${endWords(window, clock.now())}`;
    if (json) terminal.json(answer);
    else if (isDryRun) out(line`Would begin ${what}.`);
    else {
      out(line`${DONE} ${what}.`);
      out(line`  It ends before with: evenkeel maintenance end ${window.id}`);
    }
    return EXIT.ok;
  },
});
