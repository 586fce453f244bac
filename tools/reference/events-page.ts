import { Events } from '../../src/contracts/events.ts';
import { type JsonSchema, jsonSchemaOf, typeInWords } from './json-schema.ts';
import { code, page, table } from './markdown.ts';

/** docs/reference/events.md: what the parts announce to each other. */
export function eventsPage(): string {
  return page(
    '# Events',
    'What happened, in the past tense. An event is committed together with the change it tells of, and readers get every ' +
      'one of them, in order. Payloads only ever gain optional fields. Times (`…At`, `at`) are epoch milliseconds.',
    Object.entries(Events).flatMap(([name, payload]) => {
      const schema = jsonSchemaOf(payload);
      return [`## ${name}`, schema.description ?? '', table(['Field', 'Value'], fieldRows(schema))];
    }),
  );
}

function fieldRows({ properties = {} }: JsonSchema): readonly (readonly string[])[] {
  return Object.entries(properties).map(([field, schema]) => [code(field), typeInWords(schema)]);
}
