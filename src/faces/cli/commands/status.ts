import type { StatusView } from '../../http/contract.ts';
import { defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { healthWord } from '../health-word.ts';
import { countWords, monitorTable } from '../monitor-table.ts';
import { flag, JSON_FLAG } from '../options.ts';
import { bold, line, stateWord } from '../styled.ts';
import { roughly } from '../time-words.ts';

export const status = defineCommand({
  name: 'status',
  kind: 'read',
  summary: 'The application and Evenkeel itself, on one screen.',
  description: 'Asking is not failing: the exit status is 0 whatever the state, unless --exit-code says otherwise.',
  options: {
    json: JSON_FLAG,
    exitCode: flag('Exit with 1 when anything is down.'),
  },
  exitStatus: { 0: 'Answered.', 1: 'With --exit-code: something is down.' },
  examples: ['evenkeel status', 'evenkeel status --exit-code', "evenkeel status --json | jq -r '.state'"],

  async run({ json, exitCode }, context) {
    const view = await context.api.call('GET /api/v1/status');
    if (json) context.json(view);
    else tell(view, context);
    return exitCode && view.counts.down > 0 ? EXIT.no : EXIT.ok;
  },
});

function tell(view: StatusView, { out, clock, columns }: CliContext): void {
  const { app, environment, state, monitors, platform } = view;
  out(line`${bold(app ?? 'No manifest yet')} in ${environment}: ${stateWord(state)} (${countWords(view)})`);
  out('');
  if (monitors.length === 0) out('Nothing is watched yet. Describe the application with `evenkeel init`.');
  else for (const each of monitorTable(monitors, clock.now(), columns)) out(each);
  out('');
  out(
    line`${bold(`Evenkeel ${platform.version}`)}: ${healthWord(platform.health)}, running for ${roughly(platform.uptimeMs)}`,
  );
  out(line`  database  ${healthWord(platform.database)}`);
  out(line`  manifest  ${healthWord(platform.manifest)}`);
}
