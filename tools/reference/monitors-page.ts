import * as z from 'zod';
import { monitorsSchema, monitorTypes } from '../../src/monitoring/index.ts';
import { conditionsSection } from './conditions-section.ts';
import { alternativesOf, type JsonSchema, jsonSchemaOf } from './json-schema.ts';
import { page, table } from './markdown.ts';
import { keysTable } from './monitor-type-page.ts';

/** docs/reference/monitors.md: what all kinds of checks have in common, and the way to each. */
export function monitorsPage(): string {
  return page(
    '# Monitor types',
    'An entry under `monitors:` names its type by its main key, e.g. `http:`. [Monitoring](../guides/monitoring.md) is ' +
      'the guide to all of this; `evenkeel monitor types` shows the same in a terminal.',
    table(
      ['Type', 'What it does', 'Tested against'],
      monitorTypes
        .loaded()
        .map(({ type, summary, testedAgainst }) => [`[${type}](monitors/${type}.md)`, summary, testedAgainst]),
    ),
    '## Keys of every monitor',
    'Beside those of its type. Heartbeats report by themselves and have no `locations`; the keys of `slo` are those of a ' +
      '[service](manifest.md#servicesnameslo).',
    keysTable(commonKeys()),
    conditionsSection(),
  );
}

/** What the manifest takes beside the settings of a type that asks. */
function commonKeys(): JsonSchema {
  const [first] = monitorTypes.loaded().filter(({ isPush }) => !isPush);
  const { properties: sections = {} } = jsonSchemaOf(z.object({ monitors: monitorsSchema() }));
  const { additionalProperties: entry } = sections['monitors'] ?? {};
  const variants = typeof entry === 'object' ? alternativesOf(entry) : [];
  const variant = variants.find(({ properties = {} }) => first !== undefined && first.type in properties);
  const own = Object.keys(first?.settings.shape ?? {});
  const common = Object.entries(variant?.properties ?? {}).filter(([key]) => !own.includes(key));
  return { properties: Object.fromEntries(common) };
}
