import { defineCommand } from '../command.ts';
import { deliveryTable } from '../delivery-table.ts';
import { EXIT } from '../exit-codes.ts';
import { integer, JSON_FLAG } from '../options.ts';

export const alertDeliveries = defineCommand({
  name: 'alert deliveries',
  kind: 'read',
  summary: 'Messages to people and machines, and whether they arrived.',
  description: [
    'Delivered means that the receiver said so. What fails is tried again for a day; what was given up stays here, and nobody tries it again.',
    'Newest first. --json has the latest attempts of each.',
  ].join('\n'),
  options: {
    limit: integer('number', { min: 1, max: 200 }, 'How many at most. Default: 50.'),
    json: JSON_FLAG,
  },
  exitStatus: {},
  examples: [
    'evenkeel alert deliveries',
    'evenkeel alert deliveries --limit 5',
    'evenkeel alert deliveries --json | jq \'.deliveries[] | select(.state == "dead")\'',
  ],

  async run({ limit, json }, context) {
    const answer = await context.api.call('GET /api/v1/alerts/deliveries', limit === undefined ? {} : { limit });
    const { deliveries } = answer;
    if (json) context.json(answer);
    else if (deliveries.length === 0) {
      context.note(
        'Nothing was sent yet: each message would stand here, with what its receiver answered. Name a channel under `channels:` in evenkeel.yaml, then run `evenkeel check`.',
      );
    } else {
      for (const each of deliveryTable(deliveries, context.clock.now(), context.columns)) context.out(each);
    }
    return EXIT.ok;
  },
});
