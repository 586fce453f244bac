import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { objectiveTable } from '../objective-table.ts';
import { flag, JSON_FLAG } from '../options.ts';

export const sloList = defineCommand({
  name: 'slo list',
  kind: 'read',
  summary: 'What was promised, what was reached, and what is left of each error budget.',
  description:
    'In the order of the manifest. At 1× the budget lasts exactly to the end of its window; faster than that it does not.',
  options: {
    burning: flag('Only promises whose budget burns too fast, or is spent.'),
    json: JSON_FLAG,
  },
  exitStatus: {},
  examples: [
    'evenkeel slo list',
    'evenkeel slo list --burning',
    "evenkeel slo list --json | jq -r '.objectives[] | select(.isSpent) | .name'",
  ],

  async run({ burning, json }, context) {
    const answer = await context.api.call('GET /api/v1/objectives');
    const objectives = answer.objectives.filter(
      ({ burn, isSpent }) => !burning || isSpent || burn.some(({ isBurning }) => isBurning),
    );
    if (json) context.json({ objectives });
    else if (objectives.length > 0) {
      for (const each of objectiveTable(objectives, context.columns)) context.out(each);
    } else {
      context.note(
        burning && answer.objectives.length > 0
          ? 'No budget burns too fast, and none is spent.'
          : 'Nothing is promised yet: write `slo: { availability: "99.9%" }` at a service in evenkeel.yaml.',
      );
    }
    return EXIT.ok;
  },
});
