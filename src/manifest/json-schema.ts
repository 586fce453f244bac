import * as z from 'zod';
import { monitorTypes } from '../monitoring/index.ts';
import { manifestSchema } from './schema.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

const REFERENCE = '#/definitions/reference';
const REFERENCE_SCHEMA: JsonSchema = {
  description: 'A value filled in when the file is read: ${NAME}, ${NAME:-default} or ${file:./path}.',
  type: 'string',
  pattern: String.raw`\$\{.+\}`,
};

/**
 * The manifest's schema for editors, which speak draft-07. It comes from the schema that validates, so an editor
 * accepts what `evenkeel check` accepts; what a schema cannot say, such as "this name exists", only `check` knows.
 */
export async function manifestJsonSchema(): Promise<Readonly<Record<string, unknown>>> {
  await monitorTypes.loadAll();
  const schema = z.toJSONSchema(manifestSchema(), {
    target: 'draft-07',
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => allowReference(jsonSchema),
  });
  return {
    ...schema,
    title: 'evenkeel.yaml',
    patternProperties: { '^x-': { description: 'For aliases and other tools; not read.' } },
    definitions: Object.assign({ reference: REFERENCE_SCHEMA }, schema['definitions']),
  };
}

/** Wherever a value is not free text, a reference may stand for it. */
function allowReference(schema: JsonSchema): void {
  const isScalar = ['string', 'number', 'integer', 'boolean'].includes(String(schema.type));
  const isRestricted = schema.type !== 'string' || schema.pattern !== undefined || schema.format !== undefined;
  if (!isScalar || !(isRestricted || schema.enum !== undefined)) return;
  const { description, default: fallback, ...rest } = schema;
  for (const key of Object.keys(schema)) delete schema[key];
  Object.assign(schema, {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [rest, { $ref: REFERENCE }],
  });
}
