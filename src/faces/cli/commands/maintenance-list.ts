import { DAY_MS, HOUR_MS } from '../../../kernel/clock.ts';
import { formatDuration } from '../../../kernel/duration.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { maintenanceTable } from '../maintenance-words.ts';
import { durationOption, flag, JSON_FLAG } from '../options.ts';

export const maintenanceList = defineCommand({
  name: 'maintenance list',
  kind: 'read',
  summary: 'Windows of maintenance that are open or to come, and what is paused.',
  description:
    'While a window is open, its monitors are in the state `maintenance`: nobody is told of their failures, and the time counts neither as up nor as down. What comes again stands here as often as it comes within --ahead.',
  options: {
    open: flag('Only those that are open now.'),
    ahead: durationOption('duration', 'How far to look ahead, at most 366d. Default: 14d.'),
    json: JSON_FLAG,
  },
  exitStatus: {},
  examples: [
    'evenkeel maintenance list',
    'evenkeel maintenance list --ahead 90d',
    "evenkeel maintenance list --open --json | jq -r '.windows[].id'",
  ],

  async run({ open, ahead, json }, context) {
    const input = ahead === undefined ? {} : { ahead: formatDuration(ahead) };
    const answer = await context.api.call('GET /api/v1/maintenance', input);
    const windows = answer.windows.filter(({ isOpen }) => isOpen || !open);
    if (json) context.json({ windows });
    else if (windows.length > 0) {
      for (const each of maintenanceTable(windows, context.clock.now(), context.columns)) context.out(each);
    } else {
      context.note(open ? 'No maintenance is open.' : `No maintenance is open or planned within ${aheadWords(ahead)}.`);
    }
    return EXIT.ok;
  },
});

function aheadWords(ahead: number | undefined): string {
  const days = (ahead ?? 14 * DAY_MS) / DAY_MS;
  return days >= 1 ? `${Math.floor(days)} days` : `${Math.floor((ahead ?? 0) / HOUR_MS)} hours`;
}
