import { STATES } from '../../../contracts/state.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { monitorTable } from '../monitor-table.ts';
import { choice, JSON_FLAG } from '../options.ts';

export const monitorList = defineCommand({
  name: 'monitor list',
  kind: 'read',
  summary: 'Everything that is watched, and its state now.',
  description:
    'In the order of the manifest. The last column tells the reason where there is one, else what is watched.',
  options: {
    state: choice('state', STATES, 'Only monitors in this state.'),
    json: JSON_FLAG,
  },
  exitStatus: {},
  examples: [
    'evenkeel monitor list',
    'evenkeel monitor list --state down',
    "evenkeel monitor list --json | jq -r '.monitors[].name'",
  ],

  async run({ state, json }, context) {
    const answer = await context.api.call('GET /api/v1/monitors');
    const monitors = answer.monitors.filter((monitor) => state === undefined || monitor.state === state);
    if (json) context.json({ monitors });
    else if (monitors.length > 0) {
      for (const each of monitorTable(monitors, context.clock.now(), context.columns)) context.out(each);
    } else {
      context.note(state === undefined ? 'Nothing is watched yet: see `evenkeel init`.' : `No monitor is ${state}.`);
    }
    return EXIT.ok;
  },
});
