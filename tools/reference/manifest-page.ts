import { SECTIONS } from '../../src/manifest/schema.ts';
import { alternativesOf, type JsonSchema, keyRows } from './json-schema.ts';
import { code, fenced, page, table } from './markdown.ts';

interface Section {
  readonly path: string;
  readonly schema: JsonSchema;
}

interface Keys {
  readonly path: string;
  /** A table. */
  readonly keys: string;
}

/** docs/reference/manifest.md: every key of evenkeel.yaml, from the schema that reads it. */
export function manifestPage(schema: JsonSchema): string {
  const [, ...sections] = sectionsOf('', schema);
  return page(
    '# evenkeel.yaml',
    'Every key, from the schema that reads the file. `evenkeel check` tells what is wrong and where; editors that speak ' +
      'YAML do so while you type, with this first line:',
    fenced('yaml', '# yaml-language-server: $schema=./.evenkeel/schema.json'),
    'Durations are written as `500ms`, `30s`, `5m`, `2h` or `1d`. In the place of a value may stand `${NAME}` (a ' +
      'variable), `${NAME:-default}` or `${file:./path}`; it is filled in when the file is read. `$${` is a plain `${`. ' +
      'Keys that begin with `x-` are not read. Files in `evenkeel.d/` beside it are merged in.',
    `Read and checked, but not acted on yet: ${laterKeys().map(code).join(', ')}. \`evenkeel check\` says so too.`,
    '## Top level',
    keysTable(schema),
    Object.entries(Object.groupBy(withSameKeys(sections), ({ path }) => path)).flatMap(([path, variants = []]) => [
      `## ${path}`,
      // Where the file may say one of several things, each of them has a table.
      variants.map(({ keys }) => keys).join('\n\nor\n\n'),
    ]),
  );
}

function laterKeys(): readonly string[] {
  return SECTIONS.flatMap((section) => ('actsLater' in section ? section.actsLater : []));
}

function keysTable(schema: JsonSchema): string {
  return table(['Key', 'Value', 'Meaning'], keyRows(schema));
}

/** `deploy.local` and `deploy.live` have the same keys: one section tells both. */
function withSameKeys(sections: readonly Section[]): readonly Keys[] {
  const tables = sections.map(({ path, schema }) => ({ path: code(path), keys: keysTable(schema) }));
  return Object.values(Object.groupBy(tables, ({ keys }) => keys)).flatMap(([first, ...others] = []) => {
    if (first === undefined) return [];
    return [{ path: [first, ...others].map(({ path }) => path).join(', '), keys: first.keys }];
  });
}

/** The object itself and every object below it, in the order of the file. */
function sectionsOf(path: string, schema: JsonSchema): readonly Section[] {
  return [
    { path, schema },
    ...Object.entries(schema.properties ?? {}).flatMap(([key, value]) => below(path, key, value)),
  ];
}

function below(path: string, key: string, value: JsonSchema): readonly Section[] {
  // Which keys a monitor has depends on its type: those are a page of their own.
  if (key === 'monitors') return [];
  return inner(path === '' ? key : `${path}.${key}`, value);
}

function inner(path: string, value: JsonSchema): readonly Section[] {
  return alternativesOf(value).flatMap((each) => {
    if (each.items !== undefined) return inner(`${path}[]`, each.items);
    // Some have keys of their own beside names that anybody may choose.
    const own = each.properties === undefined ? [] : sectionsOf(path, each);
    const named = each.additionalProperties;
    return typeof named === 'object' ? [...own, ...inner(`${path}.<name>`, named)] : own;
  });
}
