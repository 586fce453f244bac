import { DAY_MS } from '../../../kernel/clock.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { argument, durationOption, integer, JSON_FLAG } from '../options.ts';
import { stateWord } from '../styled.ts';
import { type Column, table } from '../table.ts';
import { instantWords, latencyWords } from '../time-words.ts';

const COLUMNS: readonly Column[] = [
  { title: 'at' },
  { title: 'result' },
  { title: 'latency', isNumeric: true },
  { title: 'reason', mayShrink: true },
];

export const monitorHistory = defineCommand({
  name: 'monitor history',
  kind: 'read',
  summary: 'What the latest checks of one monitor saw.',
  description:
    'Newest first. These are raw results, before confirmation turns them into a state; for days and uptime see `evenkeel monitor show`.',
  arguments: { monitor: argument('Its name in the manifest.') },
  options: {
    since: durationOption('duration', 'How far back. Default: 1d.'),
    limit: integer('number', { min: 1, max: 1000 }, 'At most so many. Default: 50.'),
    json: JSON_FLAG,
  },
  exitStatus: { 0: 'Answered.', 4: 'There is no such monitor.' },
  examples: ['evenkeel monitor history checkout', 'evenkeel monitor history checkout --since 7d --limit 1000 --json'],

  async run({ monitor: name, since = DAY_MS, limit = 50, json }, context) {
    const from = new Date(context.clock.now() - since).toISOString();
    const answer = await context.api.call('GET /api/v1/monitors/:name/results', { name, since: from, limit });
    const rows = answer.results.map(({ at, state, latencyMs, reason }) => [
      instantWords(at),
      stateWord(state),
      latencyWords(latencyMs),
      reason ?? '-',
    ]);
    if (json) context.json(answer);
    else if (rows.length === 0) context.note('No check in that time.');
    else for (const each of table(COLUMNS, rows, context.columns)) context.out(each);
    return EXIT.ok;
  },
});
