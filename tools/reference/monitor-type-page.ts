import type { MonitorType } from '../../src/monitoring/index.ts';
import { alternativesOf, type JsonSchema, jsonSchemaOf, keyRows } from './json-schema.ts';
import { code, fenced, page, table } from './markdown.ts';

/** docs/reference/monitors/TYPE.md: one kind of check, with an example that works. */
export function monitorTypePage({
  type,
  summary,
  example,
  settings,
  takesPings,
  isLocal,
  testedAgainst,
}: MonitorType): string {
  const schema = jsonSchemaOf(settings);
  return page(
    `# ${type}`,
    summary,
    takesPings
      ? 'Evenkeel does not ask here; it waits to be told, at the address that `evenkeel monitor show` prints.'
      : '',
    isLocal ? 'It looks at the machine Evenkeel runs on, so only whoever writes `evenkeel.yaml` may ask for it.' : '',
    '## Example',
    fenced('yaml', exampleOf(example)),
    '## Keys',
    'Beside [those of every monitor](../monitors.md#keys-of-every-monitor).',
    keysTable(schema),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, property]) => ownKeys(key, property)),
    `Tested against: ${testedAgainst}.`,
  );
}

/** As it stands in a manifest. */
export function exampleOf(example: string): string {
  return `monitors:\n${example.trimEnd().replaceAll(/^(?=.)/gm, '  ')}`;
}

/** The keys of a setting that has keys of its own, or whose entries have; `expect` is told for all types at once. */
function ownKeys(key: string, property: JsonSchema): readonly string[] {
  if (key === 'expect') return [];
  const { items } = property;
  if (items?.properties !== undefined) return [`### One of ${code(key)}`, keysTable(items)];
  return alternativesOf(property).flatMap((schema) => nested(key, schema));
}

function nested(path: string, schema: JsonSchema): readonly string[] {
  if (schema.properties === undefined) return [];
  const deeper = Object.entries(schema.properties).flatMap(([key, property]) => nested(`${path}.${key}`, property));
  return [`### ${code(path)}`, keysTable(schema), ...deeper];
}

export function keysTable(schema: JsonSchema): string {
  return table(['Key', 'Value', 'Meaning'], keyRows(schema));
}
