import { type MonitorType, monitorTypes } from '../../src/monitoring/index.ts';
import { jsonSchemaOf, keyRows } from './json-schema.ts';
import { fenced, page, table } from './markdown.ts';

/** docs/reference/monitors.md: every kind of check with an example that works. */
export function monitorsPage(): string {
  const all = monitorTypes.all();
  return page(
    '# Monitor types',
    'An entry under `monitors:` names its type by its main key, e.g. `http:`. Beside the keys below, every monitor has ' +
      '`every`, `timeout`, `confirm`, `description`, `depends_on` and `was`, as in [evenkeel.yaml](manifest.md).',
    table(
      ['Type', 'What it does', 'Tested against'],
      all.map(({ type, summary, testedAgainst }) => [`[${type}](#${type})`, summary, testedAgainst]),
    ),
    all.flatMap(section),
  );
}

function section({ type, summary, example, settings, isPush }: MonitorType): readonly string[] {
  const schema = jsonSchemaOf(settings);
  const indented = example.trimEnd().replaceAll(/^(?=.)/gm, '  ');
  return [
    `## ${type}`,
    summary,
    isPush
      ? 'Evenkeel does not ask here; it waits to be told, at the address that `evenkeel monitor show` prints.'
      : '',
    fenced('yaml', `monitors:\n${indented}`),
    table(['Key', 'Value', 'Meaning'], keyRows(schema)),
  ];
}
