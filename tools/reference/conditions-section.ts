import { FUNCTIONS, type MonitorType, monitorTypes, OPERATORS, PLACEHOLDERS } from '../../src/monitoring/index.ts';
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts';
import { code, fenced, table } from './markdown.ts';

/** What follows a placeholder that is never asked for as a whole. */
const PATHS: Readonly<Record<string, string>> = { HEADERS: '["content-type"]', CONTEXT: '.token' };

const EXAMPLES = [
  ['[STATUS] == any(200, 204)', 'the status is one of these.'],
  ['[RESPONSE_TIME] < 800ms', 'the answer took less than that.'],
  ['[BODY] == pat(*welcome*)', 'the body has this word in it.'],
  ['[HEADERS]["content-type"] == pat(text/html*)', 'the header begins so. Names of headers may be in any case.'],
  ['[BODY].items[0].name == Tea', 'the body is JSON, and this part of it is the text `Tea`.'],
  ['[BODY].done == [BODY].total', 'two parts of the answer agree.'],
  ['has([BODY].errors) == false', 'there is nothing at this place.'],
  ['len([BODY].queue) < 100', 'the list has fewer entries.'],
  ['age([BODY].updated) < 5m', 'the time that stands there is no longer ago.'],
] as const;

/** The language of `expect:`, from the definitions that the parser runs on. */
export function conditionsSection(): readonly string[] {
  return [
    '## Conditions',
    'A condition under `expect:` asks something of the answer and compares it: `[STATUS] == 200`. In a list, each that ' +
      'does not hold means **down**. Written in two lists, those under `degraded` mean that it works, but not well:',
    fenced(
      'yaml',
      [
        'monitors:',
        '  search:',
        '    http: https://shop.example/search?q=tea',
        '    expect:',
        '      down: ["[STATUS] == 200", "has([BODY].error) == false"]',
        '      degraded: ["[RESPONSE_TIME] < 800ms", "len([BODY].items) > 0"]',
      ].join('\n'),
    ),
    'Of a web page the status goes on deciding what is down while nothing stands under `down`. `evenkeel check` says at ' +
      'which character a condition cannot be read, and what would be right there.',
    table(['Asked', 'What it stands for', 'Types that know it'], Object.entries(PLACEHOLDERS).map(placeholderRow)),
    table(
      ['Function', 'What it makes of `[BODY]`, `[HEADERS]` and `[CONTEXT]`'],
      Object.entries(FUNCTIONS).map(([name, { meaning }]) => [code(`${name}(…)`), meaning]),
    ),
    table(
      ['Condition', 'It holds when'],
      EXAMPLES.map(([condition, meaning]) => [code(condition), meaning]),
    ),
    [
      `- **Operators**: ${OPERATORS.map(code).join(', ')}. Names, \`true\` and \`false\` know only \`==\` and \`!=\`.`,
      '- **`any(…, …)`** and **`pat(…)`** stand to the right of `==` or `!=`. In a `pat(…)`, `*` is any text, also none; ' +
        'an `any(…)` may hold some of them. Times, `true` and `false` have no `pat`.',
      '- **Times** have their unit: `800ms`, `14d`.',
      '- **Texts** need double quotes when they are empty, look like something else, or have a comma or a bracket in an ' +
        '`any(…)`. In quotes, `"1"` is a text only; without, `1` is the number too.',
      '- **What is missing** fails its condition, with `!=` as well: ask `has(…)` whether it is there.',
      '- Of the body of a web page, the first megabyte is read. Of what was found, 80 characters are shown, and nothing ' +
        'that steps keep.',
    ].join('\n'),
  ];
}

function placeholderRow([name, { example, meaning }]: readonly [
  string,
  { readonly example: string; readonly meaning: string },
]): readonly string[] {
  const asked = `[${name}]${PATHS[name] ?? ''}`;
  const knowing = monitorTypes.loaded().filter((type) => knows(type, `${asked} == ${example}`));
  return [code(`[${name}]`), meaning, namesOf(knowing)];
}

const NAMED_MAX = 12;

/** So many names would hide what stands beside them; each type says it on its own page. */
function namesOf(types: readonly MonitorType[]): string {
  if (types.length > NAMED_MAX) return `${types.length} types; each says so under its key \`expect\``;
  return types.map(({ type }) => `[${type}](monitors/${type}.md)`).join(', ');
}

/** Asked of the schema itself, which refuses what a type does not know. */
function knows({ settings }: MonitorType, condition: string): boolean {
  const places = placesOf(jsonSchemaOf(settings));
  return places.some((place) => {
    const { error } = settings.safeParse(place([condition]));
    return error?.issues.every(({ path }) => !path.includes('expect')) === true;
  });
}

type Place = (expect: readonly string[]) => object;

/** How an `expect` is written into settings: on the first level, or in each entry of a list. */
function placesOf({ properties = {} }: JsonSchema): readonly Place[] {
  return Object.entries(properties).flatMap(([key, { items }]): readonly Place[] => {
    if (key === 'expect') return [(expect) => ({ expect })];
    return items?.properties?.['expect'] === undefined ? [] : [(expect) => ({ [key]: [{ expect }] })];
  });
}
