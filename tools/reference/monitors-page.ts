import * as z from 'zod';
import { type MonitorType, monitoringSection, monitorTypes } from '../../src/monitoring/index.ts';
import { conditionsSection } from './conditions-section.ts';
import { alternativesOf, type JsonSchema, jsonSchemaOf, keyRows } from './json-schema.ts';
import { code, fenced, page, table } from './markdown.ts';

/** docs/reference/monitors.md: every kind of check with an example that works. */
export function monitorsPage(): string {
  const all = monitorTypes.all();
  return page(
    '# Monitor types',
    'An entry under `monitors:` names its type by its main key, e.g. `http:`. [Monitoring](../guides/monitoring.md) is ' +
      'the guide to all of this.',
    table(
      ['Type', 'What it does', 'Tested against'],
      all.map(({ type, summary, testedAgainst }) => [`[${type}](#${type})`, summary, testedAgainst]),
    ),
    '## Keys of every monitor',
    'Beside those of its type. Heartbeats report by themselves and have no `locations`; the keys of `slo` are those of a ' +
      '[service](manifest.md#servicesnameslo).',
    keysTable(commonKeys()),
    conditionsSection(),
    all.flatMap(section),
  );
}

/** What the manifest takes beside the settings of a type that asks. */
function commonKeys(): JsonSchema {
  const [first] = monitorTypes.all().filter(({ isPush }) => !isPush);
  const { properties: sections = {} } = jsonSchemaOf(z.object({ monitors: monitoringSection.topLevel.monitors }));
  const { additionalProperties: entry } = sections['monitors'] ?? {};
  const variants = typeof entry === 'object' ? alternativesOf(entry) : [];
  const variant = variants.find(({ properties = {} }) => first !== undefined && first.type in properties);
  const own = Object.keys(first?.settings.shape ?? {});
  const common = Object.entries(variant?.properties ?? {}).filter(([key]) => !own.includes(key));
  return { properties: Object.fromEntries(common) };
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
    keysTable(schema),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, { items }]) => entrySection(key, items)),
  ];
}

/** The keys of one entry of a list, where it has keys of its own. */
function entrySection(key: string, entry: JsonSchema | undefined): readonly string[] {
  return entry?.properties === undefined ? [] : [`### One of ${code(key)}`, keysTable(entry)];
}

function keysTable(schema: JsonSchema): string {
  return table(['Key', 'Value', 'Meaning'], keyRows(schema));
}
