import { alertTable } from '../alert-table.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { flag, integer, JSON_FLAG } from '../options.ts';

export const alertList = defineCommand({
  name: 'alert list',
  kind: 'read',
  summary: 'What people were told of, and whether it is over.',
  description:
    'One problem is one alert, however many monitors it shows itself in: the others stand beside the reason. Open ones come first. Told are those whom the message has reached; of the others it says what became of theirs.',
  options: {
    open: flag('Only those that are still open.'),
    limit: integer('number', { min: 1, max: 200 }, 'How many at most. Default: 50.'),
    json: JSON_FLAG,
  },
  exitStatus: {},
  examples: [
    'evenkeel alert list',
    'evenkeel alert list --open',
    "evenkeel alert list --json | jq -r '.alerts[].title'",
  ],

  async run({ open, limit, json }, context) {
    const answer = await context.api.call('GET /api/v1/alerts', limit === undefined ? {} : { limit });
    const alerts = answer.alerts.filter(({ state }) => !open || state === 'open');
    if (json) context.json({ alerts });
    else if (alerts.length > 0) {
      for (const each of alertTable(alerts, context.clock.now(), context.columns)) context.out(each);
    } else {
      context.note(
        open
          ? 'No alert is open.'
          : 'No alert yet: one opens when something watched fails, and would stand here. See `evenkeel status`.',
      );
    }
    return EXIT.ok;
  },
});
