import * as z from 'zod';
import { type MonitorType, monitorTypes } from '../../../monitoring/index.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { fields } from '../fields.ts';
import { JSON_FLAG, optionalArgument } from '../options.ts';
import { bold, dim, line, type Styled } from '../styled.ts';
import { type Column, table } from '../table.ts';

const COLUMNS: readonly Column[] = [{ title: 'type' }, { title: 'what it does', mayShrink: true }];

export const monitorTypeList = defineCommand({
  name: 'monitor types',
  kind: 'read',
  summary: 'Every kind of check, or one of them with its keys and an example.',
  description: 'Needs no server and no manifest.',
  arguments: { type: optionalArgument('The monitor type, e.g. http.') },
  options: { json: JSON_FLAG },
  exitStatus: { 3: 'There is no such type.' },
  examples: ['evenkeel monitor types', 'evenkeel monitor types postgres'],

  async run({ type: name, json }, { out, columns, ...context }) {
    await (name === undefined ? monitorTypes.loadAll() : monitorTypes.load([name]));
    const types = name === undefined ? monitorTypes.loaded() : [monitorTypes.get(name)];
    if (json) context.json({ types: types.map(viewOf) });
    else if (name === undefined) {
      const rows = types.map(({ type, summary }) => [bold(type), summary]);
      for (const each of table(COLUMNS, rows, columns)) out(each);
    } else for (const each of types.flatMap(described)) out(each);
    return EXIT.ok;
  },
});

function viewOf({ type, summary, example, testedAgainst, ...monitorType }: MonitorType) {
  return { type, summary, example, testedAgainst, keys: keysOf(monitorType) };
}

function described({ type, summary, example, ...monitorType }: MonitorType): readonly Styled[] {
  return [
    line`${bold(type)}: ${summary}`,
    line``,
    ...fields(keysOf(monitorType)),
    line``,
    line`${dim('monitors:')}`,
    ...example
      .trimEnd()
      .split('\n')
      .map((each) => line`${dim(`  ${each}`)}`),
  ];
}

/** What each key means, the deciding one first. */
function keysOf({ settings }: Pick<MonitorType, 'settings'>): Readonly<Record<string, string>> {
  const { properties = {} } = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' });
  const meanings = Object.entries(properties).map(([key, schema]) => [
    key,
    typeof schema === 'object' ? (schema.description ?? '') : '',
  ]);
  return Object.fromEntries(meanings);
}
