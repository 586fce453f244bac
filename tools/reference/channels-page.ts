import { type Channel, channelTypes } from '../../src/delivery/index.ts';
import { jsonSchemaOf, keyRows } from './json-schema.ts';
import { fenced, page, table } from './markdown.ts';

/** docs/reference/channels.md: every kind of place that messages go to, with an example that works. */
export function channelsPage(): string {
  const all = channelTypes.all();
  return page(
    '# Channels',
    'An entry under `channels:` names its kind by its main key, e.g. `slack:`. The channel named `dev` hears of every ' +
      'critical failure; [Alerts](../guides/alerts.md) says who hears of what else.',
    table(
      ['Kind', 'Where messages go', 'Tested against'],
      all.map(({ type, summary, testedAgainst }) => [`[${type}](#${type})`, summary, testedAgainst]),
    ),
    all.flatMap(section),
  );
}

function section({ type, summary, example, settings }: Channel): readonly string[] {
  const indented = example.trimEnd().replaceAll(/^(?=.)/gm, '  ');
  return [
    `## ${type}`,
    summary,
    fenced('yaml', `channels:\n${indented}`),
    table(['Key', 'Value', 'Meaning'], keyRows(jsonSchemaOf(settings))),
  ];
}
