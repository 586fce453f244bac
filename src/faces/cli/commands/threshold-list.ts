import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { flag, JSON_FLAG } from '../options.ts';
import { thresholdTable } from '../threshold-table.ts';

export const thresholdList = defineCommand({
  name: 'threshold list',
  kind: 'read',
  summary: 'Which reading may go how far, what to do beyond that, and what is beyond it now.',
  description:
    'The rules in force: those of the preset, changed by `thresholds:` in evenkeel.yaml. Where no time is given, two measurements in a row count. A reading that nobody measures is never crossed.',
  options: {
    crossed: flag('Only rules that are crossed now.'),
    json: JSON_FLAG,
  },
  exitStatus: {},
  examples: [
    'evenkeel threshold list',
    'evenkeel threshold list --crossed',
    "evenkeel threshold list --json | jq -r '.crossed[].reason'",
  ],

  async run({ crossed: isOnlyCrossed, json }, context) {
    const { crossed, ...answer } = await context.api.call('GET /api/v1/thresholds');
    const thresholds = answer.thresholds.filter(
      ({ rule }) => !isOnlyCrossed || crossed.some((each) => each.rule === rule),
    );
    if (json) context.json({ thresholds, crossed });
    else if (thresholds.length > 0) {
      for (const each of thresholdTable(thresholds, crossed, context)) context.out(each);
    } else {
      context.note(
        answer.thresholds.length > 0
          ? 'Nothing that is measured is beyond its limit.'
          : 'No rule is in force: `thresholds: { preset: standard }` in evenkeel.yaml brings the usual ones back.',
      );
    }
    return EXIT.ok;
  },
});
