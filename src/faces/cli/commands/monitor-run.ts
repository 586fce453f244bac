import type { CheckView } from '../../http/contract.ts';
import { defineCommand } from '../command.ts';
import { conditionTable } from '../condition-table.ts';
import { EXIT } from '../exit-codes.ts';
import { argument, DRY_RUN_FLAG, JSON_FLAG } from '../options.ts';
import { partTable } from '../part-table.ts';
import { readingsWords } from '../reading-words.ts';
import { bold, line, type Styled, stateWord } from '../styled.ts';
import { lasting, latencyWords } from '../time-words.ts';

export const monitorRun = defineCommand({
  name: 'monitor run',
  kind: 'change',
  summary: 'Check one monitor now instead of waiting for its turn.',
  description:
    'The result counts like any other, so the state may change by it. Confirmation still applies: one failure alone makes nothing down.',
  arguments: { monitor: argument('Its name in the manifest.') },
  options: { dryRun: DRY_RUN_FLAG, json: JSON_FLAG },
  exitStatus: {
    0: 'The check passed.',
    1: 'What is watched failed the check.',
    4: 'There is no such monitor.',
    5: 'Nothing was checked, for example because it is paused.',
  },
  examples: ['evenkeel monitor run checkout', 'evenkeel monitor run checkout --json | jq .result'],

  async run({ monitor: name, dryRun, json }, { api, clock, out, ...terminal }) {
    if (dryRun) {
      const { type, target, state } = await api.call('GET /api/v1/monitors/:name', { name, days: 1 });
      if (json) terminal.json({ isDryRun: true, monitor: { name, type, target, state } });
      else out(line`Would check ${bold(name)} (${type} ${target}), which is ${stateWord(state)} now.`);
      return EXIT.ok;
    }
    const answer = await api.call('POST /api/v1/monitors/:name/run', { name });
    const { result, monitor } = answer;
    if (json) {
      terminal.json(answer);
    } else {
      const latency = result.latencyMs === null ? '' : ` in ${latencyWords(result.latencyMs)}`;
      const reason = result.reason === null ? '' : `: ${result.reason}`;
      out(line`${bold(name)}  this check: ${stateWord(result.state)}${latency}${reason}`);
      for (const row of found(answer, terminal.columns)) out(row);
      const measured = readingsWords(monitor.readings);
      if (measured !== null) out(line`Measured: ${measured}`);
      out(line`State: ${stateWord(monitor.state)} for ${lasting(monitor.since, clock.now())}`);
    }
    return result.state === 'down' ? EXIT.no : EXIT.ok;
  },
});

function found({ conditions, parts }: CheckView, columns: number | null): readonly Styled[] {
  return [
    ...(conditions.length > 0 ? conditionTable(conditions, columns) : []),
    ...(parts.length > 0 ? partTable(parts, columns) : []),
  ];
}
