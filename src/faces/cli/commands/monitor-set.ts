import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { DONE } from '../maintenance-words.ts';
import { argument, choiceArgument, DRY_RUN_FLAG, JSON_FLAG, text } from '../options.ts';
import { bold, line, stateWord } from '../styled.ts';

export const monitorSet = defineCommand({
  name: 'monitor set',
  kind: 'change',
  summary: 'Say how a manual monitor is.',
  description:
    'For what no program can ask, such as a telephone line: `phones: { manual: true }`. It stays so until somebody says something else, and people are told of it as of any other monitor.',
  arguments: {
    monitor: argument('Its name in the manifest.'),
    state: choiceArgument(['up', 'degraded', 'down'], 'How it is.'),
  },
  options: {
    because: text('text', 'Why, for those who are told of it.'),
    dryRun: DRY_RUN_FLAG,
    json: JSON_FLAG,
  },
  exitStatus: { 0: 'It is so from now on.', 4: 'There is no such monitor.', 5: 'Its state is found by checks.' },
  examples: [
    'evenkeel monitor set phones down --because "The exchange is flooded."',
    'evenkeel monitor set phones up',
    'evenkeel monitor set phones degraded --dry-run',
  ],

  async run({ monitor: name, state, because, dryRun, json }, { api, out, ...terminal }) {
    const answer = await api.call('POST /api/v1/monitors/:name/state', {
      name,
      state,
      ...(because === undefined ? {} : { because }),
      ...(dryRun ? { dryRun } : {}),
    });
    const { said, monitor, isDryRun } = answer;
    if (json) terminal.json(answer);
    else if (isDryRun)
      out(line`Would say that ${bold(name)} is ${stateWord(state)}; it is ${stateWord(monitor.state)} now.`);
    else {
      out(line`${DONE} ${bold(name)} is ${stateWord(said.state)} until somebody says something else.`);
      // Another process may look after it, or work on it has been announced.
      if (monitor.state !== said.state) out(line`  It is still shown as ${stateWord(monitor.state)}.`);
    }
    return EXIT.ok;
  },
});
